"""What other systems call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from wagtail.models import Site

from ebok_sample_noticeboard.forms import NoticeForm
from ebok_sample_noticeboard.services import pin_notice


@csrf_exempt
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """Pin a public notice: 201, or 400 with what is wrong."""
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    made = pin_notice(site=Site.find_for_request(request), **form.cleaned_data)
    return JsonResponse({"id": str(made.public_id)}, status=201)

"""The board everybody reads: the same bytes for everyone, so it may be cached."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from wagtail.models import Site

from ebok.pagecache.headers import make_public
from ebok_sample_noticeboard.models import NoticeboardSettings
from ebok_sample_noticeboard.queries import public_notices


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Public notices, page by page."""
    settings = NoticeboardSettings.for_request(request)
    notices = public_notices(Site.find_for_request(request))
    page = Paginator(notices, settings.page_size).get_page(request.GET.get("page"))
    response = render(request, "noticeboard/public.html", {"page": page, "heading": settings.heading})
    make_public(response, seconds=60)
    return response


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One public notice."""
    found = get_object_or_404(public_notices(Site.find_for_request(request)), pk=pk)
    response = render(request, "noticeboard/public_one.html", {"notice": found})
    make_public(response, seconds=60)
    return response

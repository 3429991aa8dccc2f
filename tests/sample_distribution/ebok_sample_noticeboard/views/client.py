"""The client's own notices."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.models import Site

from ebok.zones.views import ZoneMixin
from ebok_sample_noticeboard.forms import NoticeForm
from ebok_sample_noticeboard.models import NoticeboardSettings
from ebok_sample_noticeboard.queries import notices_of
from ebok_sample_noticeboard.services import pin_notice


class Mine(ZoneMixin, TemplateView):
    """The list of own notices."""

    template_name = "noticeboard/list.html"
    title = _("My notices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of notices."""
        site = Site.find_for_request(self.request)
        size = NoticeboardSettings.for_request(self.request).page_size
        page = Paginator(notices_of(self.request.user, site), size).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, new_url=reverse("client:noticeboard:new"), **kwargs)


class One(ZoneMixin, TemplateView):
    """One own notice."""

    template_name = "noticeboard/one.html"
    title = _("Notice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the notice; somebody else's does not exist."""
        mine = notices_of(self.request.user, Site.find_for_request(self.request))
        return super().get_context_data(
            notice=get_object_or_404(mine, public_id=kwargs.pop("public_id")), **kwargs
        )


class New(ZoneMixin, FormView[NoticeForm]):
    """Pin a notice."""

    template_name = "noticeboard/new.html"
    form_class = NoticeForm
    title = _("Pin a notice")

    def form_valid(self, form: NoticeForm) -> HttpResponse:
        """Pin it and go to the list."""
        pin_notice(site=_site(self.request), owner=self.request.user, **form.cleaned_data)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """The list of own notices."""
        return reverse("client:noticeboard:mine")


def _site(request: HttpRequest) -> Site:
    site: Site = Site.find_for_request(request)
    return site

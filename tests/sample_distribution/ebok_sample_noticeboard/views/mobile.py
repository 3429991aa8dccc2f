"""The board outdoors."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.models import Site

from ebok.zones.views import ZoneMixin
from ebok_sample_noticeboard.queries import public_notices


class Board(ZoneMixin, TemplateView):
    """Public notices."""

    template_name = "noticeboard/list.html"
    title = _("Notice board")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of notices."""
        notices = public_notices(Site.find_for_request(self.request))
        return super().get_context_data(
            page=Paginator(notices, 20).get_page(self.request.GET.get("page")), **kwargs
        )

"""Bills for employees: how they were delivered, and what proves it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.zones.paging import page_of
from ebok.zones.views import ZoneMixin
from ebok_plugins.e_faktura import queries

PER_PAGE = 25


class Deliveries(ZoneMixin, TemplateView):
    """All deliveries, the newest first."""

    permission_required = "e_faktura.see_bills"
    template_name = "e_faktura/employee/deliveries.html"
    title = gettext_lazy("Bills")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page."""
        page = page_of(self.request, queries.deliveries(), PER_PAGE)
        return super().get_context_data(page_obj=page, **kwargs)

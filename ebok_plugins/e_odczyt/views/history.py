"""Readings of the past (F04), with what the billing system did with them (F07)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ebok.billing.queries import readings_for
from ebok.customers.models import Scope
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.paging import page_of

PER_PAGE = 25


class History(CustomerMixin, TemplateView):
    """Date, type, reading, usage since the last one, and state; the newest first."""

    scopes = (Scope.READINGS,)
    template_name = "e_odczyt/client/history.html"
    title = _("Readings")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of them."""
        found = readings_for(self.customer).select_related("meter")
        page = page_of(self.request, found, PER_PAGE)
        return super().get_context_data(page_obj=page, readings=page.object_list, **kwargs)

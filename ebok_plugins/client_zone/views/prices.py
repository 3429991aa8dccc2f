"""Price list valid today and before (C07), forms of settlement (C06), the flat-rate norm explained (C08)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ebok.billing.queries import norms_on, price_list, settlements_of
from ebok.customers.models import Scope
from ebok_plugins.client_zone.views.details import CustomerPage

ISO_LENGTH = 10
EARLIEST = date(1990, 1, 1)


class Prices(CustomerPage):
    """What each of the customer's tariff groups costs on a chosen day, and how each point is settled."""

    scopes = (Scope.BILLS, Scope.READINGS, Scope.ACCOUNT)
    template_name = "client_zone/data/prices.html"
    title = _("Price list and settlement")
    help_topic = "prices"

    @cached_property
    def day(self) -> date:
        """The day typed into the address, today when it is none."""
        typed = self.request.GET.get("dzien", "")
        try:
            found = parse_date(typed) if len(typed) == ISO_LENGTH else None
        except ValueError:
            found = None
        today = timezone.localdate()
        return found if found and found >= EARLIEST else today

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tariffs on that day, with the days on which they changed; settlements; norms."""
        settlements = settlements_of(self.customer)
        codes = sorted({row.tariff_code for row in settlements if row.tariff_code})
        flat = [row for row in settlements if row.norm_code]
        return super().get_context_data(
            day=self.day,
            today=timezone.localdate(),
            typed=self.request.GET.get("dzien", ""),
            tariffs=price_list(codes, self.day),
            settlements=settlements,
            flat_rates=norms_on(flat, self.day),
            **kwargs,
        )

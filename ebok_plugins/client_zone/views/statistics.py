"""Statistics (F10): usage and amounts as charts with their tables, by meter and point, year against year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ebok.billing.queries import metered_usage
from ebok.customers.models import Scope, ServicePoint
from ebok.zones.customer_pages import CustomerMixin
from ebok_plugins.client_zone.statistics import Choice, Counting, Network, since_of

YEAR_LENGTH = 4
MOST_CHOICES = 400
"""Points offered in the list; a manager of more finds the others on the page of points."""


class StatisticsPage(CustomerMixin, TemplateView):
    """Who sees only readings sees no amounts; who sees only bills sees both, as the invoices hold both."""

    scopes = (Scope.BILLS, Scope.READINGS)
    template_name = "client_zone/money/statistics.html"
    title = _("Statistics")
    help_topic = "statistics"

    @cached_property
    def today(self) -> date:
        """One day for the whole page."""
        return timezone.localdate()

    @cached_property
    def network(self) -> Network:
        """What one may choose from: two queries."""
        points = ServicePoint.objects.filter(customer=self.customer).order_by("code")[:MOST_CHOICES]
        return Network(
            metered_usage(self.customer, since_of(self.today)), {point.pk: point for point in points}
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures of what was chosen; a choice that is none gives the first."""
        choices = self.network.choices()
        choice = self._chosen(choices)
        sees_bills = self.acting is not None and self.acting.may([Scope.BILLS])
        counting = Counting(self.customer, self.network, choice, self.today, sees_bills=sees_bills)
        years = counting.years
        typed = self.request.GET.get("rok", "")
        is_year = typed.isascii() and typed.isdecimal() and len(typed) == YEAR_LENGTH
        year = int(typed) if is_year and int(typed) in years else None
        return super().get_context_data(
            groups=self.network.groups(choices),
            has_choice=len(choices) > 1,
            choice=choice,
            year=year,
            years=years,
            statistics=counting.count(year),
            unit=counting.unit,
            sees_bills=sees_bills,
            **kwargs,
        )

    def _chosen(self, choices: list[Choice]) -> Choice:
        asked = self.request.GET.get("za", "")
        return next((choice for choice in choices if choice.value == asked), choices[0])

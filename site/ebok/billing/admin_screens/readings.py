"""Readings of all customers, as a report: their key is composite, which modeladmin cannot take."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.generic.base import ContextMixin
from wagtail.admin.views.reports import ReportView

from ebok.billing.admin_screens import columns
from ebok.billing.admin_screens.filters import ReadingFilters
from ebok.billing.models import Reading
from ebok.customers.admin_screens import addresses
from ebok.customers.admin_screens.columns import CUSTOMER, CUSTOMER_CODE, CUSTOMER_NAME
from ebok.exchange.registers.columns import Look, Shown, of_fields
from ebok.exchange.registers.lists import Listing, ListMixin
from ebok.exchange.registers.paging import Order
from ebok.plugins.permissions import allowed

METER = Shown(
    title=gettext_lazy("meter number"),
    value=lambda row: row.meter.number,
    look=Look.CODE,
    url=lambda row: addresses.of_row(addresses.METERS, row.meter_id),
)
READINGS = Listing(
    model=Reading,
    room="billing",
    # The primary key from its end: within a meter the newest first.
    order=Order(("-customer_id", "-meter_id", "-read_on", "-register", "-kind")),
    filters=ReadingFilters,
    file_name="odczyty",
    rows=lambda: Reading.objects.select_related("customer", "meter"),
    columns=(METER, CUSTOMER, *columns.READING),
    export=(
        CUSTOMER_CODE,
        CUSTOMER_NAME,
        METER,
        *of_fields(Reading, ("read_on", "register", "kind", "value", "usage", "state", "reason")),
    ),
)


class ReadingsView(ListMixin, ReportView):
    """The report; by customer, and within each by meter with the newest reading first."""

    page_title = gettext_lazy("Readings")
    header_icon = "date"
    template_name = "registers/list.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Without Wagtail's own filters, ordering and export."""
        self.request, self.args, self.kwargs = request, args, kwargs

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for who may see billing."""
        if not allowed(request.user, "billing.view"):
            raise PermissionDenied
        response: HttpResponseBase = super(ReportView, self).dispatch(request, *args, **kwargs)
        return response

    def listing(self) -> Listing:
        """Readings."""
        return READINGS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One page, or the export."""
        return self.answer(request)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        """As any page."""
        response: HttpResponseBase = super(ReportView, self).render_to_response(context, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Page furniture; nothing is counted."""
        context: dict[str, Any] = ContextMixin.get_context_data(self, **kwargs)
        return context | {
            "header_title": self.page_title,
            "header_icon": self.header_icon,
            "breadcrumbs_items": [*self.breadcrumbs_items, {"url": "", "label": self.page_title}],
            "header_buttons": [],
            "intro": "",
            "add_url": "",
        }

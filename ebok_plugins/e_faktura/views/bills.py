"""Bills of the client zone (D01-D06): the list, one bill."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.billing.models import Invoice
from ebok.billing.queries import invoices_for, lines_of
from ebok.customers.models import Scope
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.views import Crumb
from ebok_plugins.e_faktura import listing, queries

LARGEST_ID = 2**63 - 1


class BillsPage(CustomerMixin, TemplateView):
    """A page about the customer's bills."""

    scopes = (Scope.BILLS,)
    title = gettext_lazy("Bills")
    help_topic = "bills"


class Bills(BillsPage):
    """All documents of the customer, archive included."""

    template_name = "e_faktura/client/bills.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the table: the years, the count, the rows."""
        filters = listing.Filters(
            self.request.GET or None,
            queryset=invoices_for(self.customer),
            request=self.request,
            years=queries.years_of(self.customer),
        )
        table = listing.table_of(self.request, filters.found, _("Bills and other documents"))
        return super().get_context_data(filters=filters, table=table, **kwargs)


class BillOfCustomer(BillsPage):
    """For pages about one document of the current customer; 404 for anybody else's."""

    @cached_property
    def invoice(self) -> Invoice:
        """The document the address names."""
        key = self.kwargs["pk"]
        found = invoices_for(self.customer).filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then the document."""
        return [(gettext_lazy("Bills"), reverse("client:e_faktura:list")), (self.invoice.number, "")]


class BillPage(BillOfCustomer):
    """One document with its lines."""

    template_name = "e_faktura/client/bill.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines."""
        return super().get_context_data(
            title=self.invoice.number, invoice=self.invoice, lines=lines_of(self.invoice), **kwargs
        )

"""Bills of the client zone (D01-D07): the list, its table file, one bill, its PDF, the chart of usage."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from django.views.generic.base import View
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.billing.queries import NOTHING, invoices_for
from ebok.customers.access import accesses_of
from ebok.customers.models import Scope
from ebok.files.serving import is_whole_get
from ebok.journal.services import record
from ebok.zones.acting import choose
from ebok.zones.customer_pages import ClientMixin, CustomerMixin
from ebok.zones.views import LARGEST_ID, Crumb
from ebok_plugins.e_faktura import listing, table_file
from ebok_plugins.e_faktura.bill import bill_of, shown_lines
from ebok_plugins.e_faktura.codes.images import inline_svg
from ebok_plugins.e_faktura.delivery import proof
from ebok_plugins.e_faktura.delivery.timeline import steps_of
from ebok_plugins.e_faktura.ksef import queries as queries_of_ksef
from ebok_plugins.e_faktura.ksef.handing_out import part_of_bill
from ebok_plugins.e_faktura.models import Delivery
from ebok_plugins.e_faktura.paying import payment_of
from ebok_plugins.e_faktura.pdf import keeping
from ebok_plugins.e_faktura.states import period_of, state_of
from ebok_plugins.e_faktura.usage import usage_by_bill

MOST_ONLY_IN_KSEF = 5
PLACES: tuple[tuple[str, Any], ...] = (
    ("list", gettext_lazy("Bills")),
    ("usage", gettext_lazy("Usage by bill")),
    ("ksef", gettext_lazy("Invoices in KSeF")),
    ("way", gettext_lazy("How bills come")),
)
"""The pages about bills, as the bar above them names them."""


class BillsMixin(CustomerMixin):
    """What is the customer's and about bills."""

    scopes = (Scope.BILLS,)


class BillsPage(BillsMixin, TemplateView):
    """A page about the customer's bills, with the bar that joins them."""

    title: Any = gettext_lazy("Bills")
    place: ClassVar[str] = "list"
    help_topic = "bills"

    def crumbs(self) -> list[Crumb]:
        """Bills, then here."""
        first = (PLACES[0][1], reverse("client:e_faktura:list"))
        return [(self.title, "")] if self.place == PLACES[0][0] else [first, (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The bar."""
        places = [(title, reverse(f"client:e_faktura:{view}"), view == self.place) for view, title in PLACES]
        return super().get_context_data(places=places, **kwargs)


class Bills(BillsPage):
    """All documents of the customer, archive included."""

    template_name = "e_faktura/client/bills.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the table: the years, the count, the rows."""
        filters = listing.filters_of(self.request, self.customer)
        table = listing.table_of(self.request, filters.found, _("Bills and other documents"))
        return super().get_context_data(
            filters=filters,
            table=table,
            groups=listing.headings_of(table),
            rows=listing.rows_of(table),
            ksef_only=list(queries_of_ksef.only_in_ksef(self.customer)[:MOST_ONLY_IN_KSEF]),
            **kwargs,
        )


class BillsCsv(BillsMixin, View):
    """The list for a spreadsheet: everything that fits the filters."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All rows, however many, as they are read."""
        found = listing.filters_of(request, self.customer).found
        response = StreamingHttpResponse(table_file.lines_of(found), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{table_file.file_name(self.customer)}"'
        response["Cache-Control"] = "no-store"
        record(
            "e_faktura.list_taken",
            text=_("List of bills taken as a table file"),
            request=request,
            customer_id=self.customer.pk,
            obj=self.customer,
        )
        return response


class UsagePage(BillsPage):
    """Usage, average day and number of the newest bills (D05)."""

    template_name = "e_faktura/client/usage.html"
    title = gettext_lazy("Usage by bill")
    place = "usage"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One query."""
        used = usage_by_bill(self.customer)
        return super().get_context_data(
            used=used, newest_first=list(reversed(used.rows)) if used else [], **kwargs
        )


class BillOfCustomer(BillsMixin):
    """For pages about one document of the current customer; 404 for anybody else's, with every method."""

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """Whose the document is comes before what may be done with it."""
        refused = super().refusal(request)
        if refused is None:
            _found = self.invoice
        return refused

    @cached_property
    def invoice(self) -> Invoice:
        """The document the address names."""
        key = self.kwargs["pk"]
        rows = invoices_for(self.customer).select_related("corrects")
        found = rows.filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    @cached_property
    def delivery(self) -> Delivery | None:
        """How it was delivered."""
        return proof.delivery_of(self.invoice)

    @property
    def reader(self) -> User | None:
        """Whose reading counts as receipt; None for an employee who looks as the client."""
        if self.acting is None or self.acting.is_view_as:
            return None
        return cast("User", self.request.user)


class BillPage(BillOfCustomer, BillsPage):
    """One document with everything that stands on it. Opening it is a proof of receipt."""

    template_name = "e_faktura/client/bill.html"

    def crumbs(self) -> list[Crumb]:
        """The list, then the document."""
        return [(PLACES[0][1], reverse("client:e_faktura:list")), (self.invoice.number, "")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it; the first time is written down."""
        if self.reader is not None and self.delivery is not None and request.method == "GET":
            proof.opened(self.delivery, self.invoice, by=self.reader, request=request)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines, the chain, how to pay, how it came."""
        invoice, bill = self.invoice, bill_of(self.invoice)
        amount = max(invoice.open_amount, NOTHING)
        payment = payment_of(invoice, self.customer, amount, Site.find_for_request(self.request))
        return super().get_context_data(
            title=_("Bill %(number)s") % {"number": invoice.number},
            invoice=invoice,
            bill=bill,
            **shown_lines(self.request, bill),
            state=state_of(invoice, timezone.localdate()),
            period=period_of(invoice),
            usage=listing.usage_text(invoice),
            payment=payment,
            code_picture=_picture(payment.code) if payment and payment.code else "",
            delivery=self.delivery,
            steps=steps_of(self.delivery) if self.delivery else [],
            ksef=part_of_bill(invoice),
            **kwargs,
        )


class BillPdf(BillOfCustomer, View):
    """The PDF, made now if it is not yet; taking it is a proof of receipt."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file, or a part of it."""
        site = Site.find_for_request(request)
        if site is None:
            raise Http404
        document = keeping.document_of(self.invoice, self.customer, site)
        response = keeping.serve(request, self.invoice, document)
        if is_whole_get(request) and response.status_code in (200, 206):
            record(
                "e_faktura.pdf_taken",
                text=_("PDF of bill %(number)s taken") % {"number": self.invoice.number},
                request=request,
                customer_id=self.customer.pk,
                obj=self.invoice,
                payload={"sha256": document.sha256, "origin": document.origin},
            )
            if self.reader is not None and self.delivery is not None:
                proof.downloaded(self.delivery, self.invoice, by=self.reader, request=request)
        return response


class OpenBill(ClientMixin, View):
    """Where messages lead: acts for the customer of the bill from now on and shows it; 404 for a stranger."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Any customer of this person with the right to see bills will do."""
        owners = accesses_of(cast("User", request.user)).filter(sees_bills=True).values("customer_id")
        invoice = Invoice.objects.filter(customer_id__in=owners, pk=min(pk, LARGEST_ID)).first()
        acting = self.acting
        if acting is not None and acting.is_view_as:
            invoice = Invoice.objects.filter(customer=acting.customer, pk=min(pk, LARGEST_ID)).first()
        if invoice is None:
            raise Http404
        if acting is None or acting.customer.pk != invoice.customer_id:
            choose(request, invoice.customer_id)
        return redirect("client:e_faktura:bill", pk=invoice.pk)


def _picture(code: str) -> str:
    # Made by segno from digits of our own: nothing in it was typed as markup.
    return mark_safe(inline_svg(code, error="l"))  # noqa: S308

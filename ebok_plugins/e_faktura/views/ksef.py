"""Documents of KSeF for clients: those of their customer, as they are and as people read them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from ebok.customers.models import Scope
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb
from ebok_plugins.e_faktura.ksef import handing_out, printing, queries
from ebok_plugins.e_faktura.ksef.paging import pages_of
from ebok_plugins.e_faktura.models import KsefDocument
from ebok_plugins.e_faktura.views.bills import BillsPage

PER_PAGE = 25


class KsefDocuments(BillsPage):
    """All the customer's invoices of KSeF, also those no billing system has told of."""

    template_name = "e_faktura/ksef/client_list.html"
    title = gettext_lazy("Invoices in KSeF")
    place = "ksef"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page: the count and the rows."""
        page = page_of(self.request, queries.documents_of(self.customer), PER_PAGE)
        return super().get_context_data(page_obj=page, **kwargs)


class OfDocument(CustomerMixin):
    """For what is about one document of the current customer; 404 for anybody else's."""

    scopes = (Scope.BILLS,)
    kwargs: dict[str, Any]

    @cached_property
    def document(self) -> KsefDocument:
        """The document of the address."""
        key = self.kwargs["pk"]
        rows = queries.documents_of(self.customer)
        found = rows.filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found


class KsefDocumentPage(OfDocument, TemplateView):
    """One invoice as people read it."""

    template_name = "e_faktura/ksef/client_document.html"
    help_topic = "bills"

    def crumbs(self) -> list[Crumb]:
        """Bills, invoices of KSeF, the number."""
        return [
            (gettext_lazy("Bills"), reverse("client:e_faktura:list")),
            (gettext_lazy("Invoices in KSeF"), reverse("client:e_faktura:ksef")),
            (self.document.invoice_number, ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The view, made from the bytes each time."""
        shown = handing_out.shown(self.document)
        return super().get_context_data(
            title=_("Invoice %(number)s in KSeF") % {"number": self.document.invoice_number},
            document=self.document,
            shown=shown,
            pages=pages_of(self.request, shown.view),
            **kwargs,
        )


class KsefXml(OfDocument, View):
    """The very bytes of the invoice."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Whole or in parts; a download is journalled once."""
        response = handing_out.xml_response(request, self.document)
        handing_out.journal_download(request, self.document, "XML")
        return response


class KsefUpo(OfDocument, View):
    """The very bytes of the confirmation."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """404 where there is none."""
        response = handing_out.upo_response(request, self.document)
        handing_out.journal_download(request, self.document, "UPO")
        return response


class KsefPdf(OfDocument, View):
    """The visualisation."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Made from the bytes."""
        response = printing.pdf_response(request, self.document)
        handing_out.journal_download(request, self.document, "PDF")
        return response

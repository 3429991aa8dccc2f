"""Bills for employees: how they were delivered, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView, View
from wagtail.models import Site

from ebok.billing.models import Invoice
from ebok.files.serving import dressed
from ebok.journal.services import record
from ebok.journal.viewing import record_view
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb, ZoneMixin
from ebok_plugins.e_faktura import listing, queries
from ebok_plugins.e_faktura.bill import bill_of, shown_lines
from ebok_plugins.e_faktura.delivery import evidence, proof
from ebok_plugins.e_faktura.delivery.timeline import steps_of
from ebok_plugins.e_faktura.models import Delivery, DeliveryWay
from ebok_plugins.e_faktura.pdf import keeping
from ebok_plugins.e_faktura.states import period_of, state_of

PER_PAGE = 25
LONGEST = 60
STATES: tuple[tuple[str, Any], ...] = (
    ("", pgettext_lazy("filter", "All")),
    ("waiting", gettext_lazy("Waiting to be sent")),
    ("failed", gettext_lazy("Not delivered")),
    ("unread", gettext_lazy("Sent and unread")),
    ("opened", gettext_lazy("Opened")),
    ("confirmed", gettext_lazy("Receipt confirmed")),
    ("paper", gettext_lazy("On paper")),
)


@dataclass(frozen=True)
class Row:
    """A delivery with its state in words."""

    delivery: Delivery
    tag: dict[str, str]


def tag_of(delivery: Delivery) -> dict[str, str]:
    """The furthest a bill has come, for `components/tag.html`."""
    on_paper = delivery.way == DeliveryWay.PAPER
    states = (
        (delivery.confirmed_at, _("receipt confirmed"), "ok", "check"),
        (delivery.downloaded_at, _("downloaded"), "ok", "download"),
        (delivery.opened_at, _("opened"), "ok", "check"),
        (on_paper, _("on paper"), "mute", "page"),
        (delivery.failed_at and not delivery.delivered_at, _("not delivered"), "bad", "warning"),
        (delivery.reminded_at, _("reminded"), "due", "bell"),
        (delivery.sent_at, _("unread"), "due", "mail"),
        (True, _("waits to be sent"), "mute", "clock"),
    )
    text, tone, icon = next(state[1:] for state in states if state[0])
    return {"text": text, "tone": tone, "icon": icon}


class BillsOfEmployee(ZoneMixin):
    """For every page of employees about bills."""

    permission_required = "e_faktura.see_bills"
    title: Any = gettext_lazy("Bills")


class Deliveries(BillsOfEmployee, TemplateView):
    """All deliveries, the newest first."""

    template_name = "e_faktura/employee/deliveries.html"
    title = gettext_lazy("Deliveries of bills")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page, and how many are in which state."""
        typed = " ".join(self.request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
        state = self.request.GET.get("stan", "")
        state = state if state in queries.STATES else ""
        page = page_of(self.request, queries.deliveries(state=state, typed=typed), PER_PAGE)
        return super().get_context_data(
            page_obj=page,
            rows=[Row(delivery, tag_of(delivery)) for delivery in page.object_list],
            typed=typed,
            state=state,
            states=STATES,
            summary=_(
                "%(all)d bills, %(unread)d sent and unread, %(failed)d not delivered, "
                "%(confirmed)d confirmed."
            )
            % queries.numbers(),
            **kwargs,
        )


class AnyBill(BillsOfEmployee):
    """For pages about the bill the address names; 404 when there is none."""

    @cached_property
    def invoice(self) -> Invoice:
        """The document with its customer."""
        rows = Invoice.objects.select_related("customer", "corrects")
        found = rows.filter(pk=min(self.kwargs["pk"], LARGEST_ID)).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def delivery(self) -> Delivery | None:
        """How it was delivered."""
        return proof.delivery_of(self.invoice)

    def crumbs(self) -> list[Crumb]:
        """The list, then the document."""
        return [(Deliveries.title, reverse("employee:e_faktura:deliveries")), (self.invoice.number, "")]


class BillOfAnybody(AnyBill, TemplateView):
    """A bill with everything on it and the way it came; that it was opened is journalled."""

    template_name = "e_faktura/employee/bill.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, and write down who looked."""
        response = super().get(request, *args, **kwargs)
        record_view(
            "e_faktura.bill_viewed",
            text=_("Bill %(number)s opened by an employee") % {"number": self.invoice.number},
            request=request,
            customer_id=self.invoice.customer_id,
            obj=self.invoice,
        )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As the customer sees it, without the ways to pay."""
        invoice, bill = self.invoice, bill_of(self.invoice)
        return super().get_context_data(
            title=_("Bill %(number)s") % {"number": invoice.number},
            invoice=invoice,
            bill=bill,
            **shown_lines(self.request, bill),
            state=state_of(invoice, timezone.localdate()),
            period=period_of(invoice),
            usage=listing.usage_text(invoice),
            delivery=self.delivery,
            steps=steps_of(self.delivery) if self.delivery else [],
            tag=tag_of(self.delivery) if self.delivery else None,
            **kwargs,
        )


class PdfOfAnybody(AnyBill, View):
    """The PDF for an employee; it counts as no receipt."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file, or a part of it."""
        document = keeping.document_of(self.invoice, self.invoice.customer, _site(request))
        record_view(
            "e_faktura.bill_viewed",
            text=_("PDF of bill %(number)s taken by an employee") % {"number": self.invoice.number},
            request=request,
            customer_id=self.invoice.customer_id,
            obj=self.invoice,
        )
        return keeping.serve(request, self.invoice, document)


class EvidencePdf(AnyBill, View):
    """The evidence of delivery as a sheet for debt collection (D10)."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Made anew each time: it says what is known at this moment."""
        if self.delivery is None:
            raise Http404
        content = evidence.sheet_pdf(self.delivery, self.invoice, _site(request))
        record(
            "e_faktura.evidence_printed",
            text=_("Evidence of the delivery of bill %(number)s printed") % {"number": self.invoice.number},
            request=request,
            customer_id=self.invoice.customer_id,
            obj=self.invoice,
        )
        name = f"{_('evidence')}-{keeping.file_name(self.invoice)}"
        return dressed(HttpResponse(content, content_type=keeping.CONTENT_TYPE), name, "pdf")


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site

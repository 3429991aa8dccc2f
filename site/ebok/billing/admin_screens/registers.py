"""Registers of documents and ledger entries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.billing.admin_screens import columns
from ebok.billing.admin_screens.addresses import INVOICES, LEDGER, PAYMENTS
from ebok.billing.admin_screens.filters import InvoiceFilters, LedgerFilters
from ebok.billing.models import (
    Allocation,
    Invoice,
    InvoiceLine,
    KsefMode,
    LedgerEntry,
    LineKind,
)
from ebok.billing.queries import correction_chain, lines_of
from ebok.customers.admin_screens import addresses
from ebok.customers.admin_screens.columns import CUSTOMER, CUSTOMER_CODE, CUSTOMER_NAME, ORIGIN
from ebok.exchange.registers.base import SafeModelAdmin
from ebok.exchange.registers.columns import Look, Shown, State, of_field, of_fields, said
from ebok.exchange.registers.entry_forms import EntryForm
from ebok.exchange.registers.lists import Listing
from ebok.exchange.registers.paging import Order
from ebok.exchange.registers.rights import ReadOnly
from ebok.exchange.registers.sections import Section, fact, facts, facts_of, table

LINE = (
    of_field(InvoiceLine, "position"),
    of_field(InvoiceLine, "name"),
    Shown(title=gettext_lazy("meter number"), value=lambda line: line.meter_number, look=Look.CODE),
    of_field(InvoiceLine, "register"),
    Shown(
        title=gettext_lazy("previous reading"),
        value=lambda line: _reading(line.read_from, line.read_from_on),
        look=Look.CODE,
    ),
    Shown(
        title=gettext_lazy("current reading"),
        value=lambda line: _reading(line.read_to, line.read_to_on),
        look=Look.CODE,
    ),
    of_field(InvoiceLine, "quantity"),
    of_field(InvoiceLine, "unit"),
    of_field(InvoiceLine, "unit_price"),
    of_field(InvoiceLine, "net"),
    Shown(title=gettext_lazy("VAT rate"), value=lambda line: line.vat_rate, look=Look.CODE),
    of_field(InvoiceLine, "vat"),
    of_field(InvoiceLine, "gross"),
)


def _reading(value: Any, day: Any) -> str:
    """A state with its day."""
    if value is None:
        return ""
    return f"{said(value, Look.NUMBER)} ({said(day)})" if day else said(value, Look.NUMBER)


class Invoices(SafeModelAdmin):
    """Documents of the billing system, only to look at (D02-D04)."""

    model = Invoice
    base_url_path = INVOICES
    menu_icon = "doc-full-inverse"
    permission_helper_class = ReadOnly
    intro = gettext_lazy(
        "Documents are issued by the billing system; here they are shown as it delivered them."
    )
    listing = Listing(
        model=Invoice,
        room="billing",
        order=Order(("-issued_on", "-id")),
        filters=InvoiceFilters,
        file_name="faktury",
        rows=lambda: Invoice.objects.select_related("customer"),
        mark=columns.mark_of_invoice,
        columns=(columns.INVOICE[0], columns.STATE_OF_INVOICE, CUSTOMER, *columns.INVOICE[1:-1]),
        export=(
            CUSTOMER_CODE,
            CUSTOMER_NAME,
            *of_fields(
                Invoice, ("number", "kind", "issued_on", "sold_on", "due_on", "period_from", "period_to")
            ),
            *of_fields(Invoice, ("net", "vat", "gross", "open_amount", "paid_on", "usage", "usage_unit")),
            *of_fields(Invoice, ("account", "ksef_number")),
            columns.STATE_OF_INVOICE,
        ),
    )

    def sections(self, row: Invoice, request: HttpRequest) -> list[Section]:
        """The document with its lines, corrections, KSeF and what settles it."""
        return [_document(row), _lines(row), _chain(row), _settlement(row), _ksef(row)]


def _document(row: Invoice) -> Section:
    names = ("number", "kind", "issued_on", "sold_on", "due_on", "period_from", "period_to")
    usage = f"{said(row.usage, Look.NUMBER)} {row.usage_unit}".strip() if row.usage is not None else ""
    return Section(
        key="dane",
        title=_("Document"),
        facts=[
            *facts(row, [CUSTOMER]),
            *facts_of(row, names),
            fact(_("usage"), usage),
            *facts_of(row, ("net", "vat", "gross", "open_amount", "paid_on", "account")),
            *facts(row, [columns.STATE_OF_INVOICE]),
        ],
    )


def _lines(row: Invoice) -> Section:
    lines = list(lines_of(row))
    captions = {LineKind.USAGE: _("Charges for usage"), LineKind.FIXED: _("Fixed charges")}
    parts = [
        table(caption, LINE, [line for line in lines if line.kind == kind])
        for kind, caption in captions.items()
    ]
    return Section(
        key="pozycje",
        title=_("Lines"),
        tables=[part for part in parts if part.rows],
        empty="" if lines else _("The billing system delivered no lines of this document."),
    )


def _chain(row: Invoice) -> Section:
    chain = correction_chain(row)
    reason = Shown(title=_("reason of the correction"), value=lambda document: document.correction_reason)
    here = Shown(title="", value=lambda document: State(_("this document")) if document.pk == row.pk else "")
    return Section(
        key="korekty",
        title=_("Corrections"),
        tables=[
            table(
                _("From the first document to the last correction"), (*columns.INVOICE, reason, here), chain
            )
        ]
        if len(chain) > 1
        else [],
        empty="" if len(chain) > 1 else _("Nothing corrects this document."),
    )


def _settlement(row: Invoice) -> Section:
    entries = list(
        LedgerEntry.objects.filter(customer_id=row.customer_id, invoice=row).order_by("booked_on", "id")
    )
    return Section(
        key="rozliczenie",
        title=_("Ledger entries"),
        tables=[table(_("Ledger entries"), columns.ENTRY, entries)],
        empty="" if entries else _("Nothing is booked for this document."),
    )


def _ksef(row: Invoice) -> Section:
    names = ("ksef_mode", "ksef_number", "ksef_accepted_at", "ksef_sha256", "ksef_upo")
    outside = row.ksef_mode == KsefMode.OUTSIDE and not row.ksef_number
    return Section(
        key="ksef",
        title="KSeF",
        facts=[] if outside else facts_of(row, names),
        empty=_("This document is outside KSeF.") if outside else "",
    )


class LedgerForm(EntryForm):
    """A ledger entry."""


class Ledger(SafeModelAdmin):
    """Ledger entries of the four kinds (D15), also entered and corrected by hand."""

    model = LedgerEntry
    base_url_path = LEDGER
    menu_icon = "list-ul"
    menu_label = gettext_lazy("Ledger")
    add_words = gettext_lazy("Add a ledger entry")
    form_class = LedgerForm
    listing = Listing(
        model=LedgerEntry,
        room="billing",
        order=Order(("-id",)),
        filters=LedgerFilters,
        file_name="ksiegowania",
        rows=lambda: LedgerEntry.objects.select_related("customer"),
        mark=columns.mark_of_entry,
        columns=(columns.ENTRY[0], columns.STATE_OF_ENTRY, CUSTOMER, *columns.ENTRY[1:-1], ORIGIN),
        export=(
            CUSTOMER_CODE,
            CUSTOMER_NAME,
            *of_fields(LedgerEntry, ("number", "kind", "title", "document_number", "booked_on", "due_on")),
            *of_fields(LedgerEntry, ("amount", "open_amount")),
            columns.STATE_OF_ENTRY,
            ORIGIN,
        ),
    )

    def sections(self, row: LedgerEntry, request: HttpRequest) -> list[Section]:
        """The entry, and which payments settled it."""
        own = {"customer_id": row.customer_id}
        settled = list(
            Allocation.objects.filter(**own, entry=row, payment__customer_id=row.customer_id)
            .select_related("payment")
            .order_by("payment__paid_on", "payment_id")
        )
        invoice = Invoice.objects.filter(**own, pk=row.invoice_id).first() if row.invoice_id else None
        return [
            Section(
                key="dane",
                title=_("Ledger entry"),
                facts=[
                    *facts(row, [CUSTOMER]),
                    *facts_of(row, ("number", "kind", "title", "document_number")),
                    fact(
                        _("invoice"),
                        invoice.number if invoice else "",
                        url=addresses.of_row(INVOICES, row.invoice_id),
                    ),
                    *facts_of(row, ("booked_on", "due_on", "amount", "open_amount")),
                    *facts(row, [columns.STATE_OF_ENTRY]),
                ],
            ),
            Section(
                key="rozliczono",
                title=_("Settled by"),
                tables=[table(_("Settled by"), SETTLED_BY, settled)],
                empty="" if settled else _("No payment has settled it."),
            ),
        ]


SETTLED_BY = (
    Shown(
        title=gettext_lazy("number of the payment"),
        value=lambda part: part.payment.number,
        look=Look.CODE,
        url=lambda part: addresses.of_row(PAYMENTS, part.payment_id),
    ),
    Shown(title=gettext_lazy("paid on"), value=lambda part: part.payment.paid_on, look=Look.DATE),
    Shown(title=gettext_lazy("settled amount"), value=lambda part: part.amount, look=Look.MONEY),
)

"""Invoices and their lines."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from ebok.billing.datasets.columns import (
    OPEN_PART,
    PERIOD,
    SUM,
    choice,
    code,
    day,
    is_part,
    names,
    number,
)
from ebok.billing.models import (
    InvoiceKind,
    KsefMode,
    LineKind,
)
from ebok.customers.datasets import CUSTOMER_CODE, OWNER
from ebok.ports import Check, Column, ColumnType, Dataset, Identity, Reference, RowRule

INVOICES = Dataset(
    key="invoices",
    title=_("Invoices"),
    model="billing.Invoice",
    natural_key=("number",),
    order=80,
    lookups=("ksef_number",),
    references=(
        OWNER,
        Reference(columns=("contract_number",), dataset="contracts", field="contract_id", required=False),
        Reference(columns=("corrects_number",), dataset="invoices", field="corrects_id", required=False),
    ),
    rules=(
        SUM,
        PERIOD,
        RowRule(
            columns=("open_amount", "gross"),
            sentence=_("The amount to pay is more than the amount of the document."),
            holds=lambda row: is_part(row["open_amount"], row["gross"]),
            sql=OPEN_PART.format(part="open_amount", whole="gross"),
        ),
    ),
    columns=(
        CUSTOMER_CODE,
        code("number", _("document number"), required=True, max_length=60, example="FV/2026/05/000123"),
        choice(
            "kind",
            _("type of document"),
            names(InvoiceKind),
            default=str(InvoiceKind.INVOICE),
            example="invoice",
        ),
        Column(
            name="is_cancelled",
            title=_("cancelled"),
            type=ColumnType.BOOLEAN,
            default=False,
            example="0",
        ),
        day("issued_on", _("date of issue"), required=True, example="2026-05-31"),
        day("sold_on", _("date of sale"), example="2026-05-31"),
        day("due_on", _("date of payment"), example="2026-06-14"),
        day("period_from", _("period from"), example="2026-05-01"),
        day("period_to", _("period to"), example="2026-05-31"),
        number("net", _("net"), required=True, total=True, example="114.77"),
        number("vat", _("VAT"), default=Decimal(0), total=True, example="9.18"),
        number("gross", _("amount"), required=True, total=True, example="123.95"),
        number("open_amount", _("amount to pay"), default=Decimal(0), total=True, example="0"),
        day("paid_on", _("date of payment received"), example="2026-06-10"),
        number("usage", _("usage"), places=3, example="9"),
        Column(name="usage_unit", title=_("unit"), max_length=10, example="m³"),
        Column(
            name="account",
            title=_("account for payments (NRB)"),
            max_length=26,
            check=Check.NRB,
            example="12999900001234567800000096",
        ),
        code("contract_number", _("contract number"), field="", max_length=60, example="U/2019/0123"),
        code("corrects_number", _("corrects"), field="", max_length=60),
        Column(name="correction_reason", title=_("reason of the correction"), max_length=255),
        choice(
            "ksef_mode",
            _("mode of KSeF"),
            names(KsefMode),
            default=str(KsefMode.OUTSIDE),
            example="outside",
        ),
        Column(
            name="ksef_number",
            title=_("KSeF number"),
            type=ColumnType.CODE,
            max_length=36,
            check=Check.KSEF_NUMBER,
            example="5265877635-20250826-0100001AF629-AF",
        ),
        Column(name="ksef_accepted_at", title=_("accepted by KSeF"), type=ColumnType.MOMENT),
        Column(name="ksef_sha256", title=_("SHA-256 of the XML"), max_length=64, check=Check.SHA256),
        Column(name="ksef_upo", title=_("UPO reference"), max_length=80),
    ),
)

INVOICE_LINES = Dataset(
    key="invoice_lines",
    title=_("Lines of invoices"),
    model="billing.InvoiceLine",
    natural_key=("customer_code", "invoice_number", "position"),
    identity=Identity.COMPOSITE,
    order=90,
    references=(OWNER, Reference(columns=("invoice_number",), dataset="invoices", field="invoice_id")),
    rules=(SUM,),
    columns=(
        CUSTOMER_CODE,
        code(
            "invoice_number",
            _("document number"),
            field="",
            required=True,
            max_length=60,
            example="FV/2026/05/000123",
        ),
        Column(
            name="position",
            title=_("position"),
            type=ColumnType.INTEGER,
            required=True,
            minimum=1,
            maximum=32000,
            example="1",
        ),
        choice("kind", _("kind"), names(LineKind), default=str(LineKind.USAGE), example="usage"),
        Column(name="name", title=_("name"), required=True, max_length=160, example="Woda"),
        code("point_code", _("point code"), example="P-000123"),
        code("meter_number", _("meter number"), example="17-123456"),
        Column(
            name="register",
            title=_("register"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=99,
            example="1",
        ),
        day("read_from_on", _("date of the previous reading"), example="2026-04-30"),
        number("read_from", _("previous reading"), digits=12, places=3, minimum=0, example="412"),
        day("read_to_on", _("date of the current reading"), example="2026-05-31"),
        number("read_to", _("current reading"), digits=12, places=3, minimum=0, example="421"),
        number("quantity", _("quantity"), places=3, required=True, total=True, example="9"),
        Column(name="unit", title=_("unit"), max_length=20, default="m³", example="m³"),
        number("unit_price", _("unit price"), digits=12, places=5, required=True, example="5.12"),
        number("net", _("net"), required=True, total=True, example="46.08"),
        Column(name="vat_rate", title=_("VAT rate"), max_length=4, example="8"),
        number("vat", _("VAT"), default=Decimal(0), total=True, example="3.69"),
        number("gross", _("amount"), required=True, total=True, example="49.77"),
    ),
)

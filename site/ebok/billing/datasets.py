"""What the billing system delivers about prices, usage and money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from ebok.billing import partitions
from ebok.billing.models import (
    ComponentKind,
    InvoiceKind,
    KsefMode,
    LedgerKind,
    LineKind,
    PaymentMethod,
    ReadingKind,
    ReadingState,
)
from ebok.billing.queries import total_balance
from ebok.customers.datasets import CUSTOMER_CODE, METER_NUMBER, OWNER, SERVICES
from ebok.customers.models import Service
from ebok.ports import Check, Column, ColumnType, Dataset, Identity, Reference, RowRule, Value

READING_KINDS = {kind.name.lower(): int(kind) for kind in ReadingKind}
READING_STATES = {state.name.lower(): int(state) for state in ReadingState}


def _code(name: str, title: object, **more: object) -> Column:
    more = {"max_length": 40, **more}
    return Column(name=name, title=title, type=ColumnType.CODE, **more)  # type: ignore[arg-type]


def _day(name: str, title: object, **more: object) -> Column:
    return Column(name=name, title=title, type=ColumnType.DATE, **more)  # type: ignore[arg-type]


def _number(name: str, title: object, **more: object) -> Column:
    return Column(name=name, title=title, type=ColumnType.DECIMAL, **more)  # type: ignore[arg-type]


def _choice(name: str, title: object, choices: Mapping[str, str | int], **more: object) -> Column:
    return Column(name=name, title=title, type=ColumnType.CHOICE, choices=choices, **more)  # type: ignore[arg-type]


def _names(choices: type) -> dict[str, str | int]:
    return {str(choice): str(choice) for choice in choices}  # type: ignore[attr-defined]


def _ordered(first: Value, second: Value) -> bool:
    return first is None or second is None or first <= second  # type: ignore[operator]


def _is_part(part: Value, whole: Value) -> bool:
    """Whether an open amount lies between nothing and the whole, on the same side of zero."""
    if not isinstance(part, Decimal) or not isinstance(whole, Decimal):
        return part is None
    return part == 0 or (0 < part <= whole) or (whole <= part < 0)


SUM = RowRule(
    columns=("net", "vat", "gross"),
    sentence=_("Net and VAT do not add up to the amount."),
    holds=lambda row: row["net"] + (row["vat"] or 0) == row["gross"],  # type: ignore[operator]
    sql="net + vat = gross",
)
PERIOD = RowRule(
    columns=("period_from", "period_to"),
    sentence=_("The period ends before it begins."),
    holds=lambda row: _ordered(row["period_from"], row["period_to"]),
    sql="period_from IS NULL OR period_to IS NULL OR period_from <= period_to",
)
VALIDITY = RowRule(
    columns=("valid_from", "valid_to"),
    sentence=_("It ends before it begins."),
    holds=lambda row: _ordered(row["valid_from"], row["valid_to"]),
    sql="valid_to IS NULL OR valid_from <= valid_to",
)
OPEN_PART = "{part} = 0 OR ({part} > 0 AND {part} <= {whole}) OR ({part} < 0 AND {part} >= {whole})"

TARIFFS = Dataset(
    key="tariffs",
    title=_("Tariffs"),
    model="billing.Tariff",
    natural_key=("code",),
    owner="",
    order=10,
    columns=(
        _code("code", _("tariff group"), required=True, example="G1"),
        Column(name="name", title=_("name"), required=True, max_length=160, example="Gospodarstwa domowe"),
        _choice(
            "service",
            _("kind of service"),
            SERVICES,
            default=str(Service.WATER_SEWAGE),
            example="water_sewage",
        ),
    ),
)

TARIFF_VERSIONS = Dataset(
    key="tariff_versions",
    title=_("Versions of tariffs"),
    model="billing.TariffVersion",
    natural_key=("tariff_code", "valid_from"),
    owner="",
    order=11,
    references=(Reference(columns=("tariff_code",), dataset="tariffs", field="tariff_id", same_owner=False),),
    rules=(VALIDITY,),
    columns=(
        _code("tariff_code", _("tariff group"), field="", required=True, example="G1"),
        _day("valid_from", _("valid from"), required=True, example="2025-06-01"),
        _day("valid_to", _("valid to"), example="2026-05-31"),
        Column(
            name="decision",
            title=_("approved by decision"),
            max_length=160,
            example="PO.RZT.70.12.2025",
        ),
    ),
)

TARIFF_COMPONENTS = Dataset(
    key="tariff_components",
    title=_("Components of tariffs"),
    model="billing.TariffComponent",
    natural_key=("tariff_code", "valid_from", "code"),
    owner="",
    order=12,
    references=(
        Reference(
            columns=("tariff_code", "valid_from"),
            dataset="tariff_versions",
            field="version_id",
            same_owner=False,
        ),
    ),
    columns=(
        _code("tariff_code", _("tariff group"), field="", required=True, example="G1"),
        _day("valid_from", _("valid from"), field="", required=True, example="2025-06-01"),
        _code("code", _("component"), required=True, example="WODA"),
        Column(name="name", title=_("name"), required=True, max_length=160, example="Woda"),
        _choice(
            "kind",
            _("kind"),
            _names(ComponentKind),
            default=str(ComponentKind.USAGE),
            example="usage",
        ),
        Column(name="unit", title=_("unit"), max_length=20, default="m³", example="m³"),
        _number("net_price", _("net price"), digits=12, places=5, minimum=0, required=True, example="5.12"),
        Column(name="vat_rate", title=_("VAT rate"), max_length=4, default="8", example="8"),
    ),
)

NORMS = Dataset(
    key="norms",
    title=_("Norms of the flat rate"),
    model="billing.FlatRateNorm",
    natural_key=("code",),
    owner="",
    order=13,
    rules=(VALIDITY,),
    columns=(
        _code("code", _("norm"), required=True, example="N4"),
        Column(
            name="name",
            title=_("name"),
            required=True,
            max_length=255,
            example="Łazienka, ciepła woda dostarczana",
        ),
        _number(
            "monthly_quantity",
            _("quantity in a month"),
            digits=9,
            places=3,
            minimum=0,
            required=True,
            example="5.4",
        ),
        Column(name="unit", title=_("unit"), max_length=20, default="m³", example="m³"),
        _day("valid_from", _("valid from"), required=True, example="2002-02-01"),
        _day("valid_to", _("valid to")),
    ),
)

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
            holds=lambda row: _is_part(row["open_amount"], row["gross"]),
            sql=OPEN_PART.format(part="open_amount", whole="gross"),
        ),
    ),
    columns=(
        CUSTOMER_CODE,
        _code("number", _("document number"), required=True, max_length=60, example="FV/2026/05/000123"),
        _choice(
            "kind",
            _("type of document"),
            _names(InvoiceKind),
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
        _day("issued_on", _("date of issue"), required=True, example="2026-05-31"),
        _day("sold_on", _("date of sale"), example="2026-05-31"),
        _day("due_on", _("date of payment"), example="2026-06-14"),
        _day("period_from", _("period from"), example="2026-05-01"),
        _day("period_to", _("period to"), example="2026-05-31"),
        _number("net", _("net"), required=True, total=True, example="114.77"),
        _number("vat", _("VAT"), default=Decimal(0), total=True, example="9.18"),
        _number("gross", _("amount"), required=True, total=True, example="123.95"),
        _number("open_amount", _("amount to pay"), default=Decimal(0), total=True, example="0"),
        _day("paid_on", _("date of payment received"), example="2026-06-10"),
        _number("usage", _("usage"), places=3, example="9"),
        Column(name="usage_unit", title=_("unit"), max_length=10, example="m³"),
        Column(
            name="account",
            title=_("account for payments (NRB)"),
            max_length=26,
            check=Check.NRB,
            example="12999900001234567800000096",
        ),
        _code("contract_number", _("contract number"), field="", max_length=60, example="U/2019/0123"),
        _code("corrects_number", _("corrects"), field="", max_length=60),
        Column(name="correction_reason", title=_("reason of the correction"), max_length=255),
        _choice(
            "ksef_mode",
            _("mode of KSeF"),
            _names(KsefMode),
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
        _code(
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
        _choice("kind", _("kind"), _names(LineKind), default=str(LineKind.USAGE), example="usage"),
        Column(name="name", title=_("name"), required=True, max_length=160, example="Woda"),
        _code("point_code", _("point code"), example="P-000123"),
        _code("meter_number", _("meter number"), example="17-123456"),
        Column(
            name="register",
            title=_("register"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=99,
            example="1",
        ),
        _day("read_from_on", _("date of the previous reading"), example="2026-04-30"),
        _number("read_from", _("previous reading"), digits=12, places=3, minimum=0, example="412"),
        _day("read_to_on", _("date of the current reading"), example="2026-05-31"),
        _number("read_to", _("current reading"), digits=12, places=3, minimum=0, example="421"),
        _number("quantity", _("quantity"), places=3, required=True, total=True, example="9"),
        Column(name="unit", title=_("unit"), max_length=20, default="m³", example="m³"),
        _number("unit_price", _("unit price"), digits=12, places=5, required=True, example="5.12"),
        _number("net", _("net"), required=True, total=True, example="46.08"),
        Column(name="vat_rate", title=_("VAT rate"), max_length=4, example="8"),
        _number("vat", _("VAT"), default=Decimal(0), total=True, example="3.69"),
        _number("gross", _("amount"), required=True, total=True, example="49.77"),
    ),
)

READINGS = Dataset(
    key="readings",
    title=_("Readings"),
    model="billing.Reading",
    natural_key=("customer_code", "meter_number", "read_on", "register", "kind"),
    identity=Identity.COMPOSITE,
    order=100,
    before_apply=partitions.for_days,
    references=(
        OWNER,
        # A reading stays with the customer who held the point on that day.
        Reference(columns=("meter_number",), dataset="meters", field="meter_id", same_owner=False),
        Reference(columns=("invoice_number",), dataset="invoices", field="invoice_id", required=False),
    ),
    columns=(
        CUSTOMER_CODE,
        METER_NUMBER,
        _day("read_on", _("date of the reading"), required=True, example="2026-05-31"),
        Column(
            name="register",
            title=_("register"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=99,
            default=1,
            example="1",
        ),
        _choice(
            "kind", _("type of the reading"), READING_KINDS, default=int(ReadingKind.ACTUAL), example="actual"
        ),
        _number(
            "value", _("reading"), digits=12, places=3, minimum=0, required=True, total=True, example="421"
        ),
        _number("usage", _("usage since the last reading"), digits=12, places=3, total=True, example="9"),
        _choice("state", _("state"), READING_STATES, default=int(ReadingState.PENDING), example="settled"),
        Column(name="reason", title=_("reason of rejection"), max_length=160),
        _code(
            "invoice_number",
            _("document number"),
            field="",
            max_length=60,
            example="FV/2026/05/000123",
        ),
        Column(
            name="invoice_position",
            title=_("line of the invoice"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=32000,
            example="1",
        ),
    ),
)

LEDGER = Dataset(
    key="ledger",
    title=_("Ledger entries"),
    model="billing.LedgerEntry",
    natural_key=("number",),
    order=110,
    balance=total_balance,
    references=(
        OWNER,
        Reference(columns=("invoice_number",), dataset="invoices", field="invoice_id", required=False),
    ),
    rules=(
        RowRule(
            columns=("open_amount", "amount"),
            sentence=_("The amount to pay is more than the amount of the entry."),
            holds=lambda row: _is_part(row["open_amount"], row["amount"]),
            sql=OPEN_PART.format(part="open_amount", whole="amount"),
        ),
        RowRule(
            columns=("kind", "amount"),
            sentence=_("An overpayment is written with a minus, interest and a demand without one."),
            holds=lambda row: _has_its_sign(row["kind"], row["amount"]),
            sql="kind = 'invoice' OR (kind = 'overpayment' AND amount <= 0)"
            " OR (kind IN ('interest', 'demand') AND amount >= 0)",
        ),
    ),
    columns=(
        CUSTOMER_CODE,
        _code("number", _("number of the entry"), required=True, max_length=60, example="KS/2026/000456"),
        _choice("kind", _("kind"), _names(LedgerKind), default=str(LedgerKind.INVOICE), example="invoice"),
        Column(name="title", title=_("title"), max_length=160, example="Faktura FV/2026/05/000123"),
        _code("document_number", _("document number"), max_length=60, example="FV/2026/05/000123"),
        _code("invoice_number", _("invoice"), field="", max_length=60, example="FV/2026/05/000123"),
        _day("booked_on", _("booked on"), required=True, example="2026-05-31"),
        _day("due_on", _("date of payment"), example="2026-06-14"),
        _number("amount", _("amount"), required=True, total=True, example="123.95"),
        _number("open_amount", _("amount to pay"), required=True, total=True, example="0"),
    ),
)

PAYMENTS = Dataset(
    key="payments",
    title=_("Payments"),
    model="billing.Payment",
    natural_key=("number",),
    order=120,
    references=(OWNER,),
    columns=(
        CUSTOMER_CODE,
        _code("number", _("number of the payment"), required=True, max_length=60, example="WB/2026/000789"),
        _day("paid_on", _("paid on"), required=True, example="2026-06-10"),
        _day("booked_on", _("booked on"), example="2026-06-11"),
        _number("amount", _("amount"), required=True, minimum=Decimal("0.01"), total=True, example="123.95"),
        _choice(
            "method",
            _("method of payment"),
            _names(PaymentMethod),
            default=str(PaymentMethod.TRANSFER),
            example="transfer",
        ),
        Column(name="title", title=_("title"), max_length=160, example="FV/2026/05/000123"),
        Column(
            name="account",
            title=_("account for payments (NRB)"),
            max_length=26,
            check=Check.NRB,
            example="12999900001234567800000096",
        ),
        _day("reversed_on", _("reversed on")),
    ),
)

ALLOCATIONS = Dataset(
    key="allocations",
    title=_("Allocations"),
    model="billing.Allocation",
    natural_key=("customer_code", "payment_number", "entry_number"),
    identity=Identity.COMPOSITE,
    order=130,
    references=(
        OWNER,
        Reference(columns=("payment_number",), dataset="payments", field="payment_id"),
        Reference(columns=("entry_number",), dataset="ledger", field="entry_id"),
    ),
    columns=(
        CUSTOMER_CODE,
        _code(
            "payment_number",
            _("number of the payment"),
            field="",
            required=True,
            max_length=60,
            example="WB/2026/000789",
        ),
        _code(
            "entry_number",
            _("number of the entry"),
            field="",
            required=True,
            max_length=60,
            example="KS/2026/000456",
        ),
        _number("amount", _("amount"), required=True, minimum=Decimal("0.01"), total=True, example="123.95"),
        _day("booked_on", _("booked on"), example="2026-06-11"),
    ),
)


def _has_its_sign(kind: Value, amount: Value) -> bool:
    """Whether the sign of an entry's amount fits its kind."""
    if not isinstance(amount, Decimal):
        return False
    if kind == LedgerKind.OVERPAYMENT:
        return amount <= 0
    return kind == LedgerKind.INVOICE or amount >= 0


datasets = [
    TARIFFS,
    TARIFF_VERSIONS,
    TARIFF_COMPONENTS,
    NORMS,
    INVOICES,
    INVOICE_LINES,
    READINGS,
    LEDGER,
    PAYMENTS,
    ALLOCATIONS,
]

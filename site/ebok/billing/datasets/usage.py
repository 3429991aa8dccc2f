"""Readings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ebok.billing import partitions
from ebok.billing.datasets.columns import (
    READING_KINDS,
    READING_STATES,
    choice,
    code,
    day,
    number,
)
from ebok.billing.models import (
    ReadingKind,
    ReadingState,
)
from ebok.customers.datasets import CUSTOMER_CODE, METER_NUMBER, OWNER
from ebok.ports import Column, ColumnType, Dataset, Identity, Reference

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
        day("read_on", _("date of the reading"), required=True, example="2026-05-31"),
        Column(
            name="register",
            title=_("register"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=99,
            default=1,
            example="1",
        ),
        choice(
            "kind", _("type of the reading"), READING_KINDS, default=int(ReadingKind.ACTUAL), example="actual"
        ),
        number(
            "value", _("reading"), digits=12, places=3, minimum=0, required=True, total=True, example="421"
        ),
        number("usage", _("usage since the last reading"), digits=12, places=3, total=True, example="9"),
        choice("state", _("state"), READING_STATES, default=int(ReadingState.PENDING), example="settled"),
        Column(name="reason", title=_("reason of rejection"), max_length=160),
        code(
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

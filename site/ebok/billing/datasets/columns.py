"""Columns and rules that several datasets share."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from ebok.billing.models import ReadingKind, ReadingState
from ebok.customers.datasets.columns import in_order
from ebok.ports import Column, ColumnType, RowRule, Value

READING_KINDS = {kind.name.lower(): int(kind) for kind in ReadingKind}
READING_STATES = {state.name.lower(): int(state) for state in ReadingState}


def code(name: str, title: object, **more: object) -> Column:
    """A name given by the billing system."""
    more = {"max_length": 40, **more}
    return Column(name=name, title=title, type=ColumnType.CODE, **more)  # type: ignore[arg-type]


def day(name: str, title: object, **more: object) -> Column:
    """A day."""
    return Column(name=name, title=title, type=ColumnType.DATE, **more)  # type: ignore[arg-type]


def number(name: str, title: object, **more: object) -> Column:
    """A number with decimals; money unless told."""
    return Column(name=name, title=title, type=ColumnType.DECIMAL, **more)  # type: ignore[arg-type]


def choice(name: str, title: object, choices: Mapping[str, str | int], **more: object) -> Column:
    """One of these words."""
    return Column(name=name, title=title, type=ColumnType.CHOICE, choices=choices, **more)  # type: ignore[arg-type]


def names(choices: type) -> dict[str, str | int]:
    """The words of choices that are stored as they are written."""
    return {str(choice): str(choice) for choice in choices}  # type: ignore[attr-defined]


def is_part(part: Value, whole: Value) -> bool:
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
PERIOD = in_order("period_from", "period_to", _("The period ends before it begins."))
VALIDITY = in_order("valid_from", "valid_to", _("It ends before it begins."))
OPEN_PART = "{part} = 0 OR ({part} > 0 AND {part} <= {whole}) OR ({part} < 0 AND {part} >= {whole})"

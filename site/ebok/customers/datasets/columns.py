"""Columns and references that several datasets share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ebok.customers.models import CustomerKind, PointStatus, Service, SettlementForm
from ebok.ports import Check, Column, ColumnType, Reference, RowRule, Value

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

CUSTOMER_CODE = Column(
    name="customer_code",
    title=_("customer code"),
    type=ColumnType.CODE,
    field="",
    required=True,
    max_length=40,
    example="K-000123",
)
OWNER = Reference(columns=("customer_code",), dataset="customers", field="customer_id")

FORMS = {str(form): str(form) for form in SettlementForm}
KINDS = {str(kind): str(kind) for kind in CustomerKind}
SERVICES = {str(service): str(service) for service in Service}
STATUSES = {str(status): str(status) for status in PointStatus}


def address() -> tuple[Column, ...]:
    """The columns of `customers.models.Address`."""
    return (
        Column(name="street", title=_("street"), max_length=120, example="ul. Lipowa"),
        Column(name="house", title=_("house number"), max_length=20, example="5"),
        Column(name="flat", title=_("flat number"), max_length=20, example="3"),
        Column(name="postcode", title=_("postcode"), max_length=10, check=Check.POSTCODE, example="62-200"),
        Column(name="town", title=_("town"), max_length=80, example="Lipowo"),
    )


METER_NUMBER = Column(
    name="meter_number",
    title=_("meter number"),
    type=ColumnType.CODE,
    field="",
    required=True,
    max_length=40,
    example="17-123456",
)


def in_order(first: str, last: str, sentence: Text) -> RowRule:
    """The rule that two days of a row stand in order; either may be empty."""

    def holds(row: Mapping[str, Value]) -> bool:
        begins, ends = row[first], row[last]
        return begins is None or ends is None or begins <= ends  # type: ignore[operator]

    return RowRule(
        columns=(first, last),
        sentence=sentence,
        holds=holds,
        sql=f"{first} IS NULL OR {last} IS NULL OR {first} <= {last}",
    )

"""Rows of the delivery as they are written: text, named and ordered as the datasets declare it.

A test holds the fields to the declared columns. Keys of `BY_DATASET` are keys of datasets.
"""

from __future__ import annotations

from typing import NamedTuple


class Group(NamedTuple):
    code: str
    name: str


class Customer(NamedTuple):
    code: str
    name: str
    kind: str
    status: str
    nip: str
    regon: str
    pesel: str
    e_delivery: str
    street: str
    house: str
    flat: str
    postcode: str
    town: str
    correspondence_name: str
    correspondence_street: str
    correspondence_house: str
    correspondence_flat: str
    correspondence_postcode: str
    correspondence_town: str
    email: str
    phone: str
    virtual_account: str
    settlement_form: str
    since_on: str


class Member(NamedTuple):
    customer_code: str
    group_code: str


class Contract(NamedTuple):
    customer_code: str
    number: str
    name: str
    concluded_with: str
    concluded_on: str
    valid_from: str
    valid_to: str
    recipient_kind: str
    scan: str


class Point(NamedTuple):
    customer_code: str
    code: str
    name: str
    street: str
    house: str
    flat: str
    postcode: str
    town: str
    service: str
    status: str
    registered_on: str
    changed_on: str
    contract_number: str
    settlement_form: str
    tariff_code: str
    norm_code: str
    persons: str
    reading_zone: str


class Meter(NamedTuple):
    customer_code: str
    point_code: str
    number: str
    mounted_on: str
    mounted_state: str
    removed_on: str
    removed_state: str
    producer: str
    diameter: str
    connection_owner: str
    verified_year: str
    verified_to: str
    kind: str
    is_active: str
    seal: str
    radio_number: str
    radio_kind: str
    unit: str
    digits: str
    decimals: str
    role: str


class Register(NamedTuple):
    customer_code: str
    meter_number: str
    number: str
    name: str
    unit: str
    multiplier: str


class Tariff(NamedTuple):
    code: str
    name: str
    service: str


class TariffVersion(NamedTuple):
    tariff_code: str
    valid_from: str
    valid_to: str
    decision: str


class TariffComponent(NamedTuple):
    tariff_code: str
    valid_from: str
    code: str
    name: str
    kind: str
    unit: str
    net_price: str
    vat_rate: str


class Norm(NamedTuple):
    code: str
    name: str
    monthly_quantity: str
    unit: str
    valid_from: str
    valid_to: str


class Invoice(NamedTuple):
    customer_code: str
    number: str
    kind: str
    is_cancelled: str
    issued_on: str
    sold_on: str
    due_on: str
    period_from: str
    period_to: str
    net: str
    vat: str
    gross: str
    open_amount: str
    paid_on: str
    usage: str
    usage_unit: str
    account: str
    contract_number: str
    corrects_number: str
    correction_reason: str
    ksef_mode: str
    ksef_number: str
    ksef_accepted_at: str
    ksef_sha256: str
    ksef_upo: str


class InvoiceLine(NamedTuple):
    customer_code: str
    invoice_number: str
    position: str
    kind: str
    name: str
    point_code: str
    meter_number: str
    register: str
    read_from_on: str
    read_from: str
    read_to_on: str
    read_to: str
    quantity: str
    unit: str
    unit_price: str
    net: str
    vat_rate: str
    vat: str
    gross: str


class Reading(NamedTuple):
    customer_code: str
    meter_number: str
    read_on: str
    register: str
    kind: str
    value: str
    usage: str
    state: str
    reason: str
    invoice_number: str
    invoice_position: str


class LedgerEntry(NamedTuple):
    customer_code: str
    number: str
    kind: str
    title: str
    document_number: str
    invoice_number: str
    booked_on: str
    due_on: str
    amount: str
    open_amount: str


class Payment(NamedTuple):
    customer_code: str
    number: str
    paid_on: str
    booked_on: str
    amount: str
    method: str
    title: str
    account: str
    reversed_on: str


class Allocation(NamedTuple):
    customer_code: str
    payment_number: str
    entry_number: str
    amount: str
    booked_on: str


Row = tuple[str, ...]

BY_DATASET: dict[str, type[tuple[str, ...]]] = {
    "groups": Group,
    "customers": Customer,
    "group_members": Member,
    "contracts": Contract,
    "service_points": Point,
    "meters": Meter,
    "registers": Register,
    "tariffs": Tariff,
    "tariff_versions": TariffVersion,
    "tariff_components": TariffComponent,
    "norms": Norm,
    "invoices": Invoice,
    "invoice_lines": InvoiceLine,
    "readings": Reading,
    "ledger": LedgerEntry,
    "payments": Payment,
    "allocations": Allocation,
}


class Rows:
    """Rows gathered for each dataset until somebody writes them."""

    def __init__(self) -> None:
        self.of: dict[str, list[Row]] = {key: [] for key in BY_DATASET}

    def clear(self) -> None:
        """Forget what was written."""
        for rows in self.of.values():
            rows.clear()


_HUNDREDTHS = tuple(f".{part:02d}" for part in range(100))
_THOUSANDTHS = tuple(f".{part:03d}" for part in range(1000))


def money(grosze: int) -> str:
    """Grosze as zlotys with two decimals."""
    if grosze < 0:
        return f"-{-grosze // 100}{_HUNDREDTHS[-grosze % 100]}"
    return f"{grosze // 100}{_HUNDREDTHS[grosze % 100]}"


def thousandths(value: int) -> str:
    """Thousandths of a unit with three decimals."""
    if value < 0:
        return f"-{-value // 1000}{_THOUSANDTHS[-value % 1000]}"
    return f"{value // 1000}{_THOUSANDTHS[value % 1000]}"


def price(value: int) -> str:
    """Hundred-thousandths of a zloty with five decimals."""
    return f"{value // 100_000}.{value % 100_000:05d}"

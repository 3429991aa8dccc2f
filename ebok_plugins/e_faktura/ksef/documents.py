"""An invoice of KSeF as the portal works with it: who, what, how much, until when. Pure data.

These are the parts other code decides by. The page that shows everything a document holds is made from
the document itself (`showing`), so that nothing is lost which has no name here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

CORRECTIONS = frozenset({"KOR", "KOR_ZAL", "KOR_ROZ"})


@dataclass(frozen=True)
class Address:
    """An address as it stands on the invoice."""

    country: str
    first: str
    second: str = ""
    gln: str = ""


@dataclass(frozen=True)
class Party:
    """Somebody named on the invoice. `field` is Podmiot1, Podmiot2, Podmiot3 or PodmiotUpowazniony.

    `nip` is "" for whoever has none; `other_number` then holds a foreign number, or the internal one.
    `role` is the code of the schema, or the words of another role.
    """

    field: str
    name: str
    nip: str = ""
    other_number: str = ""
    has_no_number: bool = False
    address: Address | None = None
    customer_number: str = ""
    key: str = ""
    role: str = ""
    share: Decimal | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class RateSum:
    """What was sold at one rate. `key` is the end of the field's name: P_13_<key>."""

    key: str
    net: Decimal
    vat: Decimal | None
    vat_in_zloty: Decimal | None


@dataclass(frozen=True)
class Line:
    """A line of the invoice, or of the order. Everything but the number may be missing."""

    number: int
    name: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    net_price: Decimal | None = None
    gross_price: Decimal | None = None
    net: Decimal | None = None
    gross: Decimal | None = None
    vat: Decimal | None = None
    rate: str = ""
    is_before: bool = False
    """As it was before the correction."""


@dataclass(frozen=True)
class Corrected:
    """An invoice this one corrects. `ksef_number` is "" for one that was issued outside KSeF."""

    number: str
    issued_on: date
    ksef_number: str = ""


@dataclass(frozen=True)
class Charge:
    """A charge added to the total, or a deduction from it."""

    amount: Decimal
    reason: str


@dataclass(frozen=True)
class Settlement:
    """What is added to the total and taken from it: interest, overpayments, arrears."""

    charges: tuple[Charge, ...] = ()
    deductions: tuple[Charge, ...] = ()
    charges_sum: Decimal | None = None
    deductions_sum: Decimal | None = None
    to_pay: Decimal | None = None
    overpaid: Decimal | None = None


@dataclass(frozen=True)
class BankAccount:
    """An account to pay to."""

    number: str
    bank: str = ""
    swift: str = ""
    description: str = ""
    is_of_factor: bool = False


@dataclass(frozen=True)
class PartPaid:
    """A part that was paid before the invoice was issued."""

    amount: Decimal
    on: date


@dataclass(frozen=True)
class Payment:
    """Until when and how to pay, and what has been paid already."""

    due_on: tuple[date, ...] = ()
    due_in_words: tuple[str, ...] = ()
    way: str = ""
    accounts: tuple[BankAccount, ...] = ()
    paid_on: date | None = None
    parts: tuple[PartPaid, ...] = ()
    link: str = ""
    identifier: str = ""


@dataclass(frozen=True)
class Table:
    """A table of an attachment. `columns` are (kind, name); kind is date, datetime, dec, int, time or txt.

    A row may have fewer cells than there are columns: a single one is a heading inside the table.
    """

    description: str
    about: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A block of an attachment: of one place, as a rule, with its meters and readings."""

    title: str
    about: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Document:
    """An invoice FA(3)."""

    made_at: datetime
    system: str
    seller: Party
    buyer: Party
    others: tuple[Party, ...]
    authorised: Party | None
    concerns_local_government: bool
    concerns_vat_group: bool
    kind: str
    number: str
    issued_on: date
    issued_at: str
    sold_on: date | None
    period: tuple[date, date] | None
    currency: str
    sums: tuple[RateSum, ...]
    gross: Decimal
    is_split_payment: bool
    is_margin: bool
    corrects: tuple[Corrected, ...]
    correction_reason: str
    lines: tuple[Line, ...]
    ordered: tuple[Line, ...]
    settlement: Settlement | None
    payment: Payment | None
    contracts: tuple[str, ...]
    descriptions: tuple[tuple[str, str], ...]
    attachment: tuple[Block, ...]

    @property
    def is_correction(self) -> bool:
        """Whether it corrects another invoice."""
        return self.kind in CORRECTIONS

    @property
    def to_pay(self) -> Decimal:
        """What the customer is to pay: the settlement's word where there is one, else the total."""
        if self.settlement is not None and self.settlement.to_pay is not None:
            return self.settlement.to_pay
        if self.settlement is not None and self.settlement.overpaid is not None:
            return Decimal(0)
        return self.gross

    @property
    def customer_numbers(self) -> tuple[str, ...]:
        """Customer numbers the invoice names, the buyer's first, without doubles."""
        found = [self.buyer.customer_number, *(other.customer_number for other in self.others)]
        return tuple(dict.fromkeys(number for number in found if number))

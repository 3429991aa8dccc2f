"""The form of readings: some meters of one customer, each register with a field, judged as one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.customers.models import Customer, Meter
from ebok.files.checking import PICTURES, CheckedFile, check
from ebok_plugins.e_odczyt import costing, knowing
from ebok_plugins.e_odczyt.models import ReadingWindow
from ebok_plugins.e_odczyt.rules import Judgement, Known, Limits, Past, judge, usual_of
from ebok_plugins.e_odczyt.wording import sentence_of

REMARK = 300
TYPED = 40
"""Signs of a number worth reading."""


@dataclass
class Field:
    """One register: what was typed, what is said about it, what it will cost."""

    meter: Meter
    number: int
    title: str
    unit: str
    known: Known
    typed: str = ""
    confirmed: bool = False
    remark: str = ""
    judgement: Judgement = field(default_factory=Judgement)
    cost: Decimal | None = None
    usual: Decimal | None = None

    @property
    def name(self) -> str:
        """Of the input, and the stem of those beside it."""
        return f"m{self.meter.pk}-{self.number}"

    @property
    def last(self) -> Past | None:
        """The reading before."""
        return self.known.last

    @property
    def is_filled(self) -> bool:
        """Whether anything was typed; registers left empty are not sent."""
        return bool(self.typed)

    @property
    def longest(self) -> int:
        """Signs the input takes: more than the dial has, so that red digits are seen and explained."""
        return self.meter.digits + 5

    @cached_property
    def errors(self) -> list[tuple[str, str]]:
        """Why it cannot be sent: sentence and advice."""
        return self._said(refusing=True)

    @cached_property
    def warnings(self) -> list[tuple[str, str]]:
        """What must be confirmed: sentence and advice."""
        return self._said(refusing=False)

    @property
    def needs_confirmation(self) -> bool:
        """Whether only the tick is missing."""
        return self.is_filled and not self.judgement.refuses and self.judgement.asks and not self.confirmed

    def _said(self, *, refusing: bool) -> list[tuple[str, str]]:
        return [
            sentence_of(finding, unit=self.unit, decimals=self.meter.decimals)
            for finding in self.judgement.findings
            if finding.refuses == refusing
        ]


@dataclass
class Card:
    """A meter with its registers and its photograph."""

    meter: Meter
    fields: list[Field]
    photo: CheckedFile | None = None
    photo_error: str = ""

    @property
    def photo_name(self) -> str:
        """Of the input."""
        return f"m{self.meter.pk}-zdjecie"

    @property
    def is_part(self) -> bool:
        """Whether its usage runs through another meter, so that no cost can be told."""
        return self.meter.role in costing.PART_OF


@dataclass(frozen=True)
class Fault:
    """One line of the summary of errors: the id of the input and what is wrong."""

    anchor: str
    sentence: str


class Sheet:
    """Meters to read, filled in or not. `judge` must run before anything is asked about errors."""

    def __init__(
        self,
        customer: Customer,
        meters: Sequence[Meter],
        site: Site,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self.customer = customer
        self.site = site
        self.today = timezone.localdate()
        self.data: Mapping[str, Any] = data or {}
        self.files: Mapping[str, Any] = files or {}
        self.settings = knowing.site_settings(site)
        self.limits = knowing.limits_of(self.settings)
        self.windows = knowing.windows_of(site, self.today)
        known = knowing.known_of(customer, meters, self.limits)
        self.prices = costing.prices_of((meter.point.tariff_code for meter in meters), self.today)
        self.cards = [self._card(meter, known) for meter in meters]
        self.typed_day = _text(self.data, "dzien", 10)
        self.on = parse_day(self.typed_day) or self.today
        self.key = _key(_text(self.data, "klucz", 36))
        self.faults: list[Fault] = []

    @property
    def fields(self) -> list[Field]:
        """All registers in the order of the form."""
        return [found for card in self.cards for found in card.fields]

    @property
    def filled(self) -> list[Field]:
        """Those to be sent."""
        return [found for found in self.fields if found.is_filled]

    @property
    def total(self) -> Decimal | None:
        """Expected cost of everything that can be sent; None where no price is known."""
        costs = [
            found.cost for found in self.filled if found.cost is not None and not found.judgement.refuses
        ]
        return sum(costs, Decimal(0)) if costs else None

    @property
    def left_out(self) -> list[Field]:
        """What is filled in and cannot be sent, so the total goes without it."""
        return [found for found in self.filled if found.judgement.refuses]

    @property
    def window(self) -> ReadingWindow | None:
        """The window of the first meter that has one, open or next to come."""
        zones = dict.fromkeys(card.meter.point.reading_zone for card in self.cards)
        return next((found for zone in zones if (found := self.windows.current(zone, self.today))), None)

    @property
    def is_window_open(self) -> bool:
        """Whether readings of today are taken for at least one of the meters."""
        zones = {card.meter.point.reading_zone for card in self.cards}
        return any(self.windows.is_open(zone, self.today) for zone in zones)

    @property
    def is_final(self) -> bool:
        """Whether everything that was typed can be sent as it stands."""
        return not self.faults and not any(found.needs_confirmation for found in self.filled)

    def judge(self) -> None:
        """Look at everything that was typed and find its faults."""
        for found in self.fields:
            self._judge(found)
        if self.typed_day and parse_day(self.typed_day) is None:
            self.faults.append(Fault("dzien", _("Write the day like this: 14.05.2026.")))
        if not self.filled:
            first = self.fields[0].name if self.fields else "tresc"
            self.faults.append(Fault(first, _("Type the state of at least one meter.")))
        for found in self.filled:
            self.faults += [Fault(found.name, f"{self.label(found)}: {bold}") for bold, _rest in found.errors]
            if found.needs_confirmation:
                sentence = _("%(meter)s: confirm that the state is right.") % {"meter": self.label(found)}
                self.faults.append(Fault(f"{found.name}-tak", sentence))

    def check_photos(self) -> None:
        """Read the photographs of meters that are filled in. Only when sending: it is slow."""
        for card in self.cards:
            upload = self.files.get(card.photo_name)
            if not isinstance(upload, UploadedFile) or not any(found.is_filled for found in card.fields):
                continue
            try:
                card.photo = check(upload, PICTURES, self.settings.photo_bytes)
            except ValidationError as error:
                card.photo_error = " ".join(error.messages)
                self.faults.append(Fault(card.photo_name, card.photo_error))

    def label(self, found: Field) -> str:
        """How the summary names a register."""
        title = f", {found.title}" if found.title else ""
        return _("Meter %(number)s%(register)s") % {"number": found.meter.number, "register": title}

    def _card(self, meter: Meter, known: Mapping[knowing.Register, Known]) -> Card:
        rows = {row.number: row for row in meter.registers.all()}
        fields = []
        for number in knowing.numbers_of(meter):
            row = rows.get(number)
            title = row.name if row else ""
            if not title and len(rows) > 1:
                title = _("register %(number)d") % {"number": number}
            made = Field(meter, number, title, row.unit if row else meter.unit, known[meter.pk, number])
            made.typed = _text(self.data, made.name, TYPED)
            made.confirmed = bool(self.data.get(f"{made.name}-tak"))
            made.remark = _text(self.data, f"{made.name}-uwaga", REMARK)
            fields.append(made)
        return Card(meter, fields)

    def _judge(self, found: Field) -> None:
        point = found.meter.point
        limits: Limits = self.limits[point.service]
        found.usual = usual_of(found.known, self.on)
        if not found.is_filled:
            return
        is_open = self.windows.is_open(point.reading_zone, self.on)
        found.judgement = judge(found.typed, self.on, found.known, limits, self.today, in_window=is_open)
        found.cost = self.prices.cost(
            found.judgement.usage,
            tariff=point.tariff_code,
            unit=found.unit,
            role=found.meter.role,
            register=found.number,
            registers=len(knowing.numbers_of(found.meter)),
        )


def parse_day(typed: str) -> date | None:
    """A day as browsers send it or as people write it; None for what is none."""
    parts = typed.split(".")
    if len(parts) == 3 and all(part.isascii() and part.isdecimal() for part in parts):
        day, month, year = (int(part) for part in parts)
        try:
            return date(year, month, day)
        except ValueError:
            return None
    try:
        return parse_date(typed)
    except ValueError:
        return None


def _text(data: Mapping[str, Any], name: str, longest: int) -> str:
    typed = str(data.get(name, "") or "").replace("\x00", "")
    return " ".join(typed.split())[:longest]


def _key(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return uuid.uuid4()

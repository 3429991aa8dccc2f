"""Bills what was read: documents with their lines, and corrections of a document that was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ebok.operations.town.metering import ends_period
from ebok.operations.town.months import Calendar, Month
from ebok.operations.town.plan import Chain, Plan, PointPlan, Step
from ebok.operations.town.prices import NORM_BY_CODE, Priced, net_of, priced, vat_of

MISREAD = 10_000
"""By how much the document that is corrected later was wrong: ten cubic metres."""
_OVERDONE = 1_000
"""By how much the first of two corrections went too far."""


@dataclass(slots=True)
class Line:
    """One line; `quantity` and values in thousandths, amounts in grosze."""

    priced: Priced
    point: str
    quantity: int
    net: int
    vat: int
    meter: str = ""
    register: int = 0
    day_from: int = 0
    value_from: int = 0
    day_to: int = 0
    value_to: int = 0


@dataclass(slots=True)
class Document:
    """An invoice or a correction. `open` and `paid` are filled in by the books."""

    number: str
    kind: str
    issued: int
    due: int
    period_from: int
    period_to: int
    usage: int
    unit: str
    lines: list[Line] = field(default_factory=list)
    net: int = 0
    vat: int = 0
    corrects: str = ""
    reason: str = ""
    open: int = 0
    paid: int = 0

    @property
    def gross(self) -> int:
        """Net and VAT."""
        return self.net + self.vat

    def total(self) -> None:
        """Sum the lines."""
        self.net = sum(line.net for line in self.lines)
        self.vat = sum(line.vat for line in self.lines)


def bill(plan: Plan, calendar: Calendar) -> list[Document]:
    """The customer's documents in the order of their dates; the steps they settle are marked."""
    documents = [
        document
        for months in _periods(plan, calendar)
        if (document := _invoice(plan, months, calendar)) is not None
    ]
    if plan.wish.corrections:
        documents += _corrections(plan, documents, calendar)
        documents.sort(key=lambda document: document.issued)
    return documents


def _periods(plan: Plan, calendar: Calendar) -> Iterator[list[Month]]:
    """Months billed together; months that wait for their bill are left out."""
    gathered: list[Month] = []
    for month in calendar.months[plan.first : plan.last + 1]:
        gathered.append(month)
        if ends_period(plan, month, calendar):
            yield gathered
            gathered = []


def _invoice(plan: Plan, months: list[Month], calendar: Calendar) -> Document | None:
    last = months[-1]
    issued = last.last + plan.lag
    if issued > calendar.end:
        return None
    label = calendar.iso(issued)
    final = last.place == plan.last and plan.closes(calendar)
    document = Document(
        number=f"FV/{label[:4]}/{label[5:7]}/{plan.index:06d}",
        kind="final" if final else "invoice",
        issued=issued,
        due=issued + plan.due,
        period_from=months[0].first,
        period_to=last.last,
        usage=0,
        unit="",
    )
    for point in plan.points:
        for year, group in _by_prices(months):
            _Meterman(document, point, group, year).lines()
    document.total()
    return document


def _by_prices(months: list[Month]) -> list[tuple[int, list[Month]]]:
    if months[0].tariff_year == months[-1].tariff_year:
        return [(months[0].tariff_year, months)]
    groups: dict[int, list[Month]] = {}
    for month in months:
        groups.setdefault(month.tariff_year, []).append(month)
    return list(groups.items())


class _Meterman:
    """Writes the lines of one point for months with the same prices."""

    def __init__(self, document: Document, point: PointPlan, months: Sequence[Month], year: int) -> None:
        self.document = document
        self.point = point
        self.months = months
        self.year = year
        self.first, self.last = months[0].place, months[-1].place

    def lines(self) -> None:
        """All lines of the point."""
        service = self.point.service
        if service in {"water", "water_sewage"}:
            if self.point.norm:
                self._by_norm()
            else:
                self._water()
            self._fixed("ABONAMENT", len(self.months))
        elif service == "rain":
            self._fixed("DESZCZ", self.point.area * len(self.months))
        elif service == "waste":
            self._fixed("ODPADY", self.point.persons * len(self.months))
        elif service == "heat":
            self._heat()
        else:
            self._power()

    def _water(self) -> None:
        used = 0
        steps: list[Step] = []
        for run in self._runs(self.point.chains[0]):
            self._settling("WODA", self.point.chains[0], run)
            used += run[-1].value - run[0].value_from
            steps += run
        watered = 0
        garden: list[Step] = []
        for chain in self.point.chains[1:]:
            for run in self._runs(chain):
                watered += run[-1].value - run[0].value_from
                garden += run
        self._count_usage(used, "m³")
        if self.point.service == "water_sewage":
            line = self._line("SCIEKI", max(0, used - watered))
            if len({step.meter for step in steps}) == 1 and not garden:
                _copy_states(line, self.point.chains[0].register, steps)
        # A garden meter is settled by the line it lowers, or by the last one where there are no sewers.
        self._mark(garden)

    def _by_norm(self) -> None:
        quantity = NORM_BY_CODE[self.point.norm].quantity * self.point.persons * len(self.months)
        self._count_usage(quantity, "m³")
        self._line("WODA", quantity)
        if self.point.service == "water_sewage":
            self._line("SCIEKI", quantity)

    def _heat(self) -> None:
        for chain in self.point.chains:
            for run in self._runs(chain):
                self._settling("CIEPLO", chain, run)
                self._line("PRZESYL", run[-1].value - run[0].value_from)
        self._fixed("MOC", len(self.months))

    def _power(self) -> None:
        for chain in self.point.chains:
            for run in self._runs(chain):
                self._settling("ENERGIA-D" if chain.register == 1 else "ENERGIA-N", chain, run)
        self._fixed("DYSTRYBUCJA", len(self.months))

    def _runs(self, chain: Chain) -> list[list[Step]]:
        """The chain's steps in these months, those of each meter together."""
        runs: list[list[Step]] = []
        for step in chain.steps:
            if self.first <= step.place <= self.last:
                if runs and runs[-1][-1].meter == step.meter:
                    runs[-1].append(step)
                else:
                    runs.append([step])
        return runs

    def _settling(self, code: str, chain: Chain, run: list[Step]) -> None:
        line = self._line(code, run[-1].value - run[0].value_from)
        _copy_states(line, chain.register, run)
        self._mark(run)

    def _mark(self, steps: list[Step]) -> None:
        position = len(self.document.lines)
        for step in steps:
            step.invoice, step.position = self.document.number, position

    def _fixed(self, code: str, quantity: int) -> None:
        self._line(code, quantity * 1000)

    def _line(self, code: str, quantity: int) -> Line:
        line = _line(priced(self.point.tariff, code, self.year), self.point.code, quantity)
        self.document.lines.append(line)
        return line

    def _count_usage(self, quantity: int, unit: str) -> None:
        self.document.usage += quantity
        self.document.unit = unit


def _line(price: Priced, point: str, quantity: int) -> Line:
    net = net_of(quantity, price.price)
    return Line(price, point, quantity, net, vat_of(net, price.vat))


def _copy_states(line: Line, register: int, steps: Sequence[Step]) -> None:
    first, last = steps[0], steps[-1]
    line.meter, line.register = last.meter, register
    line.day_from, line.value_from = first.day_from, first.value_from
    line.day_to, line.value_to = last.day, last.value


# Corrections ----------------------------------------------------------------------------


def _corrections(plan: Plan, documents: list[Document], calendar: Calendar) -> list[Document]:
    """Put a misread state into a document and correct it: once, or once too far and then right.

    Nothing happens where no document is old enough for its corrections to be issued by now.
    """
    steps = (-MISREAD,) if plan.wish.corrections == 1 else (-MISREAD - _OVERDONE, _OVERDONE)
    wrong = next(
        (
            document
            for document in reversed(documents)
            if document.issued + 24 * len(steps) <= calendar.end and _water_line(document) is not None
        ),
        None,
    )
    if wrong is None:
        return []
    changed = _misread(wrong)
    found = []
    corrected, value = wrong.number, changed[0].value_to
    for turn, step in enumerate(steps):
        value += step
        issued = wrong.issued + 24 * (turn + 1)
        label = calendar.iso(issued)
        document = Document(
            number=f"FK/{label[:4]}/{label[5:7]}/{plan.index:06d}" + (f"/{turn + 1}" if turn else ""),
            kind="correction",
            issued=issued,
            due=issued + plan.due,
            period_from=wrong.period_from,
            period_to=wrong.period_to,
            usage=step,
            unit=wrong.unit,
            corrects=corrected,
            reason="Błędnie odczytany stan wodomierza" if turn == 0 else "Pomyłka w poprzedniej korekcie",
        )
        document.lines = [_difference(line, step, value) for line in changed]
        document.total()
        found.append(document)
        corrected = document.number
    return found


def _water_line(document: Document) -> Line | None:
    """The document's line for water where it can be misread: one meter, and enough of it."""
    lines = [line for line in document.lines if line.priced.code == "WODA"]
    if len(lines) == 1 and lines[0].meter and lines[0].quantity > 2 * _OVERDONE:
        return lines[0]
    return None


def _misread(document: Document) -> list[Line]:
    """Make the document wrong; returns the lines that are."""
    changed = []
    for line in document.lines:
        if line.priced.code in {"WODA", "SCIEKI"}:
            line.quantity += MISREAD
            line.value_to += MISREAD if line.meter else 0
            line.net = net_of(line.quantity, line.priced.price)
            line.vat = vat_of(line.net, line.priced.vat)
            changed.append(line)
    document.usage += MISREAD
    document.total()
    return changed


def _difference(line: Line, quantity: int, value: int) -> Line:
    found = _line(line.priced, line.point, quantity)
    found.meter, found.register = line.meter, line.register
    found.day_from, found.value_from, found.day_to = line.day_from, line.value_from, line.day_to
    found.value_to = value if line.meter else 0
    return found

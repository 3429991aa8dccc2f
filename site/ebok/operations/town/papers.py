"""Turns a customer into rows of the delivery."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ebok.operations.town import numbers, rows
from ebok.operations.town.accounts import Books
from ebok.operations.town.drawing import email_of
from ebok.operations.town.invoicing import Document, Line, bill
from ebok.operations.town.metering import opening_day
from ebok.operations.town.months import Calendar
from ebok.operations.town.plan import Chain, MeterPlan, Plan, PointPlan, Step
from ebok.operations.town.rows import Rows, money, thousandths
from ebok.operations.town.streets import POSTCODE, TOWN

KSEF_SINCE = "2026-04-01"
"""From this day firms get their invoices through KSeF."""
_OFFLINE = 4
"""How many last documents of the offline story were issued outside KSeF's hours."""
_ZONE = ZoneInfo("Europe/Warsaw")
DEFAULT_GROUP = "CLIENTS"
_GROUPS = {"company": "FIRMS", "community": "BUILDINGS", "institution": "INSTITUTIONS"}
GROUPS = (
    (DEFAULT_GROUP, "Klienci"),
    ("FIRMS", "Firmy"),
    ("BUILDINGS", "Wspólnoty i spółdzielnie"),
    ("INSTITUTIONS", "Instytucje"),
)


def write_customer(plan: Plan, calendar: Calendar, into: Rows) -> None:
    """Bill the customer, close the books and add every row."""
    documents = bill(plan, calendar)
    books = Books(plan, documents, calendar)
    books.close()
    _Clerk(plan, calendar, into).write(documents, books)


class _Clerk:
    """Writes the rows of one customer."""

    def __init__(self, plan: Plan, calendar: Calendar, into: Rows) -> None:
        self.plan = plan
        self.calendar = calendar
        self.iso = calendar.iso
        self.of = into.of
        self.contract = plan.contract or f"UM/{self.iso(plan.since)[:4]}/{plan.index:06d}"

    def write(self, documents: list[Document], books: Books) -> None:
        """Everything, in the order in which it refers to each other."""
        self._customer()
        self._contract()
        for point in self.plan.points:
            self._point(point)
        for place, document in enumerate(documents):
            self._document(document, len(documents) - place)
        self._readings()
        self._books(books)

    # Who and where ------------------------------------------------------------------------

    def _customer(self) -> None:
        plan, wish = self.plan, self.plan.wish
        name, letters = wish.letters_to if wish.letters_to else ("", None)
        self.of["customers"].append(
            rows.Customer(
                code=plan.code,
                name=plan.name,
                kind=wish.kind,
                status=wish.status,
                nip=numbers.nip(plan.index) if plan.is_firm else "",
                regon=numbers.regon(plan.index) if plan.is_firm else "",
                pesel="" if plan.is_firm else numbers.pesel(plan.index, woman=plan.woman),
                e_delivery=numbers.e_delivery(plan.index) if plan.is_firm or plan.index % 25 == 1 else "",
                street=plan.street,
                house=plan.house,
                flat=plan.flat,
                postcode=POSTCODE,
                town=TOWN,
                correspondence_name=name,
                correspondence_street=letters.street if letters else "",
                correspondence_house=letters.house if letters else "",
                correspondence_flat=letters.flat if letters else "",
                correspondence_postcode=POSTCODE if letters else "",
                correspondence_town=TOWN if letters else "",
                email=email_of(plan),
                phone=numbers.phone(plan.index) if plan.index % 7 else "",
                virtual_account=plan.account,
                settlement_form=plan.points[0].form,
                since_on=self.iso(plan.since),
            )
        )
        groups = [DEFAULT_GROUP, _GROUPS[wish.kind]] if wish.kind in _GROUPS else [DEFAULT_GROUP]
        self.of["group_members"].extend(rows.Member(plan.code, group) for group in groups)

    def _contract(self) -> None:
        plan = self.plan
        sewage = plan.points[0].service == "water_sewage"
        self.of["contracts"].append(
            rows.Contract(
                customer_code=plan.code,
                number=self.contract,
                name=f"Umowa o zaopatrzenie w wodę{' i odprowadzanie ścieków' if sewage else ''}",
                concluded_with=plan.name,
                concluded_on=self.iso(plan.since - 10),
                valid_from=self.iso(plan.since),
                valid_to=self._left(),
                recipient_kind=plan.wish.kind,
                scan="",
            )
        )

    def _left(self) -> str:
        """The last day of a customer who left; "" for the others."""
        plan = self.plan
        if not plan.closes(self.calendar):
            return ""
        return self.iso(self.calendar.months[plan.last].last if plan.last >= 0 else self.calendar.start)

    def _point(self, point: PointPlan) -> None:
        plan = self.plan
        self.of["service_points"].append(
            rows.Point(
                customer_code=plan.code,
                code=point.code,
                name=point.name,
                street=point.street,
                house=point.house,
                flat=point.flat,
                postcode=POSTCODE,
                town=TOWN,
                service=point.service,
                status=plan.wish.status,
                registered_on=self.iso(plan.since),
                changed_on=self._left(),
                contract_number=self.contract,
                settlement_form=point.form,
                tariff_code=point.tariff,
                norm_code=point.norm,
                persons=str(point.persons) if point.persons else "",
                reading_zone=f"R{plan.zone}",
            )
        )
        for meter in point.meters:
            if meter.stays:
                self._meter(point, meter)

    def _meter(self, point: PointPlan, meter: MeterPlan) -> None:
        plan = self.plan
        removed = bool(meter.removed)
        gone = removed or plan.wish.status == "closed"
        self.of["meters"].append(
            rows.Meter(
                customer_code=plan.code,
                point_code=point.code,
                number=meter.number,
                mounted_on=self.iso(meter.mounted),
                mounted_state=thousandths(meter.mounted_value),
                removed_on=self.iso(meter.removed) if removed else "",
                removed_state=thousandths(meter.removed_value) if removed else "",
                producer=meter.producer,
                diameter=str(meter.diameter) if meter.diameter else "",
                connection_owner="Odbiorca" if plan.index % 9 == 0 else "Wodociągi Miejskie w Lipowie",
                verified_year=str(meter.verified_year),
                verified_to=self.iso(meter.verified_to),
                kind=meter.kind,
                is_active="0" if gone else "1",
                seal=meter.seal,
                radio_number=meter.radio,
                radio_kind="wMBus OMS 868" if meter.radio else "",
                unit=meter.unit,
                digits=str(meter.digits),
                decimals=str(meter.decimals),
                role=meter.role,
            )
        )
        self.of["registers"].extend(
            rows.Register(plan.code, meter.number, str(number), name, meter.unit, "1.000")
            for number, name in enumerate(meter.registers, start=1)
        )

    # Documents ----------------------------------------------------------------------------

    def _document(self, document: Document, from_end: int) -> None:
        plan, iso = self.plan, self.iso
        issued = iso(document.issued)
        mode, number, accepted, sha, upo = self._ksef(document, from_end)
        self.of["invoices"].append(
            rows.Invoice(
                customer_code=plan.code,
                number=document.number,
                kind=document.kind,
                is_cancelled="0",
                issued_on=issued,
                sold_on=iso(document.period_to),
                due_on=iso(document.due),
                period_from=iso(document.period_from),
                period_to=iso(document.period_to),
                net=money(document.net),
                vat=money(document.vat),
                gross=money(document.gross),
                open_amount=money(document.open),
                paid_on=iso(document.paid) if document.paid and not document.open else "",
                usage=thousandths(document.usage),
                usage_unit=document.unit,
                account=plan.account,
                contract_number=self.contract,
                corrects_number=document.corrects,
                correction_reason=document.reason,
                ksef_mode=mode,
                ksef_number=number,
                ksef_accepted_at=accepted,
                ksef_sha256=sha,
                ksef_upo=upo,
            )
        )
        lines = self.of["invoice_lines"]
        for position, line in enumerate(document.lines, start=1):
            lines.append(self._line(document.number, position, line))

    def _line(self, number: str, position: int, line: Line) -> rows.InvoiceLine:
        priced, iso, metered = line.priced, self.iso, line.meter
        return rows.InvoiceLine(
            self.plan.code,
            number,
            str(position),
            priced.kind,
            priced.name,
            line.point,
            metered,
            str(line.register) if metered else "",
            iso(line.day_from) if metered else "",
            thousandths(line.value_from) if metered else "",
            iso(line.day_to) if metered else "",
            thousandths(line.value_to) if metered else "",
            thousandths(line.quantity),
            priced.unit,
            priced.price_text,
            money(line.net),
            priced.vat_text,
            money(line.vat),
            money(line.net + line.vat),
        )

    def _ksef(self, document: Document, from_end: int) -> tuple[str, str, str, str, str]:
        """Mode, number, moment of acceptance, sum of the XML and UPO of a document."""
        plan = self.plan
        offline = plan.wish.offline and from_end <= _OFFLINE
        if not plan.is_firm or not (offline or self.iso(document.issued) >= KSEF_SINCE):
            return "outside", "", "", "", ""
        # Whoever has the XML computes its sum; a sum nobody can compute would only contradict it.
        sha = ""
        if offline and from_end == 1:
            # Issued offline just now: the number is still to come.
            return "offline24", "", "", sha, ""
        day = _working_day_after(document.issued) if offline else document.issued
        year, month, number = map(int, self.iso(day).split("-"))
        moment = datetime(year, month, number, 9 + plan.index % 8, plan.index % 60, 7, tzinfo=_ZONE)
        name = numbers.ksef(document.number, day)
        mode = "offline24" if offline else "online"
        return mode, name, moment.isoformat(), sha, f"UPO-{name[11:32]}"

    # Readings -----------------------------------------------------------------------------

    def _readings(self) -> None:
        if self.plan.last < self.plan.first:
            return
        for point in self.plan.points:
            for chain in point.chains:
                self._chain(chain)

    def _chain(self, chain: Chain) -> None:
        register = str(chain.register)
        # Settled by a document older than the window.
        opening = Step(
            chain.meters[0].number, 0, 0, opening_day(self.plan, self.calendar), chain.start, "actual", 0
        )
        self._reading(opening, register, state="settled", usage="")
        for step in chain.steps:
            used = thousandths(step.value - step.value_from)
            self._reading(step, register, state="settled" if step.invoice else "pending", usage=used)
        if chain.steps and not chain.garden:
            self._asides(chain.steps[-1], register)

    def _asides(self, step: Step, register: str) -> None:
        """Readings that settle nothing: one that went backwards, one taken to check the meter."""
        if self.plan.wish.rejected:
            value = max(0, step.value_from - 17_000)
            backwards = Step(step.meter, 0, 0, step.day - 6, value, "customer", 0)
            self._reading(
                backwards, register, state="rejected", usage="", reason="Stan niższy od poprzedniego odczytu"
            )
        if self.plan.wish.control:
            value = step.value_from + (step.value - step.value_from) // 2000 * 1000
            check = Step(step.meter, 0, 0, step.day - 14, value, "actual", 0)
            self._reading(check, register, state="unsettled", usage="")

    def _reading(self, step: Step, register: str, *, state: str, usage: str, reason: str = "") -> None:
        self.of["readings"].append(
            rows.Reading(
                self.plan.code,
                step.meter,
                self.iso(step.day),
                register,
                step.kind,
                thousandths(step.value),
                usage,
                state,
                reason,
                step.invoice,
                str(step.position) if step.invoice else "",
            )
        )

    # Money --------------------------------------------------------------------------------

    def _books(self, books: Books) -> None:
        code, iso, plan = self.plan.code, self.iso, self.plan
        method = plan.wish.paying.method
        account = plan.account if method == "transfer" else ""
        for entry in books.entries:
            number = entry.document.number if entry.document else ""
            self.of["ledger"].append(
                rows.LedgerEntry(
                    code,
                    entry.number,
                    entry.kind,
                    entry.title,
                    number or entry.payment,
                    number,
                    iso(entry.day),
                    iso(entry.due),
                    money(entry.amount),
                    money(entry.open),
                )
            )
        for paid in books.payments:
            self.of["payments"].append(
                rows.Payment(
                    code,
                    paid.number,
                    iso(paid.day),
                    iso(paid.booked),
                    money(paid.amount),
                    method,
                    paid.title,
                    account,
                    iso(paid.returned) if paid.returned else "",
                )
            )
        self.of["allocations"].extend(
            rows.Allocation(code, payment, entry, money(amount), iso(day))
            for payment, entry, amount, day in books.allocations
        )


def _working_day_after(day: int) -> int:
    """The next day from Monday to Friday; ordinal 1 was a Monday."""
    following = day + 1
    while (following - 1) % 7 > 4:
        following += 1
    return following

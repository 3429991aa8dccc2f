"""Dashboard cards about money and usage, a report, and the two ways to begin something (K20-K23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from ebok.billing.models import ReadingKind
from ebok.billing.queries import Metered, MeterFacts, dues_of, metered_usage
from ebok.billing.queries.usage import WATER, UsageReading
from ebok.billing.spreading import by_month, month_of, months_before
from ebok.customers.models import Scope
from ebok.look.templatetags.eb import HARD, day_month, decimal
from ebok.plugins.gate import leads_somewhere
from ebok.ports import DashboardCard
from ebok.zones.acting import Acting, acting_of
from ebok_plugins.client_zone import charts
from ebok_plugins.client_zone.arranging import ARRANGEMENT, arrangement_of
from ebok_plugins.client_zone.reports import REPORTS

MONTHS_READ = 26
"""Two years to compare, and the months that have not been read yet."""
ON_CARD = 3
RHYTHM = 6
"""Intervals from which the day of the next reading is guessed."""
SOON = 7
"""Days before the next reading in which the card marks it."""
USAGE = "client_zone-usage"

REPORT_READING = ("client:e_odczyt:enter", "client:e_odczyt:new")
ADD_REQUEST = ("client:e_wniosek:new", "client:zgloszenia:new", "client:client_zone:new_request")
ADD_DOCUMENT = ("client:e_dokument:new", "public:e_dokument:list")
"""Pages a module may offer, the fittest first; a card leads to the first there is (K23)."""


def balance(request: HttpRequest) -> dict[str, Any] | None:
    """The balance with its terms; one query, and one for the age of the data when it is drawn."""
    acting = acting_of(request)
    if acting is None:
        return None
    today = timezone.localdate()
    return {"dues": dues_of(acting.customer, today), "today": today}


@dataclass(frozen=True)
class Last:
    """The last state of a register: words and value."""

    title: str
    value: str


def reading(request: HttpRequest) -> dict[str, Any] | None:
    """The last reading of each meter in use and when the next is due; no card without one."""
    metered = _usage(request)
    if metered is None:
        return None
    registers = _registers(metered)
    if not registers:
        return None
    newest = [rows[-1] for rows in registers]
    today = timezone.localdate()
    next_on = _next_reading(registers)
    days = (next_on - today).days if next_on else None
    return {
        "last": [_last(metered.meters[row.meter_id], row, len(registers)) for row in newest[:ON_CARD]],
        "others": max(0, len(newest) - ON_CARD),
        "next_on": next_on if days is not None and days >= 0 else None,
        "soon": _soon(days),
        "is_remote": all(row.kind == ReadingKind.REMOTE for row in newest),
        "enter_url": offered(request, REPORT_READING),
    }


def consumption(request: HttpRequest) -> dict[str, Any] | None:
    """Twelve months beside the twelve before; no card where nothing was ever counted."""
    metered = _usage(request)
    if metered is None or not metered.units:
        return None
    unit = metered.units[0]
    stretches = metered.stretches(metered.main_meters(unit) or {*metered.meters})
    if not stretches:
        return None
    compared = charts.year_of_months(
        by_month(stretches),
        charts.newest_month(stretches, timezone.localdate()),
        title=_("Usage by month, in %(unit)s") % {"unit": unit},
        unit=unit,
        series=_("last 12 months"),
        now_label=_("newest month"),
        known_since=min(stretch.first for stretch in stretches),
    )
    title = _("Water usage") if unit == WATER else _("Usage in %(unit)s") % {"unit": unit}
    return {"compared": compared, "usage_title": title}


def report(request: HttpRequest) -> dict[str, Any] | None:
    """The report chosen for the customer's group; no card without one, or without the right to see it."""
    chosen = REPORTS.get(arrangement_of(request).report)
    acting = acting_of(request)
    if chosen is None or acting is None or not acting.may(chosen.scopes):
        return None
    return {
        "report_title": chosen.title,
        "rows": chosen.rows(acting.customer),
        "empty": chosen.empty,
        "more_url": reverse(f"client:client_zone:{chosen.more_view}"),
    }


def add_request(request: HttpRequest) -> dict[str, Any] | None:
    """The way to tell the office something, where a module offers it."""
    return _way(request, ADD_REQUEST)


def add_document(request: HttpRequest) -> dict[str, Any] | None:
    """The way to a document to fill in, where a module offers it."""
    return _way(request, ADD_DOCUMENT)


def offered(request: HttpRequest, views: Sequence[str]) -> str:
    """The address of the first of these pages that exists, is on, and is this person's to see; else ""."""
    for view in views:
        try:
            address = reverse(view)
        except NoReverseMatch:
            continue
        if leads_somewhere(request, address):
            return address
    return ""


def _way(request: HttpRequest, views: Sequence[str]) -> dict[str, Any] | None:
    address = offered(request, views)
    return {"url": address} if address and acting_of(request) is not None else None


def _usage(request: HttpRequest) -> Metered | None:
    """The readings both cards are made of: one query for a request."""
    acting: Acting | None = acting_of(request)
    if acting is None:
        return None
    kept: Metered | None = request.__dict__.get("_ebok_usage")
    if kept is None:
        since = months_before(month_of(timezone.localdate()), MONTHS_READ)
        kept = request.__dict__["_ebok_usage"] = metered_usage(acting.customer, since)
    return kept


def _registers(metered: Metered) -> list[list[UsageReading]]:
    """The readings of each register of the meters in use, those of main meters first."""
    found: dict[tuple[int, int], list[UsageReading]] = defaultdict(list)
    for row in metered.readings:
        if metered.meters[row.meter_id].is_active:
            found[row.meter_id, row.register].append(row)
    return sorted(found.values(), key=lambda rows: not metered.meters[rows[0].meter_id].counts)


def _next_reading(registers: list[list[UsageReading]]) -> date | None:
    """When the first of the meters will be read if the rhythm stays; None without a rhythm."""
    days = []
    for rows in registers:
        recent = rows[-RHYTHM - 1 :]
        gaps = [(late.read_on - early.read_on).days for early, late in pairwise(recent)]
        if gaps:
            days.append(rows[-1].read_on + timedelta(days=round(median(gaps))))
    return min(days, default=None)


def _soon(days: int | None) -> str:
    if days is None or not 0 <= days <= SOON:
        return ""
    if days == 0:
        return _("today")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def _last(facts: MeterFacts, row: UsageReading, registers: int) -> Last:
    name = (facts.point if registers == 1 else "") or _("Meter %(number)s") % {"number": facts.number}
    if row.register > 1:
        name = _("%(meter)s, register %(number)d") % {"meter": name, "number": row.register}
    value = row.value
    places = 0 if value == value.to_integral_value() else 3
    return Last(f"{name}, {day_month(row.read_on)}", f"{decimal(Decimal(value), places)}{HARD}{facts.unit}")


cards = [
    DashboardCard(
        zone="client",
        key="balance",
        title=gettext_lazy("Balance"),
        template="client_zone/cards/balance.html",
        context=balance,
        order=10,
        width=7,
        queries=2,
        scopes=(Scope.BILLS,),
    ),
    DashboardCard(
        zone="client",
        key="reading",
        title=gettext_lazy("Next reading"),
        template="client_zone/cards/reading.html",
        context=reading,
        order=20,
        width=5,
        queries=1,
        scopes=(Scope.READINGS, Scope.BILLS),
        shares=USAGE,
    ),
    DashboardCard(
        zone="client",
        key="consumption",
        title=pgettext_lazy("meter", "Usage"),
        template="client_zone/cards/consumption.html",
        context=consumption,
        order=30,
        width=12,
        queries=1,
        scopes=(Scope.READINGS, Scope.BILLS),
        shares=USAGE,
    ),
    DashboardCard(
        zone="client",
        key="report",
        title=gettext_lazy("Report"),
        template="client_zone/cards/report.html",
        context=report,
        order=60,
        width=6,
        queries=2,
        shares=ARRANGEMENT,
    ),
    DashboardCard(
        zone="client",
        key="add-request",
        title=gettext_lazy("Add a request"),
        template="client_zone/cards/add_request.html",
        context=add_request,
        order=92,
        width=6,
        scopes=(Scope.ACCOUNT, Scope.MESSAGES),
    ),
    DashboardCard(
        zone="client",
        key="add-document",
        title=gettext_lazy("Add a document"),
        template="client_zone/cards/add_document.html",
        context=add_document,
        order=94,
        width=6,
        scopes=(Scope.ACCOUNT, Scope.MESSAGES),
    ),
]

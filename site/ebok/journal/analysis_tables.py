"""The results of the analysis as tables: drawn on the screen and written into files alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.journal import analysis, failures, kinds
from ebok.journal.analysis import Counted, Period
from ebok.journal.sign_ins import FAILED

MOST_GROUPS = 50
"""Lines of failed sign-ins on the screen; files hold all."""


@dataclass(frozen=True)
class Cell:
    """One cell: a number, a moment or a text, with a link where there is more to see."""

    value: Any
    url: str = ""
    warns: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return isinstance(self.value, int)

    @property
    def is_moment(self) -> bool:
        """Whether it is drawn as a time."""
        return isinstance(self.value, datetime)

    @property
    def plain(self) -> Any:
        """As files have it."""
        if isinstance(self.value, datetime):
            return timezone.localtime(self.value).strftime("%Y-%m-%d %H:%M:%S")
        return self.value


@dataclass(frozen=True)
class Table:
    """A table with everything its drawing needs."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    empty: str = ""


def days(found: Sequence[Counted], group_kinds: Sequence[str]) -> Table:
    """Events of each day or week."""
    kind = {"rodzaj": group_kinds[0]} if len(group_kinds) == 1 else {}
    rows = [[Cell(label(one.period), _list(one.period, **kind)), Cell(one.count)] for one in found]
    weekly = bool(found) and found[0].period.days > 1
    return Table("dni", _("Events by time"), [_("Week") if weekly else _("Day"), _("Events")], rows)


def addresses(tries: Sequence[failures.Try], period: Period) -> Table:
    """Failed sign-ins by address."""
    rows = [
        [
            Cell(group.shown or "–", _list(period, rodzaj=FAILED, adres=group.key) if group.key else ""),
            _warning(group, _("tries many accounts")),
            Cell(group.tries),
            Cell(group.others),
            Cell(group.most_an_hour),
            Cell(group.last),
        ]
        for group in failures.by_address(tries)
    ]
    columns = [_("Address (IP)"), _("Warning"), _("Tries"), _("Accounts"), _("Most in an hour"), _("Last")]
    return Table("adresy", _("Failed sign-ins by address"), columns, rows, _bounded(tries), _no_failures())


def accounts(tries: Sequence[failures.Try], period: Period) -> Table:
    """Failed sign-ins by the name that was typed."""
    rows = [
        [
            Cell(group.shown or "–", _list(period, rodzaj=FAILED, szukaj=group.shown) if group.shown else ""),
            _warning(group, _("tried from many addresses")),
            Cell(group.tries),
            Cell(group.others),
            Cell(group.most_an_hour),
            Cell(group.last),
        ]
        for group in failures.by_account(tries)
    ]
    columns = [_("Account"), _("Warning"), _("Tries"), _("Addresses"), _("Most in an hour"), _("Last")]
    return Table("konta", _("Failed sign-ins by account"), columns, rows, _bounded(tries), _no_failures())


def devices(new: analysis.NewDevices) -> Table:
    """Devices seen for the first time."""
    rows = [
        [
            Cell(one.moment, reverse("ebok_journal_event", args=[one.event_id])),
            Cell(one.who or f"#{one.actor_id}"),
            Cell(one.device),
            Cell(one.address or "–"),
            Cell(_("first sign-in of the account") if one.first_ever else ""),
        ]
        for one in new.found
    ]
    columns = [_("Moment"), _("Account"), _("Device"), _("Address (IP)"), _("Remark")]
    note = _("Only the newest sign-ins were compared. Choose a shorter period.") if new.cut else ""
    return Table(
        "urzadzenia",
        _("Devices seen for the first time"),
        columns,
        rows,
        note,
        _("Nobody used a new device in this period."),
    )


def administrators(found: Sequence[analysis.Acts], period: Period) -> Table:
    """What administrators did, by person and kind."""
    rows = [
        [
            Cell(one.who, _list(period, konto=one.actor_id)),
            Cell(kinds.title_of(one.kind), _list(period, konto=one.actor_id, rodzaj=one.kind)),
            Cell(one.count),
            Cell(one.last),
        ]
        for one in found
    ]
    return Table(
        "administratorzy",
        _("What administrators did"),
        [_("Who"), _("Kind"), _("Events"), _("Last")],
        rows,
        empty=_("No administrator did anything in this period."),
    )


def label(period: Period) -> str:
    """A part of the period in words: "14 maja 2026", "1 maja 2026 – 7 maja 2026"."""
    first = date_format(period.first, "DATE_FORMAT")
    return first if period.days == 1 else f"{first} – {date_format(period.last, 'DATE_FORMAT')}"


def _warning(group: failures.Group, others: str) -> Cell:
    words = [_("many tries within an hour")] if group.too_many else []
    words += [others] if group.too_many_others else []
    return Cell(", ".join(words), warns=group.suspicious)


def _bounded(tries: Sequence[failures.Try]) -> str:
    if len(tries) < analysis.MOST_EVENTS:
        return ""
    return ngettext(
        "Only the newest %(count)d try is counted. Choose a shorter period.",
        "Only the newest %(count)d tries are counted. Choose a shorter period.",
        len(tries),
    ) % {"count": len(tries)}


def _no_failures() -> str:
    return _("No sign-in failed in this period.")


def _list(period: Period, **filters: Any) -> str:
    days = {"od": period.first.isoformat(), "do": period.last.isoformat()}
    return f"{reverse('ebok_journal')}?{urlencode({**filters, **days})}"

"""Findings in words: a title, one sentence that says why, and what to do about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ebok.look.templatetags.eb import HARD, day_hour, day_month, decimal
from ebok_plugins.e_odczyt.telemetry.detecting import Kind
from ebok_plugins.e_odczyt.telemetry.formats import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

SURE, LIKELY = 0.85, 0.6
"""From where on a finding is said to be sure, and likely."""


class Told(Protocol):
    """What a sentence needs to know of a finding, stored or just made."""

    @property
    def kind(self) -> str: ...
    @property
    def begin(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def flow(self) -> float: ...
    @property
    def litres(self) -> int: ...
    @property
    def confidence(self) -> float: ...


TITLES: dict[str, Text] = {
    Kind.LEAK: gettext_lazy("Water flows day and night"),
    Kind.BURST: gettext_lazy("Very much water in a few hours"),
    Kind.BACKFLOW: gettext_lazy("The meter went back"),
    Kind.STUCK: gettext_lazy("The meter counts nothing"),
    Kind.AWAY_USE: gettext_lazy("Water used while you were away"),
    Kind.VACANT: gettext_lazy("No water used for some days"),
}
NAMES: dict[str, Text] = {
    Kind.LEAK: pgettext_lazy("finding", "leak"),
    Kind.BURST: pgettext_lazy("finding", "burst"),
    Kind.BACKFLOW: pgettext_lazy("finding", "backflow"),
    Kind.STUCK: pgettext_lazy("finding", "stuck meter"),
    Kind.AWAY_USE: pgettext_lazy("finding", "use while away"),
    Kind.VACANT: pgettext_lazy("finding", "empty house"),
}
"""One or two words for lists of employees."""
ADVICE: dict[str, Text] = {
    Kind.LEAK: gettext_lazy(
        "Close all taps and look at the meter: if the little star still turns, water is running. Most often"
        " it is the cistern of a toilet, a dripping valve of the boiler or a tap in the garden."
    ),
    Kind.BURST: gettext_lazy(
        "If you did not fill a pool or water a garden, close the main valve behind the meter and call us."
    ),
    Kind.BACKFLOW: gettext_lazy(
        "A valve that lets water back can spoil the water in the network. Do not touch the meter; we look"
        " at it with you."
    ),
    Kind.STUCK: gettext_lazy(
        "If somebody lives there and uses water, the meter or its radio has stopped and we exchange it free"
        " of charge."
    ),
    Kind.AWAY_USE: gettext_lazy(
        "Ask whoever has a key. If nobody was there, something runs: close the main valve when you leave."
    ),
    Kind.VACANT: gettext_lazy("Nothing to do if nobody was at home."),
}


def title(told: Told) -> str:
    """What happened, in a few words."""
    return str(TITLES[told.kind])


def sentence(told: Told) -> str:
    """From when to when, how much, and why we think so."""
    words = {
        "begin": day_month(told.begin),
        # What ends at midnight ended on the day before.
        "end": day_month(told.end - timedelta(seconds=1)),
        "since": day_hour(told.begin),
        "until": day_hour(told.end),
        "flow": amount(told.flow),
        "litres": amount(told.litres),
        "day": amount(told.flow * 24),
    }
    return {
        Kind.LEAK: _(
            "From %(begin)s to %(end)s at least %(flow)s an hour flowed even in the quietest hours of the"
            " night. That is %(day)s a day, %(litres)s so far."
        ),
        Kind.BURST: _(
            "From %(since)s to %(until)s %(litres)s flowed, %(flow)s an hour. Far more than in the highest"
            " hours before."
        ),
        Kind.BACKFLOW: _("From %(since)s to %(until)s the state of the meter went back by %(litres)s."),
        Kind.STUCK: _(
            "From %(begin)s to %(end)s the meter counted nothing, though water was used nearly every day"
            " before."
        ),
        Kind.AWAY_USE: _(
            "You told us that nobody is there, and between %(since)s and %(until)s %(litres)s were used."
        ),
        Kind.VACANT: _("From %(begin)s to %(end)s no water was used."),
    }[Kind(told.kind)] % words


def certainty(told: Told) -> str:
    """How sure it is."""
    if told.confidence >= SURE:
        return _("almost certain")
    return _("likely") if told.confidence >= LIKELY else _("possible")


def amount(litres: float) -> str:
    """ "6 l", "1,4 m³"."""
    if litres >= 1000:
        return f"{decimal(Decimal(str(round(litres / 1000, 1))), 1)}{HARD}m³"
    places = 0 if litres >= 10 or litres == int(litres) else 1
    return f"{decimal(Decimal(str(round(litres, 1))), places)}{HARD}l"


REFUSALS: dict[str, Text] = {
    Refusal.NOT_READABLE: gettext_lazy("The line cannot be read."),
    Refusal.NO_DEVICE: gettext_lazy("There is no number of a meter."),
    Refusal.NO_MOMENT: gettext_lazy("There is no date and hour."),
    Refusal.NO_SUCH_HOUR: gettext_lazy("This hour did not exist: the clocks went forward."),
    Refusal.NO_STATE: gettext_lazy("There is no state in m³."),
    Refusal.UNKNOWN_METER: gettext_lazy("No meter and no radio module has this number."),
    Refusal.SEVERAL_METERS: gettext_lazy("Several meters have this number."),
    Refusal.IN_FUTURE: gettext_lazy("The state is from the future."),
    Refusal.BEFORE_CUSTOMER: gettext_lazy(
        "The state is from before the contract of who holds the meter now."
    ),
    Refusal.NOT_MOUNTED: gettext_lazy("The meter was not mounted on this day."),
}


def refusal(why: str) -> str:
    """Why a line of a file was not taken."""
    return str(REFUSALS[why])

"""The words of an outage in the active language: headline, places, hours, tag, timeline.

No database and no request: everything is worked out from objects already read, so a list
costs the same whatever it shows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext

from ebok.look import dates
from snippets.outages import rules
from snippets.outages.numbers import Numbers, format_numbers

if TYPE_CHECKING:
    from snippets.outages.models import Outage, OutageStreet, WaterPoint

MOST_PLACES = 3
"""Streets named in a headline; the others become "and 4 more"."""
LONGEST_SENTENCE = 90
"""Characters of a cause in a list."""
MOST_STEPS = 6
"""Steps a timeline shows at once; earlier ones fold away."""


@dataclass(frozen=True)
class Said:
    """A text and the language it is in; `lang` is empty when it is the page's language."""

    text: str
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text


def in_language(thing: object, name: str) -> Said:
    """The field `name` in the active language; Polish, and marked so, where English is missing."""
    polish: str = getattr(thing, name)
    if (get_language() or "pl").startswith("pl"):
        return Said(polish)
    english: str = getattr(thing, f"{name}_en")
    return Said(english) if english or not polish else Said(polish, "pl")


# Places and headlines -------------------------------------------------------------------


def numbers_label(numbers: Numbers) -> str:
    """House numbers for people: "2–40, even"; the whole street in words."""
    if numbers.is_whole_street:
        return gettext("whole street")
    return format_numbers(
        numbers,
        even=gettext("even"),
        odd=gettext("odd"),
        onward=pgettext("house numbers", "from"),
    )


def places_of(rows: Sequence[OutageStreet]) -> str:
    """The streets in one phrase: "ul. Lipowa i Krótka", "ul. Młyńska 1–25"."""
    alone = rows[0] if len(rows) == 1 else None
    # A street may stand in several rows with other numbers; a headline names it once.
    rows = list({row.street_id: row for row in rows}.values())
    names: list[str] = []
    last_prefix = None
    # "and 1 more street" is longer than most names of streets.
    shown = len(rows) if len(rows) == MOST_PLACES + 1 else MOST_PLACES
    for row in rows[:shown]:
        # "ul. Lipowa i Krótka": the kind is said once while it stays the same.
        names.append(row.street.name if row.street.prefix == last_prefix else row.street.label)
        last_prefix = row.street.prefix
    if alone is not None and not alone.ranges.is_whole_street:
        names = [f"{names[0]} {numbers_label(alone.ranges)}"]
    more = len(rows) - shown
    if more > 0:
        names.append(ngettext("%(count)d more street", "%(count)d more streets", more) % {"count": more})
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def effect_title(effect: str) -> str:
    """How a headline begins: "No water"."""
    return {
        rules.Effect.NO_WATER: gettext("No water"),
        rules.Effect.LOW_PRESSURE: gettext("Lower pressure"),
        rules.Effect.CLOUDY: gettext("Cloudy water"),
        rules.Effect.DO_NOT_DRINK: gettext("Do not drink the water"),
    }.get(rules.Effect(effect), "")


def streets_title(outage: Outage) -> str:
    """The heading over the list of addresses."""
    if outage.effect == rules.Effect.NO_WATER:
        return gettext("Addresses without water")
    return gettext("Addresses concerned")


def kind_title(kind: str) -> str:
    """What kind of notice it is, as a headline or a tag begins."""
    return {
        rules.Kind.FAILURE: gettext("Failure"),
        rules.Kind.PLANNED: gettext("Planned work"),
        rules.Kind.RESTRICTION: gettext("Water restriction"),
        rules.Kind.SUBSTITUTE_WATER: gettext("Water from tankers"),
    }[rules.Kind(kind)]


def headline_of(outage: Outage, places: str) -> str:
    """The generated headline: "No water: ul. Lipowa and Krótka"."""
    subject = kind_title(outage.kind)
    if outage.kind != rules.Kind.SUBSTITUTE_WATER:
        subject = effect_title(outage.effect) or subject
    return f"{subject}: {places}" if places else subject


def headline(outage: Outage) -> str:
    """The stored headline in the active language."""
    return in_language(outage, "headline").text


def felt(effect: str) -> str:
    """What people notice, as it follows the streets: "without water"."""
    return {
        rules.Effect.NO_WATER: gettext("without water"),
        rules.Effect.LOW_PRESSURE: gettext("with lower pressure"),
        rules.Effect.CLOUDY: gettext("with cloudy water"),
        rules.Effect.DO_NOT_DRINK: gettext("– do not drink the water"),
    }.get(rules.Effect(effect), "")


# Time -----------------------------------------------------------------------------------


def clock(moment: dt.datetime) -> str:
    """The hour in local time: "8:05", "16:30"."""
    return dates.written(timezone.localtime(moment), "G:i")


def day(moment: dt.datetime, now: dt.datetime, *, weekday: bool = False) -> str:
    """The day in words: "today", "tomorrow", "14 May", with the year when it is another one."""
    date, today = timezone.localtime(moment).date(), timezone.localtime(now).date()
    words = dates.written(date, "j E" if date.year == today.year else "j E Y")
    if weekday:
        words = f"{dates.written(date, 'l')} {words}"
    near = _NEAR.get((date - today).days)
    if near is None:
        return words
    return f"{near}, {words}" if weekday else str(near)


_NEAR = {0: gettext_lazy("today"), 1: gettext_lazy("tomorrow"), -1: gettext_lazy("yesterday")}


def moment_words(moment: dt.datetime, now: dt.datetime) -> str:
    """Day and hour: "today, 16:30"."""
    return f"{day(moment, now)}, {clock(moment)}"


def same_day(first: dt.datetime, second: dt.datetime) -> bool:
    """Whether two moments fall on one local day."""
    return timezone.localtime(first).date() == timezone.localtime(second).date()


def span_words(start: dt.datetime, end: dt.datetime | None, now: dt.datetime) -> str:
    """A stretch of time: "today 12:30–20:00", "19 May 22:00 – 20 May 4:00", "from today, 8:00"."""
    if end is None:
        return gettext("from %(moment)s") % {"moment": moment_words(start, now)}
    if same_day(start, end):
        return f"{day(start, now)} {clock(start)}–{clock(end)}"
    return f"{day(start, now)} {clock(start)} – {day(end, now)} {clock(end)}"


def hours_of(point: WaterPoint, now: dt.datetime) -> str:
    """When a water point is open."""
    if point.opens_at and point.closes_at:
        return span_words(point.opens_at, point.closes_at, now)
    if point.opens_at:
        return gettext("from %(moment)s") % {"moment": moment_words(point.opens_at, now)}
    if point.closes_at:
        return gettext("until %(moment)s") % {"moment": moment_words(point.closes_at, now)}
    return gettext("all the time the water is off")


# Tag, big answer, timeline --------------------------------------------------------------


@dataclass(frozen=True)
class Tag:
    """A state in one or two words: `tone` is the ending of `eb-tag--…`, `icon` a name of an icon."""

    label: str
    tone: str
    icon: str


def tag_of(outage: Outage, now: dt.datetime) -> Tag:
    """The state as the tag above a headline."""
    state = outage.state(now)
    going_on = state is rules.State.ONGOING
    label, tone, icon = _GOING_ON_TAGS[rules.Kind(outage.kind)] if going_on else _TAGS[state]
    return Tag(str(label), tone, icon)


def state_title(state: rules.State) -> str:
    """A state that is no longer going on in a word or two: "Called off", "Over", "Planned"."""
    return str(_TAGS[state][0])


_TAGS = {
    rules.State.WITHDRAWN: (gettext_lazy("Called off"), "mute", "close"),
    rules.State.ENDED: (gettext_lazy("Over"), "ok", "check"),
    rules.State.PLANNED: (gettext_lazy("Planned"), "mute", "calendar"),
}
_GOING_ON_TAGS = {
    rules.Kind.FAILURE: (gettext_lazy("Under repair"), "bad", "wrench"),
    rules.Kind.PLANNED: (gettext_lazy("Work under way"), "due", "wrench"),
    rules.Kind.SUBSTITUTE_WATER: (gettext_lazy("Water from tankers"), "due", "truck"),
    rules.Kind.RESTRICTION: (gettext_lazy("Restriction in force"), "due", "warning"),
}


@dataclass(frozen=True)
class Answer:
    """The largest thing on the page: when will water be back?"""

    question: str
    answer: str
    detail: str
    moment: dt.datetime | None = None


def answer_of(outage: Outage, now: dt.datetime) -> Answer:
    """The big answer of the page, by state."""
    dry = outage.effect == rules.Effect.NO_WATER
    end = outage.current_end
    match outage.state(now):
        case rules.State.WITHDRAWN:
            return Answer(gettext("This notice"), gettext("was called off"), "")
        case rules.State.ENDED:
            over = outage.ended_at or end or outage.starts_at
            question = gettext("Water came back at") if dry else gettext("It ended at")
            return Answer(question, clock(over), day(over, now, weekday=True), over)
        case rules.State.PLANNED:
            question = gettext("There will be no water") if dry else gettext("It will take")
            hours = clock(outage.starts_at) + (f"–{clock(end)}" if end else "")
            days = day(outage.starts_at, now, weekday=True)
            if end and not same_day(outage.starts_at, end):
                days = f"{days} – {day(end, now, weekday=True)}"
            return Answer(question, hours, days, outage.starts_at)
    question = gettext("Water will be back around") if dry else gettext("It will end around")
    if end is None:
        return Answer(question, gettext("not known yet"), gettext("We will write as soon as we know."))
    if end <= now:
        detail = gettext("We expected to finish: %(moment)s.") % {"moment": moment_words(end, now)}
        return Answer(question, gettext("later than planned"), detail)
    return Answer(question, clock(end), day(end, now, weekday=True), end)


@dataclass(frozen=True)
class Step:
    """One step of the timeline. `state` is "past", "now" or "next"."""

    title: str
    time: str
    text: Said
    state: str
    icon: str


def timeline_of(outage: Outage, now: dt.datetime) -> list[Step]:
    """Past steps, the one going on, and what comes next."""
    state = outage.state(now)
    updates = sorted(outage.updates.all(), key=lambda update: (update.moment, update.pk or 0))
    steps: list[Step] = []
    for number, update in enumerate(updates, start=1):
        going_on = number == len(updates) and state is rules.State.ONGOING and update.status in _GOING_ON
        said = clock(update.moment) if same_day(update.moment, now) else moment_words(update.moment, now)
        steps.append(
            Step(
                title=str(update.get_status_display()),
                time=gettext("since %(moment)s") % {"moment": said} if going_on else said,
                text=in_language(update, "text"),
                state="now" if going_on else "past",
                icon="wrench" if going_on else "check",
            )
        )
    return steps + _steps_ahead(outage, state, now)


_GOING_ON = frozenset({"crew", "repair", "flushing", "delayed", "water"})
"""Statuses that describe work still going on when they are the newest."""


def _steps_ahead(outage: Outage, state: rules.State, now: dt.datetime) -> list[Step]:
    """What has not happened yet: the start of planned work, and the end."""
    if state not in {rules.State.PLANNED, rules.State.ONGOING}:
        return []
    ahead: list[Step] = []
    if state is rules.State.PLANNED:
        when = moment_words(outage.starts_at, now)
        ahead.append(Step(gettext("Work begins"), when, Said(""), "next", "wrench"))
    title = gettext("Water in the taps") if outage.effect == rules.Effect.NO_WATER else gettext("The end")
    end = outage.current_end
    if end and end > now:
        hour = clock(end) if same_day(end, now) else moment_words(end, now)
        when = gettext("around %(moment)s") % {"moment": hour}
    else:
        when = ""
    promise = Said(gettext("We will let you know when the time changes."))
    ahead.append(Step(title, when, promise, "next", "clock"))
    return ahead


def checked_at(outage: Outage) -> dt.datetime | None:
    """When somebody last confirmed the notice: its newest step or its publication."""
    moments = [update.moment for update in outage.updates.all()]
    if outage.last_published_at:
        moments.append(outage.last_published_at)
    return max(moments, default=None)


def row_meta(outage: Outage, now: dt.datetime) -> str:
    """The second line of a list: when, and why in one sentence (or what kind of notice it is)."""
    time = span_words(outage.starts_at, outage.ended_at or outage.current_end, now)
    cause = in_language(outage, "cause")
    # A Polish sentence in an English list would have to be marked so; the list does without.
    why = first_sentence(cause.text) if cause and not cause.lang else ""
    return f"{time} · {why or kind_title(outage.kind)}"


def first_sentence(text: str) -> str:
    """The text up to its first full stop, at most `LONGEST_SENTENCE` characters."""
    sentence = re.split(r"(?<=[.!?…])\s", text.strip(), maxsplit=1)[0]
    return sentence if len(sentence) <= LONGEST_SENTENCE else Truncator(sentence).chars(LONGEST_SENTENCE)

"""What is wrong with a reading, decided without a database (F08).

`parse` turns what was typed into a state of the dial, `judge` compares it with what is known about the
register. Neither refuses anything by itself: each finding says how serious the utility holds it to be.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

MOST_RED = 3
"""Wheels behind the comma on common meters."""
SEASON = 45
"""Days of the year on either side that count as the same season."""
FEWEST = 2
"""Periods that make something usual."""
YEAR = 365
ZERO = Decimal(0)
_TYPED = re.compile(r"([0-9]{1,24})(?:[.,]([0-9]{0,12}))?")


class Rule(enum.StrEnum):
    """What can be wrong. The names are stored with readings, so they never change."""

    NO_NUMBER = "no_number"
    TOO_MANY_DIGITS = "too_many_digits"
    RED_DIGITS = "red_digits"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    BEFORE_LAST = "before_last"
    NOT_MOUNTED = "not_mounted"
    OUTSIDE_WINDOW = "outside_window"
    BELOW_LAST = "below_last"
    BELOW_ESTIMATE = "below_estimate"
    ROLLED_OVER = "rolled_over"
    TOO_HIGH = "too_high"
    OTHER_METER = "other_meter"
    AFTER_EXCHANGE = "after_exchange"
    ZERO_LONG = "zero_long"


IGNORE, CONFIRM, REFUSE = "ignore", "confirm", "refuse"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How one service is judged; `severity` by name of the rule, `CONFIRM` for what it leaves out."""

    severity: Mapping[str, str] = field(
        default_factory=lambda: {
            Rule.BELOW_LAST: REFUSE,
            Rule.RED_DIGITS: REFUSE,
            Rule.OUTSIDE_WINDOW: REFUSE,
        }
    )
    times: Decimal = Decimal(3)
    least: Decimal = Decimal(5)
    zero_days: int = 90
    days_back: int = 31

    def of(self, rule: Rule) -> str:
        """How serious it is; what no utility can want to take is always refused."""
        return REFUSE if rule in ALWAYS_REFUSED else self.severity.get(rule, CONFIRM)


ALWAYS_REFUSED = frozenset(
    {
        Rule.NO_NUMBER,
        Rule.TOO_MANY_DIGITS,
        Rule.IN_FUTURE,
        Rule.TOO_OLD,
        Rule.BEFORE_LAST,
        Rule.NOT_MOUNTED,
    }
)


WITHOUT_USAGE = frozenset({Rule.IN_FUTURE, Rule.BEFORE_LAST, Rule.NOT_MOUNTED})
"""On such a day there is nothing to compare the state with."""


@dataclass(frozen=True, kw_only=True)
class Dial:
    """What the counter can show."""

    digits: int = 5
    decimals: int = 0

    @property
    def end(self) -> Decimal:
        """The state after which it begins again at zero."""
        return Decimal(10) ** self.digits


@dataclass(frozen=True, kw_only=True)
class Past:
    """The state before: the last reading, or the one with which the meter was mounted."""

    value: Decimal
    on: date | None = None
    is_estimate: bool = False
    is_mounting: bool = False


@dataclass(frozen=True, kw_only=True)
class Span:
    """Usage between two readings."""

    first: date
    last: date
    usage: Decimal

    @property
    def daily(self) -> Decimal:
        """Usage of one day."""
        return self.usage / max((self.last - self.first).days, 1)

    @property
    def middle(self) -> date:
        """The day that stands for its season."""
        return self.first + (self.last - self.first) / 2


@dataclass(frozen=True, kw_only=True)
class Other:
    """Another register of the customer, with which this one may be mixed up."""

    name: str
    last: Decimal
    most: Decimal
    """The highest state it can reasonably have now."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything about one register that judging needs."""

    dial: Dial = Dial()
    multiplier: Decimal = Decimal(1)
    last: Past | None = None
    spans: Sequence[Span] = ()
    """Periods of the past with their usage, in any order."""
    mounted_on: date | None = None
    removed_on: date | None = None
    old_state: Decimal | None = None
    """The last state of the meter that hung here before."""
    others: Sequence[Other] = ()
    moved_on: date | None = None
    """The last day on which the counter is known to have moved."""


@dataclass(frozen=True)
class Finding:
    """A rule that found something, how serious that is, and what its sentence tells."""

    rule: Rule
    severity: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def refuses(self) -> bool:
        """Whether the reading cannot be sent like this."""
        return self.severity == REFUSE


@dataclass(frozen=True)
class Judgement:
    """What is to be said about one reading, and the usage it makes."""

    findings: tuple[Finding, ...] = ()
    value: Decimal | None = None
    usage: Decimal | None = None
    """None where there is nothing to subtract from, or less than nothing would come out."""
    usual: Decimal | None = None
    """Usage in this season in as many days; None where the past is too short."""

    @property
    def refuses(self) -> bool:
        """Whether it cannot be sent like this."""
        return any(finding.refuses for finding in self.findings)

    @property
    def asks(self) -> bool:
        """Whether the person must confirm it."""
        return any(not finding.refuses for finding in self.findings)


def judge(typed: str, on: date, known: Known, limits: Limits, today: date, *, in_window: bool) -> Judgement:
    """Everything that is wrong with what was typed for that day."""
    about_day = _judge_day(on, known, limits, today, in_window=in_window)
    if any(finding.rule in WITHOUT_USAGE for finding in about_day):
        return Judgement(tuple(about_day))
    value, findings = parse(typed, known, limits, on)
    if value is None or not findings_allow(findings):
        return Judgement(tuple(_serious(about_day + findings, limits)), value)
    usage, about_value = _judge_value(value, on, known, limits)
    usual = usual_of(known, on)
    found = _serious([*about_day, *findings, *about_value], limits)
    return Judgement(tuple(found), value, usage, usual)


def findings_allow(findings: Sequence[Finding]) -> bool:
    """Whether the number may be compared with others at all."""
    return not any(finding.refuses for finding in findings)


def parse(typed: str, known: Known, limits: Limits, on: date) -> tuple[Decimal | None, list[Finding]]:
    """The state of the dial, and what is wrong with how it was typed.

    Leading zeros and spaces do not matter. Digits behind the comma that do not count are cut off.
    """
    found = _TYPED.fullmatch("".join(typed.split()))
    if found is None:
        return None, [_finding(Rule.NO_NUMBER, limits)]
    whole, behind = found[1].lstrip("0") or "0", found[2] or ""
    dial, findings = known.dial, []
    value = Decimal(f"{whole}.{behind[: dial.decimals] or '0'}")
    if len(behind) > dial.decimals:
        findings.append(_finding(Rule.RED_DIGITS, limits, value=value))
    if len(whole) > dial.digits:
        shorter = _without_red(Decimal(whole), known, on, limits)
        if shorter is None:
            return None, [_finding(Rule.TOO_MANY_DIGITS, limits, digits=dial.digits)]
        # The dial has no such state, so this is refused whatever the utility chose.
        return None, [Finding(Rule.RED_DIGITS, REFUSE, {"value": shorter})]
    return value, findings


def usual_of(known: Known, on: date) -> Decimal | None:
    """Usage in this season since the last reading: the median of the past, so one leak changes nothing."""
    if known.last is None or known.last.on is None:
        return None
    daily = usual_daily(known.spans, known.last.on + (on - known.last.on) / 2)
    return None if daily is None else daily * max((on - known.last.on).days, 1)


def usual_daily(spans: Sequence[Span], middle: date) -> Decimal | None:
    """Median usage of a day around that day of the year; of the whole past where the season is not known."""
    alike = [span.daily for span in spans if _apart(span.middle, middle) <= SEASON]
    daily = alike if len(alike) >= FEWEST else [span.daily for span in spans]
    return median(daily) if len(daily) >= FEWEST else None


def highest(known: Known, on: date, limits: Limits) -> Decimal:
    """The most usage that raises no question."""
    usual = usual_of(known, on)
    return limits.least if usual is None else max(limits.least, limits.times * usual)


def _judge_day(on: date, known: Known, limits: Limits, today: date, *, in_window: bool) -> list[Finding]:
    last = known.last
    if on > today:
        return [_finding(Rule.IN_FUTURE, limits)]
    if (known.mounted_on and on < known.mounted_on) or (known.removed_on and on > known.removed_on):
        return [_finding(Rule.NOT_MOUNTED, limits, mounted=known.mounted_on, removed=known.removed_on)]
    if last is not None and last.on is not None and not last.is_mounting and on <= last.on:
        return [_finding(Rule.BEFORE_LAST, limits, last_on=last.on)]
    if on < today - timedelta(days=limits.days_back):
        return [_finding(Rule.TOO_OLD, limits, days=limits.days_back)]
    return [] if in_window else [_finding(Rule.OUTSIDE_WINDOW, limits)]


def _judge_value(
    value: Decimal, on: date, known: Known, limits: Limits
) -> tuple[Decimal | None, list[Finding]]:
    last = known.last
    exchange = _looks_like_old_meter(value, known, limits)
    if last is None:
        return None, exchange
    if value < last.value:
        return _below(value, on, known, limits)
    usage = (value - last.value) * known.multiplier
    if exchange:
        return usage, exchange
    if usage == ZERO:
        return usage, _zero_long(on, known, limits)
    usual = usual_of(known, on)
    if usual is None or usage <= highest(known, on, limits):
        return usage, []
    findings = []
    shorter = _without_red(value, known, on, limits)
    if shorter is not None:
        # The dial does have such a state, so it is at most a question.
        severity = limits.of(Rule.RED_DIGITS)
        findings.append(
            Finding(Rule.RED_DIGITS, CONFIRM if severity == REFUSE else severity, {"value": shorter})
        )
    other = _fits_other(value, known)
    if other:
        findings.append(_finding(Rule.OTHER_METER, limits, name=other.name))
    times = usage / usual if usual else None
    findings.append(_finding(Rule.TOO_HIGH, limits, times=times, usual=usual))
    return usage, findings


def _below(value: Decimal, on: date, known: Known, limits: Limits) -> tuple[Decimal | None, list[Finding]]:
    last = known.last
    assert last is not None
    exchange = _looks_like_old_meter(value, known, limits)
    around = (known.dial.end - last.value + value) * known.multiplier
    if around <= max(highest(known, on, limits), known.dial.end / 100):
        return around, [_finding(Rule.ROLLED_OVER, limits, usage=around)]
    if last.is_estimate:
        return None, [_finding(Rule.BELOW_ESTIMATE, limits, last=last.value)]
    other = _fits_other(value, known)
    below = _finding(Rule.BELOW_LAST, limits, last=last.value, name=other.name if other else "")
    if other and limits.of(Rule.OTHER_METER) != IGNORE:
        return None, [below, *exchange, _finding(Rule.OTHER_METER, limits, name=other.name)]
    return None, [below, *exchange]


def _looks_like_old_meter(value: Decimal, known: Known, limits: Limits) -> list[Finding]:
    """After an exchange people read the old paper: the state goes on where the old meter ended."""
    last, old = known.last, known.old_state
    if old is None or not old or (last is not None and not last.is_mounting):
        return []
    if last is not None and abs(old - last.value) <= limits.least:
        return []
    near = max(limits.least, old / 20)
    return [_finding(Rule.AFTER_EXCHANGE, limits, old=old)] if abs(value - old) <= near else []


def _without_red(value: Decimal, known: Known, on: date, limits: Limits) -> Decimal | None:
    """The state that comes out when red digits are left away, where it is one to be expected."""
    if known.last is None:
        return None
    most = known.last.value + highest(known, on, limits) / known.multiplier
    for red in range(MOST_RED, 0, -1):
        shorter = (value // 10**red).quantize(Decimal(1))
        if known.last.value <= shorter <= most and shorter > 0:
            return shorter
    return None


def _fits_other(value: Decimal, known: Known) -> Other | None:
    return next((other for other in known.others if other.last <= value <= other.most), None)


def _zero_long(on: date, known: Known, limits: Limits) -> list[Finding]:
    if known.moved_on is None or (on - known.moved_on).days < limits.zero_days:
        return []
    return [_finding(Rule.ZERO_LONG, limits, since=known.moved_on)]


def _apart(one: date, other: date) -> int:
    """Days between two days of the year, the shorter way round."""
    days = abs(one.timetuple().tm_yday - other.timetuple().tm_yday)
    return min(days, YEAR - days)


def _finding(rule: Rule, limits: Limits, **facts: object) -> Finding:
    return Finding(rule, limits.of(rule), facts)


def _serious(findings: Sequence[Finding], limits: Limits) -> list[Finding]:
    """What somebody wants to hear about, refusals first."""
    heard = [finding for finding in findings if finding.severity != IGNORE]
    return sorted(heard, key=lambda finding: not finding.refuses)

"""What a finding is called and how it is said, to the customer and to the employee."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.look.dates import written
from ebok.look.templatetags.eb import decimal
from ebok_plugins.e_odczyt.rules import Finding, Rule

TITLES: Mapping[str, Any] = {
    Rule.NO_NUMBER: gettext_lazy("not a number"),
    Rule.TOO_MANY_DIGITS: gettext_lazy("too many digits"),
    Rule.RED_DIGITS: gettext_lazy("red digits"),
    Rule.IN_FUTURE: gettext_lazy("day to come"),
    Rule.TOO_OLD: gettext_lazy("too long ago"),
    Rule.BEFORE_LAST: gettext_lazy("not after the last reading"),
    Rule.NOT_MOUNTED: gettext_lazy("meter was not there"),
    Rule.OUTSIDE_WINDOW: gettext_lazy("outside the window"),
    Rule.BELOW_LAST: gettext_lazy("below the last one"),
    Rule.BELOW_ESTIMATE: gettext_lazy("below an estimate"),
    Rule.ROLLED_OVER: gettext_lazy("counter went round"),
    Rule.TOO_HIGH: gettext_lazy("much more than usual"),
    Rule.OTHER_METER: gettext_lazy("fits another meter"),
    Rule.AFTER_EXCHANGE: gettext_lazy("state of the old meter"),
    Rule.ZERO_LONG: gettext_lazy("no usage for long"),
    "declared": gettext_lazy("declared usage"),
    "without_account": gettext_lazy("sent without an account"),
}
"""Words for tags in the employees' queue."""


def title_of(rule: str) -> str:
    """Two or three words for a tag; the name itself for a rule that is no more."""
    return str(TITLES.get(rule, rule))


def sentence_of(finding: Finding, *, unit: str, decimals: int) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    facts = {name: _written(value, decimals) for name, value in finding.facts.items()}
    facts = {"unit": unit, "name": "", "times": "", **facts}
    bold, rest = _SENTENCES[finding.rule](finding.facts)
    return bold % facts, rest % facts


def _written(value: object, decimals: int) -> object:
    if isinstance(value, Decimal):
        return decimal(value, decimals)
    return written(value, "j E Y") if isinstance(value, date) else value


def _too_high(facts: Mapping[str, object]) -> tuple[str, str]:
    times = facts.get("times")
    if isinstance(times, Decimal):
        count = int(times)
        # Told in words where the number is small, so that it reads like speech.
        bold = {
            3: _("That is three times the usual."),
            4: _("That is four times the usual."),
            5: _("That is five times the usual."),
        }.get(count, _("That is much more than usual: %(count)d times.") % {"count": count})
    else:
        bold = _("Usually nothing is used at this time.")
    return bold, _("Check the digits. If they are right, see whether a cistern or a tap is leaking.")


def _below(facts: Mapping[str, object]) -> tuple[str, str]:
    bold = _("The reading cannot be lower than the last one (%(last)s).")
    return bold, _("Check whether this is meter %(name)s.") if facts.get("name") else _("Check the digits.")


def _not_mounted(facts: Mapping[str, object]) -> tuple[str, str]:
    return _("The meter was not there on that day."), _("Check the day of the reading.")


_SENTENCES: Mapping[Rule, Callable[[Mapping[str, object]], tuple[str, str]]] = {
    Rule.NO_NUMBER: lambda facts: (
        _("Type the digits of the counter, such as 431."),
        _("No letters and no signs."),
    ),
    Rule.TOO_MANY_DIGITS: lambda facts: (
        _("The counter has only %(digits)s digits."),
        _("Leave the red ones away, they stand behind the comma."),
    ),
    Rule.RED_DIGITS: lambda facts: (
        _("It looks as if red digits were typed, too."),
        _("Only black ones count: %(value)s %(unit)s."),
    ),
    Rule.IN_FUTURE: lambda facts: (_("This day is still to come."), _("Give the day you read the meter.")),
    Rule.TOO_OLD: lambda facts: (
        _("This day lies too far back."),
        _("We take readings of the last %(days)s days. Read the meter today."),
    ),
    Rule.BEFORE_LAST: lambda facts: (
        _("We have a reading of %(last_on)s already."),
        _("A new one needs a later day."),
    ),
    Rule.NOT_MOUNTED: _not_mounted,
    Rule.OUTSIDE_WINDOW: lambda facts: (
        _("We do not settle readings of that day."),
        _("Send one when the reading window is open."),
    ),
    Rule.BELOW_LAST: _below,
    Rule.BELOW_ESTIMATE: lambda facts: (
        _("That is less than our estimate (%(last)s)."),
        _("If the digits are right, the bill will be put right."),
    ),
    Rule.ROLLED_OVER: lambda facts: (
        _("It looks as if the counter went round to zero."),
        _("Then the usage is %(usage)s %(unit)s. Check the digits."),
    ),
    Rule.TOO_HIGH: _too_high,
    Rule.OTHER_METER: lambda facts: (
        _("This looks like the state of meter %(name)s."),
        _("Check whether the readings are not swapped."),
    ),
    Rule.AFTER_EXCHANGE: lambda facts: (
        _("This looks like the state of the meter before the exchange (%(old)s)."),
        _("Read the meter that hangs there now."),
    ),
    Rule.ZERO_LONG: lambda facts: (
        _("The counter has not moved since %(since)s."),
        _("If you used something meanwhile, the meter may be stuck; write it in the remark."),
    ),
}

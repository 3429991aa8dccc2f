"""What is wrong with a reading (F08): each rule, and what holds for everything anybody types."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok_plugins.e_odczyt.rules import (
    CONFIRM,
    IGNORE,
    REFUSE,
    Dial,
    Judgement,
    Known,
    Limits,
    Other,
    Past,
    Rule,
    Span,
    judge,
    usual_daily,
)

TODAY = date(2026, 5, 14)
LAST = date(2026, 4, 14)


def month(year: int, number: int, usage: str) -> Span:
    first = date(year, number, 1)
    return Span(first=first, last=first + timedelta(days=30), usage=Decimal(usage))


def known(last: str | Past = "412", **more: object) -> Known:
    """A five-digit meter that counts six a month, whatever the season."""
    fields: dict[str, object] = {
        "last": last if isinstance(last, Past) else Past(value=Decimal(last), on=LAST),
        "spans": [month(2025, number, "6") for number in range(1, 13)],
        **more,
    }
    return Known(**fields)  # type: ignore[arg-type]  # fields of the class


def told(
    typed: str, about: Known | None = None, *, on: date = TODAY, limits: Limits | None = None
) -> Judgement:
    return judge(typed, on, about or known(), limits or Limits(), TODAY, in_window=True)


def rules(judgement: Judgement) -> list[Rule]:
    return [finding.rule for finding in judgement.findings]


@pytest.mark.feature("F08")
@pytest.mark.parametrize("typed", ["418", "00418", " 418 ", "4 18"])
def test_an_ordinary_reading_raises_nothing(typed: str) -> None:
    found = told(typed)
    assert found.findings == ()
    assert found.usage == Decimal(6)
    assert found.usual is not None
    assert round(found.usual) == 6


@pytest.mark.feature("F08")
@pytest.mark.parametrize("typed", ["", "abc", "-5", "4e2", "٤١٨", "4.1.8", "NaN", "1" * 30, "½"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert rules(told(typed)) == [Rule.NO_NUMBER]
    assert told(typed).refuses


@pytest.mark.feature("F08")
def test_below_the_last_one() -> None:
    found = told("399")
    assert rules(found) == [Rule.BELOW_LAST]
    assert found.refuses
    assert found.usage is None


@pytest.mark.feature("F08")
def test_a_utility_may_let_it_be_confirmed_or_ignored() -> None:
    asked = told("399", limits=Limits(severity={Rule.BELOW_LAST: CONFIRM}))
    assert asked.asks
    assert not asked.refuses
    assert told("399", limits=Limits(severity={Rule.BELOW_LAST: IGNORE})).findings == ()


@pytest.mark.feature("F08")
def test_below_an_estimate_is_only_asked() -> None:
    found = told("405", known(last=Past(value=Decimal(412), on=LAST, is_estimate=True)))
    assert rules(found) == [Rule.BELOW_ESTIMATE]
    assert not found.refuses


@pytest.mark.feature("F08")
def test_the_counter_goes_round() -> None:
    found = told("3", known("99996"))
    assert rules(found) == [Rule.ROLLED_OVER]
    assert found.usage == Decimal(7)


@pytest.mark.feature("F08")
@pytest.mark.parametrize(("typed", "asked"), [("429", False), ("431", True), ("900", True)])
def test_more_than_three_times_the_median(typed: str, asked: bool) -> None:
    assert (Rule.TOO_HIGH in rules(told(typed))) is asked
    assert not told(typed).refuses


@pytest.mark.feature("F08")
def test_the_season_counts() -> None:
    """A garden in May is compared with May, not with winter."""
    spans = [
        month(year, number, "40" if number in (4, 5, 6) else "1")
        for year in (2024, 2025)
        for number in range(1, 13)
    ]
    summer = usual_daily(spans, date(2026, 5, 1))
    winter = usual_daily(spans, date(2026, 12, 20))
    assert summer is not None
    assert winter is not None
    assert summer > 20 * winter


@pytest.mark.feature("F08")
@pytest.mark.parametrize("typed", ["418,27", "418.270"])
def test_red_digits_behind_the_comma(typed: str) -> None:
    assert rules(told(typed)) == [Rule.RED_DIGITS]
    assert told(typed).refuses
    kind = told(typed, limits=Limits(severity={Rule.RED_DIGITS: IGNORE}))
    assert (kind.findings, kind.value) == ((), Decimal(418))


@pytest.mark.feature("F08")
def test_red_digits_without_a_comma() -> None:
    """00418270 on a dial of five; 41827 fits on the dial, so there it is a question."""
    long = told("00418270")
    assert rules(long) == [Rule.RED_DIGITS]
    assert long.findings[0].facts["value"] == Decimal(418)
    assert Rule.RED_DIGITS in rules(told("41827"))
    assert not told("41827").refuses


@pytest.mark.feature("F08")
def test_too_many_digits() -> None:
    assert rules(told("9876543")) == [Rule.TOO_MANY_DIGITS]
    assert told("418,250", known(dial=Dial(digits=5, decimals=3))).value == Decimal("418.250")


@pytest.mark.feature("F08")
def test_it_looks_like_another_meter() -> None:
    others = [Other(name="20117086", last=Decimal(880), most=Decimal(900))]
    assert rules(told("884", known(others=others))) == [Rule.OTHER_METER, Rule.TOO_HIGH]
    lower = [Other(name="noc", last=Decimal(88), most=Decimal(100))]
    found = told("91", known(others=lower))
    assert rules(found) == [Rule.BELOW_LAST, Rule.OTHER_METER]
    assert found.findings[0].facts["name"] == "noc"


@pytest.mark.feature("F08")
def test_days_that_cannot_be() -> None:
    assert rules(told("418", on=TODAY + timedelta(days=1))) == [Rule.IN_FUTURE]
    assert rules(told("418", on=LAST)) == [Rule.BEFORE_LAST]
    assert rules(told("418", known(mounted_on=date(2026, 5, 20)))) == [Rule.NOT_MOUNTED]
    old = known(last=Past(value=Decimal(1), on=date(2025, 1, 1)))
    assert Rule.TOO_OLD in rules(told("418", old, on=TODAY - timedelta(days=32)))


@pytest.mark.feature("F08")
def test_outside_the_window() -> None:
    found = judge("418", TODAY, known(), Limits(), TODAY, in_window=False)
    assert rules(found) == [Rule.OUTSIDE_WINDOW]
    assert found.refuses


@pytest.mark.feature("F08")
def test_the_state_of_the_meter_before_the_exchange() -> None:
    fresh = known(
        last=Past(value=Decimal(0), on=LAST, is_mounting=True), old_state=Decimal(1204), mounted_on=LAST
    )
    assert rules(told("1206", fresh)) == [Rule.AFTER_EXCHANGE]
    assert told("4", fresh).findings == ()


@pytest.mark.feature("F08")
def test_zero_for_long() -> None:
    still = known(moved_on=TODAY - timedelta(days=120))
    assert rules(told("412", still)) == [Rule.ZERO_LONG]
    assert told("412", known(moved_on=TODAY - timedelta(days=30))).findings == ()


@given(st.text(max_size=40))
def test_nothing_typed_breaks_it(typed: str) -> None:
    found = told(typed)
    assert found.value is None or 0 <= found.value < Decimal(10) ** 5


@given(
    st.integers(0, 99_999),
    st.integers(0, 99_999),
    st.sampled_from([IGNORE, CONFIRM, REFUSE]),
    st.integers(0, 60),
)
def test_usage_is_never_less_than_nothing(last: int, typed: int, severity: str, days: int) -> None:
    """Whatever is typed and however it is judged: no negative usage, and a state that is on the dial."""
    limits = Limits(severity=dict.fromkeys(Rule, severity), days_back=366)
    about = known(last=Past(value=Decimal(last), on=TODAY - timedelta(days=days + 1)))
    found = told(str(typed), about, limits=limits)
    assert found.value == typed
    assert found.usage is None or found.usage >= 0
    if typed >= last:
        assert found.usage == typed - last


@given(st.integers(0, 99_999), st.integers(0, 400))
def test_what_is_usual_is_never_asked_about(last: int, usage: int) -> None:
    """A reading that goes on as before raises nothing, wherever the counter stands."""
    spans = [month(2025, number, str(usage)) for number in range(1, 13)]
    now = (last + usage) % 100_000
    found = told(str(now), known(str(last), spans=spans))
    assert set(rules(found)) <= {Rule.ROLLED_OVER}

"""Dates that are kept in memory: each language, form and clock its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from ebok.look.dates import written


def test_what_is_kept_is_kept_for_its_language_and_pattern() -> None:
    day = date(2026, 5, 14)
    for _again in range(2):
        with translation.override("pl"):
            assert (written(day, "j E"), written(day, "j.n")) == ("14 maja", "14.5")
        with translation.override("en"):
            assert written(day, "j E") == "14 May"


def test_one_instant_on_two_clocks_is_written_twice() -> None:
    moment = datetime(2026, 5, 14, 6, 0, tzinfo=UTC)
    warsaw = moment.astimezone(ZoneInfo("Europe/Warsaw"))
    assert (written(moment, "G:i"), written(warsaw, "G:i")) == ("6:00", "8:00")

"""Lists, banner, archive and the address check."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from wagtail.models import Site

from snippets.outages import board, queries
from snippets.outages.models import Outage, OutageUpdate, Street
from tests.snippets.outages.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]
Exactly = Callable[[int], AbstractContextManager[Any]]


@pytest.mark.feature("A06")
def test_ongoing_planned_and_past(site: Site, outage: Make) -> None:
    ongoing = outage()
    endless = outage(expected_end=None, starts_at=NOW - DAY)
    soon = outage(kind="planned", starts_at=NOW + 8 * DAY, expected_end=NOW + 8 * DAY + HOUR)
    later = outage(kind="planned", starts_at=NOW + 9 * DAY, expected_end=NOW + 9 * DAY + HOUR)
    over = outage(starts_at=NOW - 2 * DAY, ended_at=NOW - DAY)
    outage(publish=False)
    assert list(queries.current(site)) == [ongoing, endless]
    assert list(queries.planned(site)) == [soon, later]
    assert list(queries.planned(site, 1)) == [soon]
    assert list(queries.archive(site).outages) == [over]
    banner = board.banner(site)
    assert banner is not None
    assert (banner.outage, banner.others) == (ongoing, 1)
    assert (banner.kind, banner.place, banner.what) == ("Awaria", "ul. Lipowa", "bez wody")


@pytest.mark.django_db
def test_no_banner_in_quiet_times(site: Site) -> None:
    assert board.banner(site) is None


def test_a_late_repair_stays_listed_and_planned_work_ends_in_time(site: Site, outage: Make) -> None:
    late = outage(starts_at=NOW - 5 * HOUR, expected_end=NOW - HOUR)
    outage(kind="planned", starts_at=NOW - 5 * HOUR, expected_end=NOW - HOUR)
    forgotten = outage(starts_at=NOW - 40 * HOUR, expected_end=NOW - 13 * HOUR)
    assert list(queries.current(site)) == [late]
    assert forgotten.pk in {row.pk for row in queries.archive(site).outages}


def test_an_update_moves_the_end_and_the_last_step_closes(site: Site, outage: Make) -> None:
    moved = outage(updates=[OutageUpdate(moment=NOW, status="delayed", new_expected_end=NOW + 9 * HOUR)])
    closed = outage(updates=[OutageUpdate(moment=NOW - HOUR / 2, status="done")])
    assert moved.current_end == NOW + 9 * HOUR
    assert (closed.ended_at, closed.over_at) == (NOW - HOUR / 2, NOW - HOUR / 2)
    assert list(queries.current(site)) == [moved]


def test_archive_pages_by_key(site: Site, outage: Make) -> None:
    made = [outage(starts_at=NOW - n * DAY, ended_at=NOW - n * DAY + HOUR) for n in range(1, 24)]
    first = queries.archive(site)
    second = queries.archive(site, first.next_key)
    assert [*first.outages, *second.outages] == made
    assert (len(first.outages), second.next_key) == (queries.ARCHIVE_PAGE, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["", "x", "1", "1-", "-1", "1-x", "9" * 40 + "-1", "²-1", "99999999999999999-1", "1-" + "9" * 18]
)
def test_a_bad_key_gives_a_page(site: Site, key: str) -> None:
    assert list(queries.archive(site, key).outages) == []


@pytest.mark.feature("A11")
@pytest.mark.parametrize(
    ("numbers", "asked", "expected"),
    [
        ("2–40 parzyste", "4", True),
        ("2–40 parzyste", "5", False),
        ("2–40 parzyste", "40A", True),
        ("3, 5, 7A", "7A", True),
        ("3, 5, 7A", "7", False),
        ("", "999", True),
        ("2–40 parzyste", "", True),
        ("2–40 parzyste", "4/12", True),
    ],
)
def test_address_check_knows_odd_even_and_letters(
    site: Site, outage: Make, numbers: str, asked: str, expected: bool
) -> None:
    made = outage(streets=[("Lipowa", numbers)])
    answer = queries.check_address(site, "ul. lipowa", asked)
    assert answer.street == Street.objects.get()
    assert answer.ongoing == ((made,) if expected else ())
    assert queries.check_address(site, f"Lipowa {asked}").ongoing == answer.ongoing


@pytest.mark.feature("A11")
def test_address_check_shows_what_is_planned(site: Site, outage: Make) -> None:
    made = outage(kind="planned", starts_at=NOW + 8 * DAY, expected_end=NOW + 8 * DAY + HOUR)
    outage(starts_at=NOW - 2 * DAY, ended_at=NOW - DAY)
    answer = queries.check_address(site, "Lipowa", "1")
    assert (answer.ongoing, answer.planned) == ((), (made,))


def test_address_check_asks_which_street(site: Site, street: Callable[..., Street]) -> None:
    streets = {street("Lipowa"), street("Lipowa", locality="Nowe Lipowo")}
    street("Krótka")
    assert set(queries.check_address(site, "Lipowa 3").suggestions) == streets
    assert queries.check_address(site, "Lipowa 3").number_text == "3"
    answer = queries.check_address(site, "Lipowa 3, nowe lipowo")
    assert (str(answer.street), str(answer.number)) == ("ul. Lipowa, Nowe Lipowo", "3")
    assert set(queries.check_address(site, "Lipovva 3").suggestions) == streets
    assert set(queries.check_address(site, "Xyz").suggestions) == set()


def test_streets_named_with_a_number(site: Site, street: Callable[..., Street]) -> None:
    maja = street("3 Maja")
    assert queries.check_address(site, "3 maja").street == maja
    assert str(queries.check_address(site, "3 maja 7").number) == "7"


def test_a_kind_tells_streets_of_one_name_apart(site: Site, street: Callable[..., Street]) -> None:
    avenue = street("Lipowa", prefix="al.")
    street("Lipowa")
    assert queries.check_address(site, "al. Lipowa 2").street == avenue


@pytest.mark.parametrize("typed", ["\x00", "", " ", "%", "_", "'", "A" * 5000, "ul.", ", ,", "٣"])
def test_nonsense_finds_nothing(site: Site, street: Callable[..., Street], typed: str) -> None:
    street("Krótka")
    answer = queries.check_address(site, typed, typed)
    assert (answer.street, answer.suggestions) == (None, ())


def test_a_wrong_number_answers_for_the_street(site: Site, outage: Make) -> None:
    made = outage(streets=[("Lipowa", "1-3")])
    answer = queries.check_address(site, "Lipowa", "dom za rogiem")
    assert (answer.number_error, answer.ongoing) == (True, (made,))


def test_another_site_sees_nothing(site: Site, outage: Make) -> None:
    outage()
    other = Site.objects.create(hostname="odpady.example.org", root_page=site.root_page)
    assert list(queries.current(other)) == []
    assert queries.check_address(other, "Lipowa").ongoing == ()


@pytest.mark.parametrize("count", [1, 30])
def test_the_same_queries_for_one_and_thirty(
    site: Site, outage: Make, assert_queries: Exactly, count: int
) -> None:
    for number in range(count):
        outage(streets=[("Lipowa", ""), (f"Ulica {number}", "1-5")])
    with assert_queries(4):
        for made in queries.with_details(queries.for_feeds(site)):
            assert [row.street.name for row in made.streets.all()][:1] == ["Lipowa"]
            assert (list(made.water_points.all()), list(made.updates.all())) == ([], [])
    with assert_queries(4):
        assert len(queries.check_address(site, "Lipowa", "3").ongoing) == count
    with assert_queries(1):
        board.banner(site)

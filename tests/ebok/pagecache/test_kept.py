"""What is made once for a generation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from ebok.pagecache import generation, kept


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    kept.forget()
    yield
    kept.forget()


class Counter:
    """Makes 1, 2, 3 …"""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> int:
        self.made += 1
        return self.made


def test_made_once_for_a_key_until_something_is_published(transactional_db: None) -> None:
    make = Counter()
    assert [kept.kept("a", make), kept.kept("a", make), kept.kept("b", make)] == [1, 1, 2]
    generation.bump()
    assert [kept.kept("a", make), kept.kept("a", make)] == [3, 3]


def test_made_anew_when_it_is_old(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make, now = Counter(), [1000.0]
    monkeypatch.setattr("ebok.pagecache.kept.time.monotonic", lambda: now[0])
    assert kept.kept("a", make) == 1
    now[0] += kept.SECONDS - 1
    assert kept.kept("a", make) == 1
    now[0] += 2
    assert kept.kept("a", make) == 2


def test_a_change_while_it_was_made_puts_it_out_of_date(transactional_db: None) -> None:
    def make() -> str:
        generation.bump()
        return "read before the change"

    kept.kept("a", make)
    assert kept.kept("a", lambda: "read after it") == "read after it"


def test_nothing_is_kept_or_shown_inside_a_transaction(transactional_db: None) -> None:
    make = Counter()
    assert kept.kept("a", make) == 1
    with transaction.atomic():
        assert [kept.kept("a", make), kept.kept("a", make)] == [2, 3]
    assert kept.kept("a", make) == 1


def test_none_is_not_kept_and_memory_is_bounded(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (kept.kept("a", lambda: None), kept.kept("a", lambda: "found")) == (None, "found")
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(10):
        kept.kept(number, lambda: "x")
    assert len(kept._kept) <= 3

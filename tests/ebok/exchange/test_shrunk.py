"""A complete delivery that lost its end exactly between two lines looks whole; it waits for a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from ebok.customers.models import Customer
from ebok.exchange import pipeline
from ebok.exchange.models import Delivery, Outcome
from tests.ebok.exchange.deliveries import configure, take_in, write

MANY = ["code;name"] + [f"K-{number:06d};Klient {number}" for number in range(1, 201)]

pytestmark = pytest.mark.feature("L11")


@pytest.fixture
def loaded(tmp_path: Path, restored_db: None) -> Path:
    assert take_in(write(tmp_path / "first", customers=MANY)).outcome == Outcome.DONE
    return tmp_path


def cut(folder: Path, rows: int, *, changes: bool = False) -> Delivery:
    return take_in(write(folder / f"cut-{rows}", customers=MANY[: rows + 1]), changes=changes)


def test_far_fewer_rows_wait_and_say_so(loaded: Path, superuser: object) -> None:
    delivery = cut(loaded, 120)
    assert delivery.outcome == Outcome.WAITING
    assert "120" in delivery.sentence
    assert "200" in delivery.sentence
    assert Customer.objects.count() == 200
    assert pipeline.approve(delivery.pk, None).outcome == Outcome.DONE
    assert Customer.objects.count() == 200


def test_a_few_fewer_are_missing_rows_and_no_more(loaded: Path) -> None:
    delivery = cut(loaded, 190)
    assert (delivery.outcome, delivery.parts.get().vanished) == (Outcome.DONE, 10)


def test_a_delivery_of_changes_may_be_small(loaded: Path) -> None:
    assert cut(loaded, 3, changes=True).outcome == Outcome.DONE


def test_it_is_held_against_the_last_complete_delivery(loaded: Path) -> None:
    cut(loaded, 3, changes=True)
    assert cut(loaded, 100).outcome == Outcome.WAITING


def test_the_administrator_sets_the_share(loaded: Path) -> None:
    configure(approval_threshold=50)
    assert cut(loaded, 120).outcome == Outcome.DONE

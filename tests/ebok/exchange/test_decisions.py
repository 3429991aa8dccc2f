"""What people decide about conflicts and missing rows, and rejected rows that come back mended."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from ebok.accounts.models import User
from ebok.billing.models import LedgerEntry
from ebok.customers.models import Customer
from ebok.exchange import decisions, entering, mending, natural_keys
from ebok.exchange.mirror import Source
from ebok.exchange.models import Decision, Delivery, Finding, Outcome, Settled
from ebok.journal.models import Event
from ebok.ports.datasets import Column, ColumnType
from tests.ebok.exchange.deliveries import CUSTOMERS, LEDGER, changed, take_in, write


@pytest.fixture
def loaded(tmp_path: Path, restored_db: None) -> Path:
    """Ten customers with an entry each."""
    folder = write(tmp_path / "first", customers=CUSTOMERS, ledger=LEDGER)
    assert take_in(folder).outcome == Outcome.DONE
    return tmp_path


INNA = changed(CUSTOMERS, **{"K-000003": "Klient 3=Inna"})


def correct(code: str, **fields: str) -> Customer:
    customer = Customer.objects.get(code=code)
    for name, value in fields.items():
        setattr(customer, name, value)
    return entering.correct(customer, actor=None)


def conflict(folder: Path) -> Finding:
    """Somebody corrected a name, and the billing system says otherwise."""
    correct("K-000003", name="Poprawiona")
    delivery = take_in(write(folder / "second", customers=INNA))
    assert delivery.outcome == Outcome.DONE
    return Finding.objects.get(part__delivery=delivery)


def test_theirs_overwrites_and_is_the_billing_systems_again(loaded: Path, administrator: User) -> None:
    finding = conflict(loaded)
    assert Customer.objects.get(code="K-000003").name == "Poprawiona"
    decisions.take_theirs(finding.pk, administrator)
    customer = Customer.objects.get(code="K-000003")
    assert (customer.name, customer.source, customer.corrected_at) == ("Inna", Source.IMPORTED, None)
    assert customer.batch_id == finding.part.delivery_id
    event = Event.objects.get(kind="exchange.conflict_decided")
    assert (event.customer_id, event.actor_id) == (customer.pk, administrator.pk)
    again = take_in(write(loaded / "third", customers=INNA))
    part = again.parts.get()
    assert (part.changed, part.conflicts, part.unchanged) == (0, 0, 10)


def test_ours_stays(loaded: Path, administrator: User) -> None:
    finding = conflict(loaded)
    decided = decisions.keep_ours(finding.pk, administrator)
    assert (decided.decision, decided.decided_by) == (Decision.OURS, administrator)
    assert Customer.objects.get(code="K-000003").name == "Poprawiona"


def test_what_was_left_is_not_told_again_and_another_value_is(loaded: Path, administrator: User) -> None:
    decisions.keep_ours(conflict(loaded).pk, administrator)
    more = [*INNA, "K-000098;Nowy;;;;"]
    again = take_in(write(loaded / "third", customers=more))
    part = again.parts.get()
    assert (part.conflicts, part.unchanged, part.new) == (0, 10, 1)
    assert not Finding.objects.filter(part__delivery=again).exists()
    # The same said in another order of columns is the same; another value is told.
    reordered = [";".join(reversed(line.split(";"))) for line in [*more, "K-000097;Nowszy;;;;"]]
    fourth = take_in(write(loaded / "fourth", customers=reordered))
    assert not Finding.objects.filter(part__delivery=fourth).exists()
    other = [line.replace("Inna", "Jeszcze inna") for line in more]
    fifth = take_in(write(loaded / "fifth", customers=other), changes=True)
    finding = Finding.objects.get(part__delivery=fifth)
    assert (finding.cells["name"], finding.decision) == ("Jeszcze inna", Decision.OPEN)
    # Taking theirs ends what was decided before.
    decisions.take_theirs(finding.pk, administrator)
    assert Customer.objects.get(code="K-000003").name == "Jeszcze inna"
    assert not Settled.objects.exists()


def test_the_second_to_decide_is_told(loaded: Path, administrator: User) -> None:
    finding = conflict(loaded)
    decisions.keep_ours(finding.pk, administrator)
    with pytest.raises(decisions.CannotDecide):
        decisions.take_theirs(finding.pk, None)
    assert Customer.objects.get(code="K-000003").name == "Poprawiona"
    assert Event.objects.filter(kind="exchange.conflict_decided").count() == 1


def test_what_changed_since_the_report_is_not_overwritten(loaded: Path) -> None:
    finding = conflict(loaded)
    correct("K-000003", name="Jeszcze inna")
    with pytest.raises(decisions.CannotDecide, match="K-000003"):
        decisions.take_theirs(finding.pk, None)
    finding.refresh_from_db()
    assert (finding.decision, Customer.objects.get(code="K-000003").name) == (Decision.OPEN, "Jeszcze inna")


def test_a_row_of_another_customer_moves(loaded: Path) -> None:
    lines = changed(LEDGER, **{"K-000004": "K-000004=K-000005"})
    delivery = take_in(write(loaded / "moved", ledger=lines), changes=True)
    finding = Finding.objects.get(part__delivery=delivery)
    decisions.take_theirs(finding.pk, None)
    owner = Customer.objects.get(code="K-000005")
    assert LedgerEntry.objects.get(number="N/4").customer_id == owner.pk
    key = natural_keys.find("ledger", "N/4")
    assert key is not None
    assert key.customer_id == owner.pk
    again = take_in(write(loaded / "again", ledger=lines), changes=True).parts.get()
    assert (again.conflicts, again.unchanged) == (0, 10)


def test_a_row_that_is_gone_is_said_so(loaded: Path) -> None:
    finding = conflict(loaded)
    LedgerEntry.objects.all().delete()
    customer = Customer.objects.get(code="K-000003")
    natural_keys.forget("customers", customer.pk)
    with pytest.raises(decisions.CannotDecide, match="K-000003"):
        decisions.take_theirs(finding.pk, None)


def test_missing_rows_are_reviewed_and_stay(loaded: Path, administrator: User) -> None:
    delivery = take_in(write(loaded / "fewer", customers=CUSTOMERS[:-1]))
    assert delivery.outcome == Outcome.DONE
    finding = Finding.objects.get(part__delivery=delivery, kind="vanished")
    with pytest.raises(decisions.CannotDecide):
        decisions.take_theirs(finding.pk, administrator)
    decisions.review_vanished(finding.pk, administrator)
    assert Customer.objects.filter(code="K-000010").exists()
    assert Event.objects.filter(kind="exchange.vanished_reviewed").count() == 1


# Rejected rows ---------------------------------------------------------------------------

WRONG = {
    "K-000001": "k1@example.org=to nie adres",
    "K-000002": "600100002=12",
    "K-000003": "62-200=622",
    "K-000004": "2019-04-04=2019-02-30",
    "K-000005": "Klient 5=",
    "K-000006": "600100006=+48 12",
}
RIGHT = {
    "K-000001": {"email": "k1@example.org"},
    "K-000002": {"phone": "600100002"},
    "K-000003": {"postcode": "62-200"},
    "K-000004": {"since_on": "04.04.2019"},
    "K-000005": {"name": "=Klient 5"},
    "K-000006": {"phone": "'+48600100006"},
}


def rejects(delivery: Delivery) -> list[dict[str, str]]:
    text = b"".join(mending.rejects_csv(delivery.parts.get())).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.feature("L11")
def test_rejected_rows_come_back_mended(tmp_path: Path, restored_db: None) -> None:
    delivery = take_in(write(tmp_path / "wrong", customers=changed(CUSTOMERS, **WRONG)))
    assert (delivery.parts.get().new, delivery.parts.get().rejected) == (4, 6)
    rows = rejects(delivery)
    reason = next(name for name in rows[0] if name.startswith("e-BOK"))
    assert [row["code"] for row in rows] == list(WRONG)
    assert all(row[reason] for row in rows)
    for row in rows:
        row.update(RIGHT[row["code"]])
    path = tmp_path / "poprawione.csv"
    with path.open("w", encoding="cp1250", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    mended = take_in(path)
    part = mended.parts.get()
    assert (mended.outcome, part.dataset, part.new, part.rejected) == (Outcome.DONE, "customers", 6, 0)
    assert (mended.complete, part.vanished, mended.as_of) == (False, 0, delivery.as_of)
    assert Customer.objects.get(code="K-000005").name == "=Klient 5"
    assert Customer.objects.get(code="K-000006").phone == "+48600100006"
    lines = changed(CUSTOMERS, **{"K-000005": "Klient 5==Klient 5"})
    whole = take_in(write(tmp_path / "whole", customers=lines))
    assert (whole.parts.get().unchanged, whole.parts.get().changed) == (10, 0)


TEXT = Column(name="text", title="x")
AMOUNT = Column(name="amount", title="x", type=ColumnType.DECIMAL)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Anna", "Anna"),
        ("=1+1", "'=1+1"),
        ("'cytat", "''cytat"),
        ("00123", "'00123"),
        ("12999900001234567800000096", "'12999900001234567800000096"),
        ("1/2", "'1/2"),
        ("05-2026", "'05-2026"),
        ("62-200", "62-200"),
        ("600100200", "600100200"),
        ("-5", "'-5"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_spoil_is_guarded(text: str, written: str) -> None:
    assert mending.protected(TEXT, text) == written
    assert mending.bare(written) == text


@pytest.mark.parametrize(
    ("text", "written"), [("-12.50", "-12,50"), ("7", "7"), ("=1+1", "'=1+1"), ("dużo", "dużo")]
)
def test_numbers_are_written_as_polish_spreadsheets_read_them(text: str, written: str) -> None:
    assert mending.protected(AMOUNT, text) == written


def test_only_our_own_files_are_unguarded() -> None:
    assert mending.mended(["code", "name"]) is None
    assert mending.mended(["e-bok"]) is None
    assert mending.mended(["code", " E-BOK  12 customers: co jest nie tak"]) == mending.Mended(
        12, "customers"
    )

"""What is past its time goes, what a person wishes goes, and the chain stays whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from ebok.accounts.models import User
from ebok.journal import chain, dropping, erasing, guards, kinds, partitions, removals, retention, tasks
from ebok.journal.erasing import Erased, ErasureRejected, erase_person
from ebok.journal.models import Detail, Event, Link, Removal
from ebok.journal.services import record
from ebok.ports import Erasure, EventKind
from tests.ebok.journal.test_guards import drop_guards

pytestmark = pytest.mark.django_db
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no partitions")
NOW = datetime(2031, 6, 15, 12, 0, tzinfo=UTC)
YEAR = "accounts.signed_in"
"""A kind whose details are kept for a year."""
FOREVER = "journal.item_changed"


def write(kind: str, *, days_ago: float, **kwargs: Any) -> Event:
    with time_machine.travel(NOW - timedelta(days=days_ago), tick=False):
        event = record(kind, text=f"{kind} {days_ago}", **kwargs)
        chain.write_pending(everywhere=True)
    return event


def texts() -> list[str]:
    return list(Detail.objects.order_by("moment").values_list("text", flat=True))


@pytest.fixture
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def aged(now: None) -> list[Event]:
    """Two details of a year's kind are past their time, one is not, and one is kept for ever."""
    return [
        write(FOREVER, days_ago=900),
        write(YEAR, days_ago=400),
        write(YEAR, days_ago=365.5),
        write(YEAR, days_ago=364.5),
    ]


def test_only_details_past_their_kinds_time_go(aged: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    expired = retention.expire()
    assert (expired.details, expired.months) == ({YEAR: 2}, [])
    assert texts() == [
        f"{FOREVER} 900",
        f"{YEAR} 364.5",
        "Usunięto z dziennika szczegóły 2 zdarzeń, których czas minął",
    ]
    assert Event.objects.count() == 5
    verdict = chain.verify()
    assert (verdict.whole, verdict.erased) == (True, 2)
    # The next run has nothing to do and says nothing.
    assert retention.expire() == retention.Expired({}, [])
    assert Event.objects.count() == 5


def test_a_dry_run_tells_and_changes_nothing(aged: list[Event], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("journal_retention", dry_run=True)
    assert capsys.readouterr().out.splitlines() == [f"{YEAR}: 2", "would be removed: 2 details, 0 months"]
    assert (Detail.objects.count(), Event.objects.count(), Removal.objects.count()) == (4, 4, 0)
    call_command("journal_retention")
    assert capsys.readouterr().out.splitlines() == [f"{YEAR}: 2", "removed: 2 details, 0 months"]
    assert Detail.objects.filter(event_id__in=[event.id for event in aged]).count() == 2


def test_the_daily_task_tells_what_it_removed(aged: list[Event]) -> None:
    assert tasks.expire() == "Usunięto z dziennika: szczegółów 2, miesięcy 0."
    assert tasks.expire() is None


def test_what_committed_late_is_found_by_the_next_run(aged: list[Event]) -> None:
    retention.expire()
    write(YEAR, days_ago=380)
    assert retention.expire().details == {YEAR: 1}
    # What came later still is found by looking everywhere.
    write(YEAR, days_ago=2000)
    assert retention.expire().details == {}
    assert retention.expire(everywhere=True).details == {YEAR: 1}
    assert chain.verify().whole


def test_an_interrupted_run_is_finished_by_the_next(
    aged: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    monkeypatch.setattr(retention, "LATE", timedelta(0))
    real, runs = erasing.delete_rows, []

    def dies(details: Any) -> int:
        runs.append(1)
        if len(runs) == 2:
            raise KeyboardInterrupt
        return real(details)

    with monkeypatch.context() as patched:
        patched.setattr(retention, "delete_rows", dies)
        with pytest.raises(KeyboardInterrupt):
            retention.expire()
    assert retention.expire().details == {YEAR: 1}
    assert chain.verify().whole


def test_kinds_nobody_declares_are_kept(aged: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    rest = [kind for kind in kinds.declared() if kind.key != YEAR]
    monkeypatch.setattr(kinds, "declared", lambda: iter(rest))
    assert retention.expire().details == {}
    assert Detail.objects.count() == 4


def test_details_gone_before_their_time_are_missed_after_a_run(aged: list[Event]) -> None:
    retention.expire()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_detail WHERE text LIKE %s", [f"{YEAR}%"])
    broken = chain.verify().broken
    assert broken is not None
    assert broken.event_id == aged[3].id


# A person's wish --------------------------------------------------------------------------


def test_a_persons_details_are_erased_as_their_kinds_allow(client_user: User, administrator: User) -> None:
    mine = record(YEAR, text="ja", actor=client_user, obj=client_user)
    tried = record("accounts.sign_in_failed", text="ktoś jako ja", actor="", obj=client_user)
    kept = record("customers.corrected", text="poprawiono mnie", customer_id=77)
    of_customer = record("exchange.customer_refreshed", text="odświeżono mnie", customer_id=77)
    other = record(YEAR, text="inny", actor=administrator, obj=administrator, customer_id=78)
    chain.write_pending()
    done = erase_person(
        user=client_user, customer_id=77, reason="Żądanie z 5 maja 2026 r.", actor=administrator
    )
    assert done == Erased(erased=3, kept=1)
    there = set(Detail.objects.values_list("event_id", flat=True))
    assert there >= {kept.id, other.id}
    assert not there & {mine.id, tried.id, of_customer.id}
    act = Event.objects.get(kind="journal.person_erased")
    assert (act.actor_id, act.customer_id, act.object_id) == (administrator.pk, 77, str(client_user.pk))
    detail = Detail.objects.get(event_id=act.id)
    assert "Żądanie z 5 maja 2026 r." in detail.text
    assert client_user.email not in f"{detail.text} {detail.payload}"
    chain.write_pending()
    verdict = chain.verify()
    assert (verdict.whole, verdict.erased) == (True, 3)
    # Twice is not an error, and an event as well.
    assert erase_person(user=client_user, reason="jeszcze raz", actor=administrator).erased == 0


@pytest.mark.parametrize("wrong", [{"reason": "x"}, {"customer_id": 1, "reason": " "}])
def test_an_erasure_names_somebody_and_a_reason(wrong: dict[str, Any]) -> None:
    record("exchange.customer_refreshed", text="x", customer_id=1)
    with pytest.raises(ErasureRejected):
        erase_person(**wrong, actor="portal")
    assert Detail.objects.count() == 1
    assert Event.objects.count() == 1


# Months ----------------------------------------------------------------------------------


def months(since: datetime, until: datetime) -> None:
    """Anchor and drop, as PostgreSQL does it, on a database without partitions: guards aside."""
    links = removals.LinksDigest()
    inside = Event.objects.filter(moment__gte=since, moment__lt=until).values("id")
    for link in Link.objects.filter(event_id__in=inside).order_by("seq"):
        links.add(link)
    removals.state_dropped(since, until, links)
    with connection.cursor() as cursor:
        for table in partitions.PARTITIONED:
            cursor.execute(f"DELETE FROM {table} WHERE moment >= %s AND moment < %s", [since, until])


MAY, JUNE = datetime(2030, 5, 1, tzinfo=UTC), datetime(2030, 6, 1, tzinfo=UTC)


@pytest.fixture
def anchored(now: None) -> list[Event]:
    """Five events of which three were in a month that was dropped."""
    events = [write(FOREVER, days_ago=500)]
    events += [write(YEAR, days_ago=390 + number) for number in range(3)]
    events += [write(FOREVER, days_ago=1)]
    drop_guards()
    months(MAY, JUNE)
    return events


def test_the_chain_is_whole_over_an_anchored_month(anchored: list[Event]) -> None:
    assert Event.objects.count() == 2
    verdict = chain.verify()
    assert (verdict.whole, verdict.links, verdict.head) == (True, 5, chain.head())


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE journal_chain SET hash = 'x' WHERE seq = 3", 4),
        ("DELETE FROM journal_chain WHERE seq = 3", 4),
        ("DELETE FROM journal_removal", 2),
        ("UPDATE journal_removal SET said = replace(said, '\"links\":3', '\"links\":2')", 2),
    ],
)
def test_an_anchored_month_cannot_be_changed(anchored: list[Event], sql: str, seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    broken = chain.verify().broken
    assert broken is not None
    assert broken.seq == seq


def test_links_inside_an_anchored_month_are_held_to_its_digest(anchored: list[Event]) -> None:
    # Both links agree, so only the anchor knows.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_chain SET hash = %s WHERE seq = 3", ["a" * 64])
        cursor.execute("UPDATE journal_chain SET previous_hash = %s WHERE seq = 4", ["a" * 64])
    broken = chain.verify().broken
    assert broken is not None
    assert broken.seq == 4
    assert "od kotwicy" in broken.reason


def test_an_anchor_says_nothing_about_other_months(anchored: list[Event]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_event WHERE moment < %s", [MAY])
    broken = chain.verify().broken
    assert broken is not None
    assert broken.seq == 1


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL has partitions")
def test_without_partitions_no_month_is_dropped(aged: list[Event]) -> None:
    assert dropping.due(NOW) == []


def prepared() -> list[str]:
    """Partitions from 2030 on."""
    partitions.create_missing(now=datetime(2030, 4, 1, tzinfo=UTC))
    with connection.cursor() as cursor:
        return sorted(partitions.names(cursor, "journal_event"))


@postgresql
def test_a_month_is_dropped_only_when_every_kind_in_it_expired(now: None) -> None:
    prepared()
    with time_machine.travel(datetime(2030, 4, 10, tzinfo=UTC), tick=False):
        record(YEAR, text="kwiecień")
        record(FOREVER, text="na zawsze")
    with time_machine.travel(datetime(2030, 5, 10, tzinfo=UTC), tick=False):
        gone = [record(YEAR, text="maj"), record("accounts.signed_out", text="maj")]
    chain.write_pending(everywhere=True)
    assert retention.expire(dry_run=True).months == ["2030-05"]
    assert retention.expire().months == ["2030-05"]
    assert not Event.objects.filter(id__in=[event.id for event in gone]).exists()
    assert "journal_event_y2030m05" not in prepared_names()
    assert "journal_event_y2030m04" in prepared_names()
    told = Detail.objects.get(event_id=Event.objects.get(kind="journal.month_dropped").id)
    assert told.text == "Usunięto z dziennika miesiąc 2030-05, którego czas minął (liczba zdarzeń: 2)"
    chain.write_pending(everywhere=True)
    assert chain.verify().whole
    assert guards.missing() == set()
    assert retention.expire().months == []
    # An event that comes for that month after all goes into the DEFAULT partition, past the anchor.
    with time_machine.travel(datetime(2030, 5, 20, tzinfo=UTC), tick=False):
        record(YEAR, text="spóźnione o rok")
    chain.write_pending(everywhere=True)
    assert chain.verify().whole


@postgresql
def test_a_month_with_an_event_that_waits_for_its_link_stays(now: None) -> None:
    prepared()
    with time_machine.travel(datetime(2030, 5, 10, tzinfo=UTC), tick=False):
        record(YEAR, text="maj")
    assert retention.expire().months == []
    assert Event.objects.filter(kind=YEAR).count() == 1


@postgresql
def test_a_month_of_which_a_kind_is_not_known_stays(now: None, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared()
    strange = EventKind(
        key="strange.kind", title="x", erasure=Erasure.ERASE_DETAIL, retention=timedelta(days=1)
    )
    known = list(kinds.declared())
    with monkeypatch.context() as patched, time_machine.travel(datetime(2030, 5, 10, tzinfo=UTC), tick=False):
        patched.setattr(kinds, "declared", lambda: iter([*known, strange]))
        record("strange.kind", text="moduł, którego nie ma")
    chain.write_pending(everywhere=True)
    assert retention.expire().months == []


def prepared_names() -> set[str]:
    with connection.cursor() as cursor:
        return partitions.names(cursor, "journal_event")

"""A thousand random tamperings with any row of any table, guards out of the way: every one is found."""

from __future__ import annotations

import random
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test import RequestFactory

from ebok.journal import chain
from ebok.journal.erasing import erase_details
from ebok.journal.models import Detail, Event, Link, Removal
from ebok.journal.services import record
from tests.ebok.journal.test_guards import drop_guards

EVENTS = 24
TAMPERINGS = 1000
TABLES: tuple[type[models.Model], ...] = (Event, Detail, Link, Removal)


@dataclass
class Thief:
    """Somebody with every right in the database and without the journal's key."""

    chance: random.Random

    def strike(self) -> str:
        """Do one thing to one table; says what it was."""
        model = self.chance.choice(TABLES)
        ways: list[Callable[[type[models.Model]], str]] = [self.change, self.delete, self.insert, self.swap]
        return f"{self.chance.choice(ways)(model)} in {model._meta.db_table}"

    def change(self, model: type[models.Model]) -> str:
        """One column of one row becomes something else."""
        row, column = self._row(model), self.chance.choice(model._meta.concrete_fields)
        value = getattr(row, column.attname)
        other = self._other(column, value)
        assert other != value
        plain(model).filter(pk=row.pk).update(**{column.attname: other})
        return f"{column.name} changed"

    def delete(self, model: type[models.Model]) -> str:
        """A row goes."""
        rows = plain(model).filter(pk=self._row(model).pk)
        rows._raw_delete(rows.db)
        return "a row deleted"

    def insert(self, model: type[models.Model]) -> str:
        """A row that looks like one of the others comes."""
        values = {field.attname: getattr(self._row(model), field.attname) for field in fields(model)}
        if model is Event:
            values["id"] = uuid.UUID(int=values["id"].int ^ (1 << self.chance.randrange(62)))
        elif model is Detail:
            # Of an event whose detail was erased, or of one that never was.
            erased = Event.objects.exclude(id__in=Detail.objects.values("event_id")).first()
            assert erased is not None
            of_erased = self.chance.random() < 0.5
            values["event_id"] = erased.id if of_erased else uuid.uuid4()
            values["moment"] = erased.moment
        elif model is Link:
            values["seq"] = self.chance.choice([EVENTS + 1, EVENTS + 7])
            values["previous_hash"] = chain.head().hash
            values["event_id"] = uuid.uuid4()
        else:
            values["id"] = uuid.uuid4()
            values["said"] = values["said"].replace("a", "b", 1)
        model._base_manager.bulk_create([model(**values)])
        return "a row inserted"

    def swap(self, model: type[models.Model]) -> str:
        """Two rows change places: everything but their keys."""
        one, two = self._row(model), self._row(model)
        while two.pk == one.pk:
            two = self._row(model)
        names = [field.attname for field in fields(model) if not field.primary_key]
        if model is Link:
            plain(model).filter(pk=one.pk).update(event_id=uuid.uuid4())
        for target, source in ((two, one), (one, two)):
            plain(model).filter(pk=target.pk).update(**{name: getattr(source, name) for name in names})
        return "two rows swapped"

    def _row(self, model: type[models.Model]) -> Any:
        rows = list(plain(model).order_by("pk"))
        return self.chance.choice(rows)

    def _other(self, column: models.Field[Any, Any], value: Any) -> Any:
        if isinstance(value, uuid.UUID):
            return uuid.uuid4()
        if isinstance(value, datetime):
            return value + timedelta(microseconds=self.chance.choice([-1, 1, 10**6]))
        if isinstance(value, dict):
            return {**value, "x": self.chance.randrange(99)}
        if isinstance(column, models.GenericIPAddressField):
            return self.chance.choice([None, "203.0.113.9"]) if value else "203.0.113.9"
        if isinstance(column, models.BigIntegerField | models.IntegerField):
            return 1000 + self.chance.randrange(99) if value is None else value + 1000
        if column.attname == "kind":
            return "journal.item_deleted"
        limit = column.max_length or 4000
        others = [other[:limit] for other in ("", "x", "x" + value, value + " ", value[1:])]
        return self.chance.choice([other for other in others if other != value])


def plain(model: type[models.Model]) -> Any:
    """A query set that refuses nothing."""
    return models.QuerySet(model)


def fields(model: type[models.Model]) -> list[Any]:
    return list(model._meta.concrete_fields)


def settled_journal(rf: RequestFactory) -> chain.Head:
    """Events with everything filled in, some erased by two statements; the head as the daily file has it."""
    made = []
    for number in range(EVENTS):
        request = rf.get("/", headers={"user-agent": "Firefox"}, REMOTE_ADDR=f"192.0.2.{number}")
        event = record(
            "journal.item_changed",
            text=f"Zmiana {number}",
            actor="portal",
            request=request if number % 3 else None,
            customer_id=number or None,
            payload={"n": number},
        )
        made.append(event.id)
    chain.write_pending()
    erase_details(made[3:5])
    erase_details(made[9:10])
    return chain.head()


@pytest.mark.django_db
@pytest.mark.feature("K01")
def test_a_thousand_random_tamperings_are_all_found(rf: RequestFactory) -> None:
    noted = settled_journal(rf)
    drop_guards()
    seed = secrets.randbits(32)
    thief = Thief(random.Random(seed))
    missed = []
    for number in range(TAMPERINGS):
        with transaction.atomic():
            what = thief.strike()
            if chain.verify(expected=[noted]).whole:
                missed.append(f"{number}: {what}")
            transaction.set_rollback(True)
    assert (missed, seed) == ([], seed)
    assert chain.verify(expected=[noted]).whole


@pytest.mark.django_db
def test_the_writer_takes_no_event_the_portal_did_not_write() -> None:
    record("journal.item_changed", text="prawdziwe")
    now = datetime.now(UTC)
    forged = Event(uuid.uuid4(), "journal.item_deleted", now, None, None, None, "", "", "0" * 64, "f" * 64)
    forged.save()
    assert chain.write_pending() == 1
    verdict = chain.verify()
    assert verdict.unsealed == 1
    assert verdict.broken is not None
    assert (verdict.broken.event_id, verdict.broken.reason) == (
        forged.id,
        "tego zdarzenia nie zapisał portal",
    )


@pytest.mark.django_db
def test_a_detail_deleted_without_a_statement_is_missed() -> None:
    events = [record("journal.item_changed", text=str(number)) for number in range(3)]
    chain.write_pending()
    with connection.cursor() as cursor:  # no guard refuses this
        cursor.execute("DELETE FROM journal_detail WHERE text = '1'")
    broken = chain.verify().broken
    assert broken is not None
    assert (broken.seq, broken.event_id) == (2, events[1].id)
    assert "nikt nie zapisał, że je usunięto" in broken.reason

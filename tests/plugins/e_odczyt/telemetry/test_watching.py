"""Findings are made of states, told, answered, and the answers are used (C-5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ebok.customers.models import Meter
from ebok.journal.models import Event
from ebok.notifications.models import Message
from ebok.testing import mirror
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_odczyt.models import (
    Absence,
    Answer,
    Finding,
    FindingState,
    ReadingSettings,
    RemoteMeter,
)
from ebok_plugins.e_odczyt.telemetry import answering, intake
from ebok_plugins.e_odczyt.telemetry.answering import AnswerRefused
from tests.plugins.e_odczyt.telemetry.conftest import DAY, FIRST, LEAKING, Send, later, lines_of, look

pytestmark = pytest.mark.django_db
LEAK = DAY * 20 + LEAKING * 5


@pytest.mark.feature("C-5")
def test_a_leak_is_found_and_the_client_is_told_once(home: SampleWorld, meter: Meter, send: Send) -> None:
    send(lines_of(LEAK))
    assert look() == (1, 1)
    finding = Finding.objects.get()
    assert (finding.kind, finding.flow, finding.litres, finding.is_open) == ("leak", 7, 840, True)
    assert finding.state == FindingState.TOLD
    messages = Message.objects.filter(kind="e_odczyt.finding")
    assert {message.user for message in messages} == {home.owner}
    assert all(meter.number in message.body for message in messages)
    assert all(f"/zdalne/{finding.pk}/" in message.url for message in messages)
    count = messages.count()
    event = Event.objects.get(kind="e_odczyt.finding_made")
    assert event.customer_id == meter.customer_id
    # Nothing new has come: nobody looks, nobody is told.
    assert look() == (0, 0)
    send(lines_of(LEAKING, first=FIRST + timedelta(days=25)))
    assert look() == (1, 0)
    assert Message.objects.filter(kind="e_odczyt.finding").count() == count


def test_while_it_goes_on_the_finding_grows_and_then_it_is_over(meter: Meter, send: Send) -> None:
    send(lines_of(LEAK))
    look()
    send(lines_of(LEAK + LEAKING * 2))
    look()
    finding = Finding.objects.get()
    assert finding.end == FIRST + timedelta(days=27)
    assert finding.is_open
    send(lines_of(LEAK + LEAKING * 2 + DAY * 3))
    look()
    finding = Finding.objects.get()
    assert not finding.is_open
    assert finding.end == FIRST + timedelta(days=27)


def test_what_is_history_when_it_comes_is_not_told(meter: Meter, send: Send) -> None:
    send(lines_of(LEAK + DAY * 10))
    look()
    assert Finding.objects.get().state == FindingState.MUTED
    assert not Message.objects.filter(kind="e_odczyt.finding").exists()


def test_an_empty_house_is_noted_and_nobody_is_told(meter: Meter, send: Send) -> None:
    send(lines_of(DAY * 20 + [0] * 24 * 6))
    look()
    assert list(Finding.objects.values_list("kind", "state")) == [("vacant", FindingState.MUTED)]
    assert not Message.objects.filter(kind="e_odczyt.finding").exists()


@pytest.mark.feature("C-5")
@pytest.mark.parametrize(
    ("said", "told_again"), [(Answer.MINE, False), (Answer.WRONG, False), (Answer.CHECK, True)]
)
def test_an_answer_is_kept_and_used(
    home: SampleWorld, meter: Meter, send: Send, said: Answer, told_again: bool
) -> None:
    send(lines_of(LEAK))
    look()
    answering.answer(Finding.objects.get(), said, remark="Wiem", user=home.owner)
    first = Finding.objects.get()
    assert (first.state, first.answer, first.remark) == (FindingState.ANSWERED, said, "Wiem")
    assert Event.objects.get(kind="e_odczyt.finding_answered").customer_id == meter.customer_id
    before = Message.objects.count()
    send(lines_of(LEAK + DAY * 8 + LEAKING * 5))
    look()
    second = Finding.objects.latest("pk")
    assert second.pk != first.pk
    assert second.state == (FindingState.TOLD if told_again else FindingState.MUTED)
    assert (Message.objects.count() > before) is told_again


def test_after_the_days_of_the_settings_it_is_told_again(home: SampleWorld, meter: Meter, send: Send) -> None:
    settings = ReadingSettings.for_site(home.site)
    settings.mute_days = 0
    settings.save()
    send(lines_of(LEAK))
    look()
    answering.answer(Finding.objects.get(), Answer.MINE, user=home.owner)
    send(lines_of(LEAK + DAY * 8 + LEAKING * 5))
    look()
    assert Finding.objects.latest("pk").state == FindingState.TOLD


def test_a_closed_finding_takes_no_answer_and_is_closed_once(
    home: SampleWorld, meter: Meter, send: Send
) -> None:
    send(lines_of(LEAK))
    look()
    finding = Finding.objects.get()
    answering.close(finding, note="Wymieniono zawór", user=home.other)
    with pytest.raises(AnswerRefused):
        answering.answer(finding, Answer.MINE, user=home.owner)
    with pytest.raises(AnswerRefused):
        answering.close(finding, note="Jeszcze raz", user=home.other)
    closed = Finding.objects.get()
    assert (closed.note, closed.answer) == ("Wymieniono zawór", "")
    # It goes on and stays closed.
    send(lines_of(LEAK + LEAKING))
    look()
    assert Finding.objects.get().state == FindingState.CLOSED


def test_use_during_a_told_absence_is_told(home: SampleWorld, meter: Meter, send: Send) -> None:
    away = [0] * 24 * 3 + [0, 0, 30, 40, 10] + [0] * 19 + [0] * 24
    send(lines_of(DAY * 20 + away))
    look()
    first = (FIRST + timedelta(days=20)).date()
    answering.tell_absence(home.customer, first, first + timedelta(days=8), user=home.owner)
    answering.tell_absence(home.customer, first, first + timedelta(days=8), user=home.owner)
    assert Absence.objects.count() == 1
    look()
    found = Finding.objects.get(kind="away_use")
    assert (found.litres, found.state) == (80, FindingState.TOLD)


@pytest.mark.parametrize(("first", "last"), [(5, 4), (0, 400)])
def test_an_absence_that_makes_no_sense_is_refused(home: SampleWorld, first: int, last: int) -> None:
    day = FIRST.date()
    with pytest.raises(AnswerRefused):
        answering.tell_absence(
            home.customer, day + timedelta(days=first), day + timedelta(days=last), user=home.owner
        )
    assert not Absence.objects.exists()


def test_the_states_of_an_earlier_holder_are_not_looked_at(
    home: SampleWorld, meter: Meter, send: Send
) -> None:
    send(lines_of(LEAK))
    point = mirror.point(home.other_customer)
    Meter.objects.filter(pk=meter.pk).update(customer=home.other_customer, point=point)
    send(lines_of(DAY, first=FIRST + timedelta(days=25)))
    look()
    assert RemoteMeter.objects.get(pk=meter.pk).customer_id == home.other_customer.pk
    assert not Finding.objects.exists()


def test_news_that_comes_while_somebody_looks_is_not_lost(meter: Meter, send: Send, monkeypatch: Any) -> None:
    send(lines_of(DAY * 3))
    from ebok_plugins.e_odczyt.telemetry import watching

    original = watching._look_at

    def slowly(*args: Any) -> int:
        file, _new = intake.keep_file(
            "b.csv", ContentFile(lines_of(DAY, first=FIRST + timedelta(days=3)).encode())
        )
        intake.read_file(file)
        return original(*args)

    monkeypatch.setattr(watching, "_look_at", slowly)
    watching.watch(later())
    monkeypatch.undo()
    assert RemoteMeter.objects.get(pk=meter.pk).news == 1


def test_queries_do_not_grow_with_the_meters(home: SampleWorld, meter: Meter, send: Send) -> None:
    def states_of(count: int) -> str:
        for number in range(count):
            mirror.meter(meter.point, radio_number=f"R{number:04d}")
        return "\n".join(lines_of(DAY * 2, device=f"R{number:04d}") for number in range(count))

    send(states_of(1))
    with CaptureQueriesContext(connection) as one:
        look()
    RemoteMeter.objects.all().delete()
    Meter.objects.filter(radio_number__startswith="R").delete()
    send(states_of(20).replace("id;timestamp_utc;total_m3;status\n", "", 0) + "\n")
    with CaptureQueriesContext(connection) as twenty:
        assert look()[0] == 20
    # One UPDATE for each meter says that it was looked at, nothing else.
    assert len(twenty) - len(one) <= 2 * 19


def test_nobody_is_told_where_the_module_is_off_and_told_later(
    home: SampleWorld, meter: Meter, send: Send, disable: Any, enable: Any
) -> None:
    disable("e_odczyt")
    send(lines_of(LEAK))
    look()
    assert Finding.objects.get().state == FindingState.NEW
    enable("e_odczyt")
    send(lines_of(LEAK + LEAKING))
    look()
    assert Finding.objects.get().state == FindingState.TOLD
    told_at = Finding.objects.get().told_at
    assert told_at is not None
    assert told_at <= timezone.now()

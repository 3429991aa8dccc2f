"""Numbers stay unique when many people send at the same moment, and a double click sends once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction

from ebok_plugins.e_dokument import services
from ebok_plugins.e_dokument.models import Application, ApplicationForm, NumberSeries

MANY = 12


def send(form_pk: int, key: uuid.UUID) -> str:
    try:
        form = ApplicationForm.objects.select_related("template__site").get(pk=form_pk)
        application, _is_new = services.submit(services.Sending(form=form, client_key=key, answers={}))
        return application.number
    finally:
        connection.close()


@pytest.mark.feature("G18")
def test_numbers_are_unique_and_without_gaps(restored_db: None, form: ApplicationForm) -> None:
    with ThreadPoolExecutor(4) as people:
        numbers = list(people.map(send, [form.pk] * MANY, [uuid.uuid4() for _person in range(MANY)]))
    assert sorted(int(number.rsplit("/", 1)[1]) for number in numbers) == list(range(1, MANY + 1))
    assert NumberSeries.objects.get().last == MANY


@pytest.mark.feature("G18")
def test_a_double_click_at_the_same_moment_sends_once(restored_db: None, form: ApplicationForm) -> None:
    key = uuid.uuid4()
    with ThreadPoolExecutor(4) as clicks:
        numbers = set(clicks.map(send, [form.pk] * 8, [key] * 8))
    assert len(numbers) == 1
    assert Application.objects.count() == 1


def test_each_year_begins_with_one(db: None) -> None:
    with transaction.atomic():
        assert [services.next_number(year) for year in (2026, 2026, 2027)] == [
            "W/2026/000001",
            "W/2026/000002",
            "W/2027/000001",
        ]


def test_the_year_is_that_of_the_town(form: ApplicationForm) -> None:
    with time_machine.travel("2026-12-31 23:30+00:00"):
        application, _is_new = services.submit(
            services.Sending(form=form, client_key=uuid.uuid4(), answers={})
        )
    assert application.number == "W/2027/000001"

"""What the status board says about the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Site

from ebok.journal import chain, status, tasks
from ebok.journal.services import record
from ebok.ports import StatusLight
from tests.ebok.journal.test_guards import drop_guards

pytestmark = pytest.mark.django_db


def test_missing_guards_are_a_red_light(site: Site) -> None:
    assert status.database_guards(site).light is StatusLight.OK
    drop_guards()
    report = status.database_guards(site)
    assert report.light is StatusLight.ERROR
    assert "journal_chain_no_delete" in str(report.sentence)


def test_a_writer_that_does_not_run_is_noticed(site: Site) -> None:
    chain.write_pending(everywhere=True)
    record("journal.item_changed", text="x")
    assert status.sealing(site).light is StatusLight.OK
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert status.sealing(site).light is StatusLight.WARNING
        tasks.seal()
        report = status.sealing(site)
    assert report.light is StatusLight.OK
    assert str(chain.head().seq) in str(report.sentence)


def test_the_tasks_say_what_they_did() -> None:
    chain.write_pending(everywhere=True)
    assert tasks.seal() == "Zabezpieczono 0 zdarzeń."
    record("journal.item_changed", text="x")
    assert tasks.seal() == "Zabezpieczono 1 zdarzenie."
    assert tasks.sweep() == "Zabezpieczono 0 spóźnionych zdarzeń."

"""A delivery that stops at any point is continued from there, with the same result as in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ebok.exchange import applying, phases, pipeline
from ebok.exchange.models import Delivery, Outcome, Phase
from ebok.exchange.staging import stage_of
from ebok.journal.models import Event
from tests.ebok.exchange.small_town import TOWN, Town, mirror, numbers, town, with_line

# SQLite attaches its staging database, which no transaction allows.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "sqlite")

STOPS = [Phase.PARSED, Phase.VALIDATED, Phase.COMPARED, Phase.APPROVED, Phase.APPLIED, Phase.DONE]


class PulledPlug(BaseException):
    """Nothing catches it, as nothing catches SIGKILL."""


@pytest.fixture
def deliveries(tmp_path: Path) -> Town:
    return Town(tmp_path / "delivery")


def stop_at(patched: pytest.MonkeyPatch, phase: Phase, *, after: bool) -> None:
    reached = phases.Run.reached

    def stopped(run: phases.Run, to: Phase, **more: Any) -> None:
        if to == phase and not after:
            raise PulledPlug
        reached(run, to, **more)
        if to == phase:
            raise PulledPlug

    patched.setattr(phases.Run, "reached", stopped)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("phase", STOPS)
def test_every_phase_can_be_continued(deliveries: Town, phase: Phase, after: bool) -> None:
    with pytest.MonkeyPatch.context() as patched:
        stop_at(patched, phase, after=after)
        with pytest.raises(PulledPlug):
            deliveries.deliver()

    delivery = pipeline.proceed(Delivery.objects.get().pk)
    assert (delivery.outcome, delivery.phase, delivery.sentence) == (Outcome.DONE, Phase.DONE, "")
    assert {key: numbers(delivery, key).get("new") for key in TOWN} == {
        key: len(lines) - 1 for key, lines in TOWN.items()
    }
    assert len(mirror()["readings"]) == 5
    assert Event.objects.filter(kind="exchange.delivery_taken_over").count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes over in one transaction")
@pytest.mark.parametrize("step", [2, 4, 9, 14])
def test_a_delivery_half_taken_over_is_finished_before_the_next(
    deliveries: Town, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(applying, "STEP_ROWS", 1)
    take_over, taken = applying.Applier.take_over, []

    def interrupted(applier: applying.Applier, share: applying.Share) -> tuple[int, int]:
        taken.append(share)
        if len(taken) == step:
            raise PulledPlug
        return take_over(applier, share)

    with monkeypatch.context() as patched:
        patched.setattr(applying.Applier, "take_over", interrupted)
        with pytest.raises(PulledPlug):
            deliveries.deliver()
    first = Delivery.objects.get()
    assert first.phase == Phase.APPROVED

    second = deliveries.deliver(
        town(readings=with_line("readings", 2, "K1;M1;2026-01-31;1;actual;411.000;11.000;"))
    )
    first.refresh_from_db()
    assert (first.outcome, second.outcome) == (Outcome.DONE, Outcome.DONE)
    assert numbers(second, "readings") == {"rows": 5, "changed": 1, "unchanged": 4}
    assert numbers(second, "invoices") == {"rows": 4, "unchanged": 4}


def test_a_lost_stage_is_filled_again(deliveries: Town) -> None:
    with pytest.MonkeyPatch.context() as patched:
        stop_at(patched, Phase.COMPARED, after=True)
        with pytest.raises(PulledPlug):
            deliveries.deliver()
    delivery = Delivery.objects.get()
    stage_of(delivery.pk).discard()

    assert pipeline.proceed(delivery.pk).outcome == Outcome.DONE
    assert len(mirror()["readings"]) == 5


def test_nothing_is_left_behind(deliveries: Town) -> None:
    delivery = deliveries.deliver()
    stage = stage_of(delivery.pk)
    if connection.vendor == "sqlite":
        assert list(stage.file.parent.iterdir()) == []  # type: ignore[attr-defined]
    else:
        assert stage.all("SELECT relname FROM pg_class WHERE relname LIKE 'ebok\\_stage\\_%'") == []

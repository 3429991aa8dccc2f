"""The minute timer: what is due, who gets the lease, what is written down."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from ebok.operations import periodic
from ebok.operations.models import Outcome, PeriodicRun, PeriodicState
from ebok.operations.periodic import Unit, UnknownTask, next_due, run_due, take, units
from ebok.plugins.registry import registry
from ebok.ports import PeriodicTask
from tests.database import ROOT, ask, process_environment

NOON = datetime(2026, 5, 14, 12, 0, 0, 300_000, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Calls(list[str]):
    """Remembers who was called."""

    def task(
        self, name: str, result: str | None = None, error: Exception | None = None
    ) -> Callable[..., Any]:
        def run(site: Site | None = None) -> str | None:
            self.append(name if site is None else f"{name}@{site.hostname}")
            if error is not None:
                raise error
            return result

        return run


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`declare(task, owner=…)`: the only periodic tasks there are."""

    def set_tasks(*tasks: PeriodicTask, owner: str = "operations") -> None:
        owners = {app.key: app for app in registry.owners}
        monkeypatch.setattr(
            registry,
            "contributions",
            lambda name: [(owners[owner], task) for task in tasks] if name == "tasks" else others(name),
        )

    others = registry.contributions
    return set_tasks


def task(name: str, run: Callable[..., Any], every: timedelta = MINUTE, **options: Any) -> PeriodicTask:
    return PeriodicTask(key=f"operations.{name}", title=name, run=run, every=every, **options)


@pytest.mark.django_db
def test_runs_what_is_due_and_nothing_else(declare: Any, calls: Calls) -> None:
    declare(
        task("minute", calls.task("minute", "3 things")), task("hour", calls.task("hour"), timedelta(hours=1))
    )
    run_due(now=NOON)
    run_due(now=NOON + timedelta(seconds=20))
    run_due(now=NOON + MINUTE)
    assert calls == ["minute", "hour", "minute"]
    state = PeriodicState.objects.get(task="operations.minute")
    assert state.next_due == datetime(2026, 5, 14, 12, 2, tzinfo=UTC)
    assert state.last_message == "3 things"
    assert state.last_outcome == Outcome.DONE
    assert PeriodicRun.objects.filter(state=state).count() == 2


@pytest.mark.django_db
def test_a_slow_start_does_not_skip_a_minute(declare: Any, calls: Calls) -> None:
    """The timer wakes a little later or earlier within its minute; each minute has one run."""
    declare(task("minute", calls.task("minute")))
    for minute, second in enumerate([59.9, 0.1, 30.0, 0.0, 59.9]):
        run_due(now=NOON.replace(microsecond=0) + minute * MINUTE + timedelta(seconds=second))
    assert len(calls) == 5


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (MINUTE, datetime(2026, 5, 14, 12, 1, tzinfo=UTC)),
        (timedelta(days=1), datetime(2026, 5, 15, 12, 0, tzinfo=UTC)),
        (timedelta(seconds=10), NOON + timedelta(seconds=10)),
    ],
)
def test_next_due(every: timedelta, expected: datetime) -> None:
    assert next_due(NOON, every) == expected


@pytest.mark.django_db
def test_one_failing_task_stops_no_other(declare: Any, calls: Calls) -> None:
    declare(task("bad", calls.task("bad", error=ValueError("no paper"))), task("good", calls.task("good")))
    results = run_due(now=NOON)
    run_due(now=NOON + MINUTE)
    assert calls == ["bad", "good", "bad", "good"]
    assert [result.outcome for result in results] == [Outcome.FAILED, Outcome.DONE]
    state = PeriodicState.objects.get(task="operations.bad")
    assert state.failures_in_a_row == 2
    assert state.last_message.startswith("ValueError: no paper\n")
    assert state.lock_expires is None


@pytest.mark.django_db
def test_success_ends_the_row_of_failures(declare: Any, calls: Calls) -> None:
    declare(task("bad", calls.task("bad", error=ValueError())))
    run_due(now=NOON)
    declare(task("bad", calls.task("bad")))
    run_due(now=NOON + MINUTE)
    assert PeriodicState.objects.get(task="operations.bad").failures_in_a_row == 0


@pytest.mark.django_db
def test_held_lease_keeps_others_away_until_it_runs_out(declare: Any, calls: Calls) -> None:
    declare(task("minute", calls.task("minute")))
    (unit,) = units()
    state = PeriodicState.objects.create(task=unit.name, next_due=NOON)
    assert take(state, NOON)
    assert not take(state, NOON + MINUTE)
    assert run_due(now=NOON + MINUTE) == []
    later = NOON + periodic.LEASE + MINUTE
    assert [result.outcome for result in run_due(now=later)] == [Outcome.DONE]
    outcomes = PeriodicRun.objects.filter(state=state).order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.ABANDONED, Outcome.DONE]


@pytest.mark.django_db
def test_a_task_per_site_runs_where_its_plugin_is_on(
    declare: Any, calls: Calls, site: Site, enable: Callable[..., None]
) -> None:
    other = Site.objects.create(hostname="smieci.lipowo.example", root_page=Page.objects.get(depth=1))
    enable("client_zone")
    declare(task("bills", calls.task("bills"), per_site=True), owner="client_zone")
    run_due(now=NOON)
    assert calls == [f"bills@{site.hostname}"]
    declare(task("bills", calls.task("bills"), per_site=True, when_disabled=True), owner="client_zone")
    run_due(now=NOON + MINUTE)
    assert calls[1:] == [f"bills@{site.hostname}", f"bills@{other.hostname}"]


@pytest.mark.django_db
def test_a_plugin_that_is_off_everywhere_does_not_run(
    declare: Any, calls: Calls, disable: Callable[..., None]
) -> None:
    disable("client_zone")
    declare(task("bills", calls.task("bills")), owner="client_zone")
    assert run_due(now=NOON) == []
    declare(task("bills", calls.task("bills"), when_disabled=True), owner="client_zone")
    assert [ran.unit.name for ran in run_due(now=NOON)] == ["operations.bills"]


@pytest.mark.django_db
def test_only_one_task_whether_due_or_not(declare: Any, calls: Calls) -> None:
    declare(task("one", calls.task("one")), task("two", calls.task("two")))
    run_due(now=NOON)
    run_due(now=NOON, only="two", force=True)
    run_due(now=NOON, only="operations.two", force=True)
    assert calls == ["one", "two", "two", "two"]
    with pytest.raises(UnknownTask):
        run_due(only="three")


@pytest.mark.django_db
def test_long_messages_are_cut(declare: Any, calls: Calls) -> None:
    declare(task("wordy", calls.task("wordy", "x" * 50_000)))
    run_due(now=NOON)
    assert len(PeriodicState.objects.get().last_message) == periodic.LONGEST_MESSAGE


@pytest.mark.django_db
def test_same_number_of_queries_for_idle_tasks(
    declare: Any, calls: Calls, django_assert_num_queries: Any
) -> None:
    for count in (1, 30):
        declare(*(task(f"n{number}", calls.task("n"), timedelta(days=1)) for number in range(count)))
        run_due(now=NOON)
        with django_assert_num_queries(3):
            run_due(now=NOON + MINUTE)


@pytest.mark.django_db
def test_command_reports_and_fails(declare: Any, calls: Calls) -> None:
    declare(
        task("bad", calls.task("bad", error=ValueError("no paper"))), task("good", calls.task("good", "2"))
    )
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("run_periodic", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert out.getvalue() == "operations.good: 2\n"
    assert "operations.bad: FAILED ValueError: no paper" in err.getvalue()


@pytest.mark.django_db
def test_command_refuses_an_unknown_task() -> None:
    with pytest.raises(CommandError, match="no periodic task “nonsense”"):
        call_command("run_periodic", task="nonsense")


@pytest.mark.django_db
def test_command_lists_the_core_tasks() -> None:
    out = StringIO()
    call_command("run_periodic", list=True, stdout=out)
    names = {line.split()[0] for line in out.getvalue().splitlines()}
    assert names >= {
        "operations.publish_scheduled",
        "operations.clear_sessions",
        "operations.prune_task_results",
        "operations.prune_runs",
    }


@pytest.mark.django_db
@pytest.mark.feature("J03")
def test_publishes_and_withdraws_on_schedule(home_page: Page) -> None:
    """Nobody touches anything: the timer alone makes the page appear and vanish."""
    start, end = (NOON.replace(microsecond=0) + minutes * MINUTE for minutes in (2, 5))
    with time_machine.travel(NOON, tick=False) as clock:
        page = home_page.add_child(
            instance=Page(
                title="Wymiana wodomierzy",
                slug="wymiana",
                live=False,
                go_live_at=start,
                expire_at=end,
            )
        )
        page.save_revision(approved_go_live_at=start)
        seen = []
        for _minute in range(7):
            run_due(only="publish_scheduled")
            seen.append(Page.objects.get(pk=page.pk).live)
            clock.shift(MINUTE)
    assert seen == [False, False, True, True, True, False, False]


@pytest.mark.django_db
def test_history_is_pruned() -> None:
    state = PeriodicState.objects.create(task="operations.x", next_due=NOON)
    with time_machine.travel(NOON, tick=False):
        for days, outcome in ((2, "done"), (4, "done"), (4, "failed"), (91, "failed")):
            moment = NOON - timedelta(days=days)
            PeriodicRun.objects.create(state=state, started=moment, finished=moment, outcome=outcome)
        run_due(only="prune_runs", force=True)
    left = PeriodicRun.objects.filter(state=state).order_by("-finished").values_list("outcome", flat=True)
    assert list(left) == ["done", "failed"]


def test_two_timers_never_run_a_task_together(database_copy: Callable[[], str]) -> None:
    """Two real processes, started at the same moment, both find everything due."""
    url = database_copy()
    command = [sys.executable, str(ROOT / "site" / "manage.py"), "run_periodic", "--once"]
    timers = [
        subprocess.Popen(
            command, env=process_environment(url), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _number in range(2)
    ]
    said = [timer.communicate(timeout=120)[0].decode() for timer in timers]
    assert [timer.returncode for timer in timers] == [0, 0], said
    # A slow machine may start the second timer in the next minute; within a minute there is one run.
    runs = [
        (state, f"{started:.16}")
        for state, started in ask(url, "SELECT state_id, CAST(started AS text) FROM operations_periodicrun")
    ]
    assert runs
    assert sorted(runs) == sorted(set(runs))


def test_loop_ends_on_a_signal(database_copy: Callable[[], str]) -> None:
    url = database_copy()
    command = [sys.executable, str(ROOT / "site" / "manage.py"), "run_periodic", "--loop"]
    timer = subprocess.Popen(
        command, env=process_environment(url), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and ask(url, "SELECT count(*) FROM operations_periodicrun") == [(0,)]:
        time.sleep(0.1)
    began = time.monotonic()
    timer.terminate()
    said, _errors = timer.communicate(timeout=20)
    assert timer.returncode == 0, said.decode()
    assert time.monotonic() - began < 10


def test_a_unit_knows_its_name() -> None:
    (owner, declaration) = registry.contributions("tasks")[0]
    assert Unit(owner, declaration).name == declaration.key


@pytest.mark.django_db
def test_the_lease_is_renewed_while_a_task_runs(
    declare: Any, calls: Calls, monkeypatch: pytest.MonkeyPatch, restored_db: None
) -> None:
    """A task longer than the lease keeps it: seen from another connection in the other thread."""
    monkeypatch.setattr(periodic, "LEASE", timedelta(seconds=0.9))
    seen: list[datetime | None] = []

    def slow() -> None:
        # As long as it takes: on a busy machine the thread that renews comes late.
        deadline = time.monotonic() + 20
        while len(seen) < 3 and time.monotonic() < deadline:
            expires = PeriodicState.objects.get().lock_expires
            if not seen or expires != seen[-1]:
                seen.append(expires)
            time.sleep(0.05)

    declare(task("slow", slow))
    run_due()
    assert None not in seen
    assert seen[0] < seen[1] < seen[2]  # type: ignore[operator]  # none of them is None
    assert not Group.objects.filter(name="never").exists()

"""The background worker: real processes, really killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ebok.operations.models import WorkerSign
from ebok.operations.work import MOST_ATTEMPTS, signs_of_life, take_up_again
from ebok.operations.worker_locks import AlreadyRunning, exclusive
from tests.database import ROOT, ask, manage, process_environment

TASKS = 60
PATH = "tests.ebok.operations.slow_work"


class Place:
    """Starts workers on one database and looks at what they left."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.log = folder / "started.txt"
        self.log.touch()
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "ebok.settings.dev",
            "EBOK_RUNTIME_DIR": str(folder / "runtime"),
            "EBOK_TEST_LOG": str(self.log),
        }

    def shell(self, code: str) -> str:
        """Run Python in the project; what it printed."""
        return manage(self.url, "shell", "--no-imports", "-c", code, sample=True, **self.environment)

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """A worker process."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "site" / "manage.py"), "ebok_worker", "--interval", "0.05", *options],
            env={**process_environment(self.url), **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def started(self) -> list[str]:
        """What tasks wrote when they began."""
        return self.log.read_text().split()

    def wait_for_starts(self, count: int) -> None:
        """Wait until tasks have begun so many times."""
        self.wait_for(lambda: len(self.started()) >= count)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true, for a minute at most."""
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "It did not happen within a minute."
            time.sleep(0.01)


@pytest.fixture
def place(database_copy: Callable[[], str], tmp_path: Path) -> Place:
    """A database and a folder for worker processes."""
    return Place(database_copy(), tmp_path)


@pytest.mark.long
def test_killed_workers_lose_and_double_nothing(place: Place) -> None:
    """Three kills at different moments; each task ends once, each effect is there once."""
    place.shell(f"from {PATH} import leave_one\nfor n in range({TASKS}): leave_one.enqueue(n)")
    kills = 3
    for number in range(1, kills + 1):
        wanted = len(place.started()) + 4 * number
        worker = place.start()
        place.wait_for_starts(wanted)
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) > os.getpriority(os.PRIO_PROCESS, 0), (
            "pages come first on the processors they share"
        )
        time.sleep(0.013 * number)
        worker.send_signal(signal.SIGKILL)
        worker.communicate(timeout=10)
    said, _errors = place.start("--batch").communicate(timeout=90)
    found = json.loads(
        place.shell(
            "import json; from django_tasks_db.models import DBTaskResult as R;"
            "from django.contrib.auth.models import Group;"
            f"mine = R.objects.filter(task_path__startswith='{PATH}');"
            "print(json.dumps([sorted(mine.values_list('status', flat=True)),"
            " Group.objects.filter(name__startswith='kill-').count()]))"
        )
    )
    assert found == [["SUCCESSFUL"] * TASKS, TASKS], said.decode()
    starts = Counter(place.started())
    assert set(starts) == {str(number) for number in range(TASKS)}
    assert sum(starts.values()) <= TASKS + kills, "only a task that was interrupted starts again"


@pytest.mark.long
def test_a_task_that_takes_workers_down_is_given_up(place: Place) -> None:
    place.shell(f"from {PATH} import never_returns\nnever_returns.enqueue()")
    for _attempt in range(MOST_ATTEMPTS + 1):
        place.start("--batch").communicate(timeout=60)
    assert place.started() == ["down"] * MOST_ATTEMPTS
    found = ask(
        place.url,
        "SELECT status, exception_class_path FROM django_tasks_database_dbtaskresult"
        " WHERE task_path LIKE '%never_returns'",
    )
    assert found == [("FAILED", "ebok.operations.work.WorkerDied")]


def test_one_worker_for_one_id(place: Place) -> None:
    first = place.start("--worker-id", "left")
    try:
        place.wait_for(lambda: _signed(place, "left"))
        second = place.start("--worker-id", "left")
        said, _errors = second.communicate(timeout=60)
        assert second.returncode == 1
        assert "“left” is running already" in said.decode()
        third = place.start("--worker-id", "right", "--batch")
        third.communicate(timeout=60)
        assert third.returncode == 0
    finally:
        first.terminate()
        first.communicate(timeout=20)
    assert first.returncode == 0


def _signed(place: Place, name: str) -> bool:
    query = f"SELECT count(*) FROM operations_workersign WHERE worker_id = '{name}'"
    return ask(place.url, query) == [(1,)]


# Without processes -----------------------------------------------------------------------


def running(worker_ids: list[str], **fields: Any) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status="RUNNING",
        args_kwargs={"args": [1], "kwargs": {}},
        task_path=f"{PATH}.leave_one",
        queue_name="default",
        backend_name="default",
        run_after=timezone.now(),
        worker_ids=worker_ids,
        started_at=timezone.now(),
        **fields,
    )


@pytest.mark.django_db
def test_takes_up_only_its_own() -> None:
    mine, others = running(["a", "me"]), running(["me", "a"])
    assert take_up_again("me") == (1, 0)
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.status, others.status) == ("READY", "RUNNING")
    assert mine.worker_ids == ["a", "me"]


@pytest.mark.django_db
def test_gives_up_after_so_many_attempts() -> None:
    tired = running(["me"] * MOST_ATTEMPTS)
    assert take_up_again("me") == (0, 1)
    tired.refresh_from_db()
    assert tired.status == "FAILED"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "x" * 65, "a\x00b"])
def test_refuses_unusable_ids(name: str) -> None:
    with pytest.raises(CommandError, match="1 to 64 printable"):
        call_command("ebok_worker", worker_id=name)


@pytest.mark.django_db
def test_the_lock_is_free_again_afterwards() -> None:
    with exclusive("me"):
        with pytest.raises(AlreadyRunning), exclusive("me"):
            pass
        with exclusive("you"):
            pass
    with exclusive("me"):
        pass


@pytest.mark.django_db
def test_signs_of_life() -> None:
    before = timezone.now() - timedelta(seconds=1)
    with signs_of_life("me", recovered=2):
        sign = WorkerSign.objects.get()
        assert (sign.process, sign.recovered, sign.stopped) == (os.getpid(), 2, None)
        assert sign.seen > before
    sign.refresh_from_db()
    assert sign.stopped is not None


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """The thread that signs must be gone with its worker."""
    yield
    assert not [thread for thread in threading.enumerate() if thread.name == "sign-of-life"]

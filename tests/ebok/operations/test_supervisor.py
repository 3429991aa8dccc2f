"""The supervisor, with real children: restarts, clean ends, no orphans, even when it is killed."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ebok.operations import supervisor as module
from ebok.operations.demo_world import ACCOUNTS, DEMO_PASSWORD
from ebok.operations.management.commands.ebok_serve import answers, children, greeting
from ebok.operations.supervisor import Child, Supervisor
from tests.database import ROOT


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process is there and is no zombie waiting to be read."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def pids(folder: Path, name: str) -> list[int]:
    file = folder / name
    return [int(line) for line in file.read_text().split()] if file.exists() else []


RECORD = "import os, sys, time, subprocess, signal; open(sys.argv[1], 'a').write(str(os.getpid()) + '\\n');"


def child(folder: Path, name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", RECORD + code, str(folder / name)])


def run_until(supervisor: Supervisor, condition: Callable[[], bool]) -> None:
    """Run it here, in the main thread, and end it as Ctrl-C does once the condition holds."""

    def watch() -> None:
        try:
            wait_for(condition)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=watch)
    supervisor.run(when_started=watcher.start)
    watcher.join()


def test_ends_everything_and_restores_signals(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    out = io.StringIO()
    two = [child(tmp_path, name, f"print('hello from {name}', flush=True); time.sleep(60)") for name in "ab"]
    run_until(Supervisor(two, out=out), lambda: out.getvalue().count("hello") == 2)
    assert not any(alive(pid) for name in "ab" for pid in pids(tmp_path, name))
    assert sorted(out.getvalue().splitlines()) == ["a | hello from a", "b | hello from b"]
    assert signal.getsignal(signal.SIGINT) == before


def test_starts_again_what_falls(tmp_path: Path) -> None:
    out = io.StringIO()
    falling = child(tmp_path, "falling", "sys.exit(3)")
    steady = child(tmp_path, "steady", "time.sleep(60)")
    run_until(Supervisor([falling, steady], out=out), lambda: len(pids(tmp_path, "falling")) >= 2)
    assert "falling | ended (exit code 3); starting it again" in out.getvalue()
    assert len(pids(tmp_path, "steady")) == 1


def test_waits_longer_each_time_something_falls_at_once() -> None:
    pauses = [Child("x", [], falls=falls).pause() for falls in (0, 1, 2, 3, 20)]
    assert pauses == [0.0, 1.0, 2.0, 4.0, module.LONGEST_PAUSE]


def test_who_ignores_the_signal_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.5)
    stubborn = child(
        tmp_path,
        "s",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
    )
    out = io.StringIO()
    began = time.monotonic()
    run_until(Supervisor([stubborn], out=out), lambda: "up" in out.getvalue())
    assert time.monotonic() - began < 10
    assert not alive(pids(tmp_path, "s")[0])


def test_children_of_children_end_too(tmp_path: Path) -> None:
    """Like granian, whose workers are its children."""
    grandchild = "import os,sys,time; open(sys.argv[1],'a').write(str(os.getpid())+chr(10)); time.sleep(60)"
    code = (
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}, sys.argv[1] + '-child']);"
        "signal.signal(signal.SIGTERM, lambda *a: os._exit(0)); time.sleep(60)"
    )
    run_until(
        Supervisor([child(tmp_path, "p", code)], out=io.StringIO()), lambda: bool(pids(tmp_path, "p-child"))
    )
    wait_for(lambda: not alive(pids(tmp_path, "p-child")[0]), 5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from ebok.operations.supervisor import Child, Supervisor;"
        f"code = {RECORD + 'time.sleep(60)'!r};"
        "Supervisor([Child('a', [sys.executable, '-c', code, sys.argv[2]])]).run()"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(ROOT / "site"), str(tmp_path / "a")])
    wait_for(lambda: bool(pids(tmp_path, "a")))
    process.kill()
    process.wait(timeout=10)
    wait_for(lambda: not alive(pids(tmp_path, "a")[0]), 5)


# The command -----------------------------------------------------------------------------


@pytest.fixture
def taken() -> Any:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_said_in_a_sentence(taken: int) -> None:
    with pytest.raises(CommandError, match=rf"^Port {taken} is taken on 127\.0\.0\.1; choose another one"):
        call_command("ebok_serve", port=taken)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_wrong_port_is_said_in_a_sentence(port: int) -> None:
    with pytest.raises(CommandError, match="is not a port"):
        call_command("ebok_serve", port=port)


def test_a_foreign_address_is_said_in_a_sentence() -> None:
    with pytest.raises(CommandError, match=r"Cannot listen on 192\.0\.2\.1 port"):
        call_command("ebok_serve", host="192.0.2.1", port=8159)


def test_children_are_web_worker_and_timer() -> None:
    found = children(host="127.0.0.1", port=8001, workers=0, develop=False)
    assert [made.name for made in found] == ["web", "worker", "timer"]
    web = list(found[0].command)
    assert web[web.index("--workers") + 1] == str(os.cpu_count())
    assert web[web.index("--blocking-threads") + 1] == "4"
    develop = children(host="::1", port=8001, workers=0, develop=True)
    assert list(develop[0].command)[-2:] == ["runserver", "[::1]:8001"]


def test_greeting_names_every_account_and_the_password() -> None:
    words = greeting("http://localhost:8000", demo=True)
    assert all(account.email in words for account in ACCOUNTS)
    assert DEMO_PASSWORD in words
    assert DEMO_PASSWORD not in greeting("http://localhost:8000", demo=False)


def test_an_address_where_nobody_is() -> None:
    assert not answers("http://127.0.0.1:1/", within=0.2)

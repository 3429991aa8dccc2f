"""Runs several processes as one: restarts those that fall, ends all of them together.

Small on purpose: for the demo, for developers, and for the smallest installations. Where systemd
or containers are, they do this better (see `deploy/`).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

GRACE_SECONDS = 8.0
"""How long children may take to end before they are killed."""
STEADY_SECONDS = 30.0
"""A child that ran this long is restarted at once; one that falls sooner waits longer each time."""
LONGEST_PAUSE = 30.0

_PR_SET_PDEATHSIG = 1
"""linux/prctl.h"""


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


_LIBC = _libc()


def _end_with_parent() -> None:
    """In the child, before its program starts: be told to end when the supervisor is killed."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    reader: threading.Thread | None = None
    falls: int = 0
    start_again_at: float = 0.0

    def pause(self) -> float:
        """Seconds to wait before the next start, after `falls` quick falls in a row."""
        return 0.0 if self.falls == 0 else min(LONGEST_PAUSE, 0.5 * 2.0**self.falls)


class Supervisor:
    """Keeps children running until a signal comes; then ends them within seconds.

    1. Each child gets a process group of its own, so that Ctrl-C in the terminal reaches only the
       supervisor, and so that a child's own children are ended with it.
    2. What children print comes out line by line with their name in front.
    3. SIGINT and SIGTERM: every group gets SIGTERM, and SIGKILL after `GRACE_SECONDS`; a second
       signal kills at once.
    4. Should the supervisor itself be killed, the kernel sends the children SIGTERM.
    """

    def __init__(self, children: Sequence[Child], *, out: IO[str] | None = None) -> None:
        self.children = list(children)
        self._out = out or sys.stdout
        self._stopping = False
        self._kill_now = False
        self._print_lock = threading.Lock()
        self._width = max((len(child.name) for child in self.children), default=0)

    def run(self, *, when_started: Callable[[], None] = lambda: None) -> None:
        """Start everything and stay until a signal; returns when no child is left."""
        before = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            for child in self.children:
                self._start(child)
            when_started()
            while not self._stopping:
                self._look_after()
                time.sleep(0.2)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._kill_now = self._stopping
        self._stopping = True

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603 (our own commands)
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **child.environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 (no threads of ours hold locks the child needs)
        )
        child.reader = threading.Thread(
            target=self._copy_lines, args=(child, child.process.stdout), name=child.name, daemon=True
        )
        child.reader.start()

    def _copy_lines(self, child: Child, stream: IO[bytes] | None) -> None:
        if stream is None:
            return
        with stream:
            for line in stream:
                self.say(child.name, line.decode(errors="replace").rstrip())

    def say(self, name: str, line: str) -> None:
        """Print a line with the name of whom it is from."""
        with self._print_lock:
            print(f"{name:<{self._width}} | {line}", file=self._out, flush=True)

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.start_again_at:
                    self._start(child)
                continue
            code = child.process.poll()
            if code is None:
                continue
            _signal_group(child, signal.SIGKILL)
            child.falls = 0 if now - child.started >= STEADY_SECONDS else child.falls + 1
            child.process = None
            child.start_again_at = now + child.pause()
            self.say(child.name, f"ended ({_words(code)}); starting it again")

    def _end_all(self) -> None:
        for child in self.children:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and not self._kill_now and any(map(_lives, self.children)):
            time.sleep(0.05)
        for child in self.children:
            # Also after a clean end: something a child started may still be in its group.
            _signal_group(child, signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
            # Its last words are still to be printed.
            if child.reader is not None:
                child.reader.join(timeout=2)


def _lives(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def _signal_group(child: Child, number: signal.Signals) -> None:
    if child.process is None:
        return
    # The child leads its group, so the group carries its number; perhaps nobody is left in it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)


def _words(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"

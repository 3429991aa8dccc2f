"""Real server processes of the portal for tests: granian on a free port, on a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ebok.starting import THREADS
from tests.database import ROOT, process_environment

START_SECONDS = 90


@dataclass
class Portal:
    """A running server: where it answers and how it is stopped."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, *, method: str = "GET") -> int:
        """The status of one request, redirects followed."""
        request = urllib.request.Request(self.url + path, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            # The error holds the connection; closing it keeps ResourceWarning away.
            with error:
                return error.code

    def last_error(self) -> str:
        """The last traceback in the server's log, or nothing."""
        log = self.log.read_text(errors="replace")
        _before, found, last = log.rpartition("Traceback (most recent call last)")
        return f"\n\n{found}{last[:3000]}" if found else ""

    def stop(self) -> None:
        """End the server and its workers."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(timeout=15)


def free_port() -> int:
    """A port nobody listens on. The kernel gives each caller another one, also those of other processes;
    granian shares ports willingly, so two servers on one port would not even notice."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_portal(
    database_url: str, runtime: Path, *, sample: bool | Path = True, workers: int = 1, **environment: str
) -> Portal:
    """Start a server and wait until it is alive. Raises `RuntimeError` with its log otherwise."""
    runtime.mkdir(parents=True, exist_ok=True)
    (runtime / "static").mkdir(exist_ok=True)
    port = free_port()
    log = runtime / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
                *("--host", "127.0.0.1", "--port", str(port)),
                # As `ebok_serve` and deploy/ start it.
                *("--workers", str(workers), "--blocking-threads", str(THREADS), "ebok.wsgi:application"),
            ],
            cwd=ROOT,
            env={
                **process_environment(database_url, sample=sample),
                "DJANGO_SETTINGS_MODULE": "ebok.settings.dev",
                "EBOK_RUNTIME_DIR": str(runtime),
                # Links in letters lead back to this very server.
                "EBOK_BASE_URL": f"http://127.0.0.1:{port}",
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    portal = Portal(f"http://127.0.0.1:{port}", process, log)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            portal.get("/zdrowie/")
        except OSError:
            time.sleep(0.2)
        else:
            return portal
    portal.stop()
    raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Callable[..., Portal]]:
    """`portal(database_url, sample=False)`: a running server, stopped after the test."""
    started: list[Portal] = []

    def start(database_url: str, **options: object) -> Portal:
        runtime = tmp_path / "portal"
        server = start_portal(database_url, runtime, **options)  # type: ignore[arg-type]  # passed on as given
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()

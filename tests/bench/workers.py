"""Processes of the bench: some answer orders line by line, some have a throw-away PostgreSQL around them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import figures
from tests.bench.figures import Figure
from tests.bench.servers import ROOT, CannotMeasure, environment

IMPORTING = "tests.bench.importing"
DASHBOARDS = "tests.bench.dashboards"

POSTGRES = {
    # As in production, unlike in tests: what is measured is a server that keeps its promises.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    # Comes at any moment and would be counted with whatever runs then.
    "autovacuum": "off",
}


class Worker:
    """A module that reads an order and writes an answer, JSON, a line each."""

    def __init__(self, folder: Path, module: str, *arguments: str, database: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=environment(folder, DATABASE_URL=database),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def tell(self, **order: Any) -> None:
        """Give an order."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order, default=str) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """The answer; waits for it."""
        return self._answer()

    def ask(self, **order: Any) -> Any:
        """Give an order and wait for the answer."""
        self.tell(**order)
        return self._answer()

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise CannotMeasure("A process of the bench ended early; its words are above.")
        return json.loads(line)


@contextmanager
def worker(folder: Path, module: str, *arguments: str, database: str) -> Iterator[Worker]:
    """A worker that is gone afterwards."""
    one = Worker(folder, module, *arguments, database=database)
    try:
        yield one
    finally:
        one.stop()


def with_postgres(folder: Path, module: str, *arguments: str) -> list[Figure]:
    """The figures of a module that runs with a PostgreSQL server of its own (`DATABASE_URL`)."""
    into = folder / f"{module}.json"
    # A server that somebody uses is no place for this.
    outer = {name: value for name, value in environment(folder).items() if name != "EBOK_TEST_DATABASE_URL"}
    done = subprocess.run(
        [
            str(ROOT / ".ci" / "postgres.sh"), sys.executable, "-m", module,
            "--folder", str(folder), "--into", str(into), *arguments,
        ],
        cwd=ROOT,
        env={
            **outer,
            "EBOK_POSTGRES_OPTIONS": " ".join(f"-c {name}={value}" for name, value in POSTGRES.items()),
        },
        stdout=sys.stderr,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise CannotMeasure(f"{module} ended with {done.returncode}; its words are above.")
    return figures.read(into)


def run_module(folder: Path, module: str, *arguments: str, database: str) -> None:
    """Run a module of the bench on a database until it ends."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment(folder, DATABASE_URL=database),
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode:
        raise CannotMeasure(f"{module} ended with {done.returncode}; its words are above.")


def settings_in_words() -> str:
    """The server's settings, for the table."""
    return ", ".join(f"{name} {value}" for name, value in POSTGRES.items())

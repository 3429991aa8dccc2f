"""The demo town on a server of its own, for the walk, the journeys and the pictures."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.database import FOLDER, ROOT, fingerprint, locked, manage, migrate, process_environment
from tests.processes import Portal, start_portal

LANGUAGES = ("pl", "en")
SETTINGS = {"DJANGO_SETTINGS_MODULE": "ebok.settings.dev", "DEBUG": "0", "EBOK_DEMO": "1"}
CUSTOMERS = 5
"""Enough for the demo's client, a property manager with forty points, and a debtor."""
CONTENT = (
    "demo.py",
    "demo_world.py",
    "demo_loading.py",
    "demo_files.py",
    "models.py",
    "services.py",
    "requesting.py",
    "load_demo.py",
)
"""Files, beside those of the database's fingerprint, that decide what the demo town holds."""


def demo_template() -> Path:
    """A runtime folder with the loaded demo town (database and media), made once and then only copied."""
    folder = FOLDER / f"demo-{_state()}"
    with locked("demo"):
        if not folder.exists():
            unfinished = FOLDER / f"unfinished-demo-{os.getpid()}"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            url = f"sqlite:///{unfinished / 'ebok.sqlite3'}"
            environment = {**SETTINGS, "EBOK_RUNTIME_DIR": str(unfinished)}
            migrate(url, sample=False, **environment)
            manage(url, "load_demo", f"--customers={CUSTOMERS}", sample=False, **environment)
            for old in FOLDER.glob("demo-*"):
                shutil.rmtree(old, ignore_errors=True)
            unfinished.rename(folder)
    return folder


@contextmanager
def demo_portal(runtime: Path) -> Iterator[Portal]:
    """A server of the demo town on a copy of its own."""
    shutil.copytree(demo_template(), runtime, dirs_exist_ok=True)
    url = f"sqlite:///{runtime / 'ebok.sqlite3'}"
    portal = start_portal(url, runtime, sample=False, workers=1, **SETTINGS)
    try:
        yield portal
    finally:
        portal.stop()


@contextmanager
def living_town(runtime: Path) -> Iterator[Portal]:
    """The same with worker and timer beside it: files are taken in, letters go out."""
    with demo_portal(runtime) as portal, background_worker(runtime, portal.url), minute_timer(runtime):
        yield portal


@contextmanager
def background_worker(runtime: Path, base: str) -> Iterator[None]:
    """The worker that `make run` starts beside the server; `base` is where its letters lead."""
    with _beside(runtime, "worker", "ebok_worker", EBOK_BASE_URL=base):
        yield


@contextmanager
def minute_timer(runtime: Path) -> Iterator[None]:
    """The timer that `make run` starts beside the server."""
    with _beside(runtime, "timer", "run_periodic", "--loop"):
        yield


@contextmanager
def _beside(runtime: Path, name: str, *command: str, **environment: str) -> Iterator[None]:
    url = f"sqlite:///{runtime / 'ebok.sqlite3'}"
    surroundings = {**process_environment(url, sample=False), **SETTINGS, "EBOK_RUNTIME_DIR": str(runtime)}
    with (runtime / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "site" / "manage.py"), *command],
            env={**surroundings, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _state() -> str:
    digest = hashlib.sha256(fingerprint().encode())
    for source in ("site/ebok", "ebok_plugins", "page_types", "snippets"):
        for file in sorted((ROOT / source).rglob("*.py")):
            if file.name in CONTENT or {"demo", "demo_content"} & set(file.parts):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]

"""The background worker beside a portal of the browser tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.demo import SETTINGS
from tests.database import ROOT, process_environment


@contextmanager
def background_worker(runtime: Path) -> Iterator[None]:
    """The worker that `make run` starts beside the server."""
    url = f"sqlite:///{runtime / 'ebok.sqlite3'}"
    with (runtime / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, str(ROOT / "site" / "manage.py"), "ebok_worker"],
            env={**process_environment(url, sample=False), **SETTINGS, "EBOK_RUNTIME_DIR": str(runtime)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(timeout=30)

"""Installs the sample distribution for tests, before Django's settings look for plugins.

Loaded by `-p tests.sample_plugin` (pyproject.toml). It goes into a folder of its own, `var/sample`, so
that nothing but the tests ever sees it: a demo started beside them has only its own plugins.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib
import shutil
import subprocess
import sys
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent / "sample_distribution"
TARGET = Path(__file__).resolve().parent.parent / "var" / "sample"
MARK = TARGET / ".made-from"


def install() -> None:
    """Install when anything in the distribution changed since the last time."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with (TARGET.parent / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = _state()
        if MARK.exists() and MARK.read_text() == state:
            return
        install_into(TARGET)
        MARK.write_text(state)


def install_into(target: Path) -> None:
    """Install the distribution into an empty folder with pip, from its source, without any network.

    Raises `RuntimeError` with pip's words when that fails.
    """
    shutil.rmtree(target, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    done = subprocess.run(
        [*command, "--no-deps", "--no-build-isolation", "--target", str(target), str(SOURCE)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The sample distribution cannot be installed:\n{done.stdout}\n{done.stderr}")
    for messages in target.rglob("*.po"):
        # Compiled messages are not in the source; a publisher's build would make them.
        polib.pofile(str(messages)).save_as_mofile(str(messages.with_suffix(".mo")))


def _state() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(
        path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ):
        digest.update(f"{file.relative_to(SOURCE)};".encode() + file.read_bytes())
    return digest.hexdigest()


install()
if str(TARGET) not in sys.path:
    sys.path.append(str(TARGET))
    importlib.invalidate_caches()

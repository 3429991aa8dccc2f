"""A folder of the server in which deliveries appear: taken in by the timer, put away with their report.

A subfolder, an archive and a workbook are deliveries of their own; loose files together are one. What is
still being written is left alone: its name says so, or it changed since the last look, or lately.

Each delivery is first moved aside (`working/`), which only one timer can do, and when it is finished to
`done/` or `refused/`, with `report.json` beside it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.exchange import pipeline
from ebok.exchange.background import go_on_soon
from ebok.exchange.exporting import replaced
from ebok.exchange.folders import exchange_folder
from ebok.exchange.models import Delivery, ExchangeSettings, Outcome
from ebok.exchange.profiles import ProfileError
from ebok.exchange.report import report
from ebok.exchange.sources import SourceRefused
from ebok.exchange.sources.receiving import MANIFEST, SUFFIXES, UNFINISHED

WAY_IN = "folder"
QUIET_SECONDS = 30
"""A file that was changed more lately may still be written."""
_ALONE = frozenset({".zip", ".xlsx"})
_OPEN = (Outcome.OPEN, Outcome.WAITING)


@dataclass
class Look:
    """What one look at the folder came to."""

    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """For the status board; empty when nothing happened."""
        parts = []
        if self.taken:
            parts.append(_("Taken in: %(names)s.") % {"names": ", ".join(self.taken)})
        if self.refused:
            parts.append(_("Refused: %(names)s.") % {"names": ", ".join(self.refused)})
        if self.finished:
            parts.append(_("Finished: %(names)s.") % {"names": ", ".join(self.finished)})
        return " ".join(parts)


def incoming_folder() -> Path:
    """The folder that is watched: the configured one, or `incoming` in the exchange folder."""
    configured = ExchangeSettings.load().watched_folder.strip()
    return Path(configured) if configured else exchange_folder() / "incoming"


def look() -> Look:
    """Take in what is ready and put away what is finished. Of two at once one does nothing.

    Raises `OSError` when a configured folder is not there or cannot be written.
    """
    folder = incoming_folder()
    if not ExchangeSettings.load().watched_folder.strip():
        folder.mkdir(exist_ok=True, mode=0o770)
    seen = Look()
    with _alone() as alone:
        if alone:
            for claim in _claims(folder):
                _receive(claim, seen)
            _put_away(folder, seen)
    return seen


@contextmanager
def _alone() -> Iterator[bool]:
    with (exchange_folder() / "watched.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


# Taking in ---------------------------------------------------------------------------------


def _claims(folder: Path) -> list[Path]:
    """Folders under `working` that hold a delivery each: new ones, and those a killed timer left."""
    working = _place(folder, "working")
    claims = []
    for state in sorted(working.glob("*.json")):
        told = _told(state)
        if told.get("delivery") is None and isinstance(told.get("names"), list):
            claims.append(_moved(folder, state, told["names"]))
    before = _remembered()
    now = _sizes(folder)
    for names in _deliveries(folder):
        if _is_ready(names, now, before):
            state = working / f"{timezone.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}.json"
            # Written first, so that a delivery of several files is never torn apart.
            _tell(state, {"names": names})
            claims.append(_moved(folder, state, names))
            for name in names:
                now.pop(name, None)
    _remember(now)
    return claims


def _moved(folder: Path, state: Path, names: list[str]) -> Path:
    claim = state.with_suffix("")
    claim.mkdir(exist_ok=True)
    for name in names:
        if not (claim / name).exists() and (folder / name).exists():
            (folder / name).rename(claim / name)
    return claim


def _told(state: Path) -> dict[str, Any]:
    try:
        found = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _tell(path: Path, content: Mapping[str, Any]) -> None:
    with replaced(path) as unfinished:
        unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _deliveries(folder: Path) -> Iterator[list[str]]:
    loose: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name.startswith(".") or path.name.endswith("~"):
            continue
        if path.is_dir():
            if path.name not in {"working", "done", "refused"}:
                yield [path.name]
        elif path.suffix.lower() in _ALONE:
            yield [path.name]
        elif path.suffix.lower() in SUFFIXES | UNFINISHED or path.name == MANIFEST:
            loose.append(path.name)
    if loose:
        yield loose


def _sizes(folder: Path) -> dict[str, list[list[object]]]:
    """Names, sizes and times of everything below each entry."""
    found: dict[str, list[list[object]]] = {}
    for path in folder.iterdir():
        if path.name in {"working", "done", "refused"} or path.name.startswith("."):
            continue
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        try:
            found[path.name] = [
                [str(file.relative_to(folder)), file.stat().st_size, file.stat().st_mtime_ns]
                for file in files
            ]
        except FileNotFoundError:
            # It was moved away while we looked.
            continue
    return found


def _is_ready(names: list[str], now: dict[str, list[list[object]]], before: dict[str, object]) -> bool:
    """Whether nobody writes any more: quiet for a while, and as it was at the last look."""
    quiet_since = (time.time() - QUIET_SECONDS) * 1e9
    for name in names:
        files = now.get(name)
        if not files or files != before.get(name):
            return False
        for path, _size, changed in files:
            if Path(str(path)).suffix.lower() in UNFINISHED or int(str(changed)) > quiet_since:
                return False
    return True


def _memory() -> Path:
    return exchange_folder() / "watched.json"


def _remembered() -> dict[str, object]:
    return _told(_memory())


def _remember(sizes: dict[str, list[list[object]]]) -> None:
    _tell(_memory(), sizes)


def _receive(claim: Path, seen: Look) -> None:
    state = claim.with_suffix(".json")
    files = sorted(claim.iterdir())
    name = ", ".join(path.name for path in files)
    try:
        delivery = pipeline.receive(files, profile=ExchangeSettings.load().watched_profile, way_in=WAY_IN)
    except (SourceRefused, ProfileError) as refused:
        sentence = getattr(refused, "sentence", str(refused))
        told: dict[str, Any] = {
            "delivery": None,
            "outcome": str(Outcome.REFUSED),
            "sentence": sentence,
            "datasets": {},
        }
        _put_into(_place(claim.parent.parent, "refused"), claim, told)
        seen.refused.append(name)
        return
    _tell(state, {"names": [path.name for path in files], "delivery": delivery.pk})
    go_on_soon(delivery.pk)
    seen.taken.append(name)


# Putting away ------------------------------------------------------------------------------


def _put_away(folder: Path, seen: Look) -> None:
    for state in sorted(_place(folder, "working").glob("*.json")):
        number = _told(state).get("delivery")
        delivery = Delivery.objects.filter(pk=number).first() if isinstance(number, int) else None
        if delivery is None or delivery.outcome in _OPEN:
            continue
        good = delivery.outcome in (Outcome.DONE, Outcome.SKIPPED)
        _put_into(_place(folder, "done" if good else "refused"), state.with_suffix(""), report(delivery))
        seen.finished.append(delivery.name)


def _put_into(target: Path, claim: Path, told: Mapping[str, Any]) -> None:
    if claim.is_dir():
        _tell(claim / "report.json", told)
        claim.rename(target / claim.name)
    claim.with_suffix(".json").unlink(missing_ok=True)


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir(exist_ok=True, mode=0o770)
    return place


def is_usable() -> bool:
    """Whether the configured folder is there and can be written."""
    folder = incoming_folder()
    return not ExchangeSettings.load().watched_folder.strip() or (
        folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    )

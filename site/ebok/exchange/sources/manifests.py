"""`manifest.json`: what a delivery says of itself, and whether its members agree."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ebok.exchange.sources.interface import BLOCK, SourceRefused, Stated

MANIFEST = "manifest.json"
LARGEST = 1 << 20
ZONE = ZoneInfo("Europe/Warsaw")


@dataclass(frozen=True)
class Manifest:
    """What a delivery says: when it was true, whether it is complete, and each file's numbers by name."""

    as_of: datetime | None = None
    complete: bool | None = None
    stated: Mapping[str, Stated] = field(default_factory=dict)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a kept delivery, empty when there is none.

    Raises `SourceRefused` when it cannot be understood, when a file it names is missing, or when a file's
    SHA-256 is another one than it says.
    """
    path = folder / MANIFEST
    if not path.exists():
        return Manifest()
    if path.stat().st_size > LARGEST:
        raise _wrong(_("it is larger than a manifest can be"))
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str)
    except (ValueError, RecursionError):
        raise _wrong(_("it is not JSON")) from None
    if not isinstance(content, dict):
        raise _wrong(_("an object is expected"))
    files = content.get("files", {})
    if not isinstance(files, dict) or not all(isinstance(item, dict) for item in files.values()):
        raise _wrong(_("“files” must be an object of objects"))
    complete = content.get("complete")
    if complete is not None and not isinstance(complete, bool):
        raise _wrong(_("“complete” must be true or false"))
    for name, item in files.items():
        _check_file(folder, name, item)
    return Manifest(
        as_of=_moment(content.get("as_of")),
        complete=complete,
        stated={name: _stated(name, item) for name, item in files.items()},
    )


def _check_file(folder: Path, name: str, item: Mapping[str, Any]) -> None:
    path = folder / Path(name).name
    if path.name != name or not path.is_file():
        raise SourceRefused(
            _("The manifest names %(name)s, but the delivery does not hold it.") % {"name": str(name)[:80]}
        )
    said = item.get("sha256")
    if said is not None and str(said).lower() != _sha256(path):
        raise SourceRefused(
            _("%(name)s is not the file the manifest describes: its SHA-256 differs. It may be cut off.")
            % {"name": name}
        )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _stated(name: str, item: Mapping[str, Any]) -> Stated:
    rows, totals = item.get("rows"), item.get("totals", {})
    if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int) or rows < 0):
        raise _wrong(_("“rows” of %(name)s must be a number") % {"name": name})
    if not isinstance(totals, dict):
        raise _wrong(_("“totals” of %(name)s must be an object") % {"name": name})
    try:
        sums = {str(column): Decimal(str(total)) for column, total in totals.items()}
    except InvalidOperation:
        raise _wrong(_("a total of %(name)s is not a number") % {"name": name}) from None
    if not all(total.is_finite() for total in sums.values()):
        raise _wrong(_("a total of %(name)s is not a number") % {"name": name})
    return Stated(rows, sums)


def _moment(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise _wrong(_("“as_of” must be a moment such as 2026-11-22T06:00:00+01:00")) from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _wrong(what: str) -> SourceRefused:
    return SourceRefused(_("The manifest cannot be understood: %(what)s.") % {"what": what})

"""Writes the town as files of a delivery: one for each dataset and, in the neutral profile, a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from ebok.operations.town.portions import Portion, Sheet, encoded, portions
from ebok.operations.town.rows import BY_DATASET
from ebok.operations.town.town import GATHERED, Town, TownRefused
from ebok.ports.datasets import Dataset

MANIFEST = "manifest.json"
_ZONE = ZoneInfo("Europe/Warsaw")

Progress = Callable[[int], None]
"""Told how many customers are done."""


@dataclass
class Written:
    """A file of the delivery: rows, control totals, and the hash of its bytes."""

    rows: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    sha256: str = ""


def columns_of(key: str) -> tuple[str, ...]:
    """The columns of a dataset that the town fills, in the order of its rows."""
    return BY_DATASET[key]._fields  # type: ignore[attr-defined]  # a named tuple


def sheets(datasets: Sequence[Dataset]) -> list[Sheet]:
    """What `portions` must know of the datasets of the town."""
    return [
        Sheet(
            dataset.key,
            tuple((name, columns_of(dataset.key).index(name)) for name in dataset.totals),
        )
        for dataset in datasets
        if dataset.key in BY_DATASET
    ]


def as_of(town: Town) -> datetime:
    """The moment the delivery tells about: the end of the town's last day."""
    return datetime.combine(town.calendar.last_day, time(23, 59, 59), tzinfo=_ZONE)


@dataclass(frozen=True)
class Layout:
    """How a delivery looks: each dataset's file name and first line, and whether there is a manifest."""

    names: Mapping[str, str]
    headers: Mapping[str, bytes]
    manifest: bool


def write_neutral(
    town: Town,
    folder: Path,
    datasets: Sequence[Dataset],
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Mapping[str, Written]:
    """Write the delivery in the neutral profile; `write_files` tells the rest."""
    wanted = sheets(datasets)
    layout = Layout(
        {sheet.key: f"{sheet.key}.csv" for sheet in wanted},
        {sheet.key: encoded([columns_of(sheet.key)]) for sheet in wanted},
        manifest=True,
    )
    return write_files(
        town, folder, wanted, layout, portions(town, wanted, processes=processes), progress=progress
    )


def write_files(
    town: Town,
    folder: Path,
    wanted: Sequence[Sheet],
    layout: Layout,
    source: Iterable[Portion],
    *,
    progress: Progress | None = None,
) -> Mapping[str, Written]:
    """Write the portions into files and return what is in them by file name.

    Files appear under their names only when all are complete, the manifest last. Needs the memory of a
    few customers for each process. Raises `TownRefused` when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _Files(folder, wanted, layout) as files:
            for place, portion in enumerate(source):
                files.add(portion)
                if progress is not None:
                    progress(min(place * GATHERED, town.customers))
            found = files.finish()
        if layout.manifest:
            _write_manifest(folder, town, found)
    except OSError as error:
        raise TownRefused(f"{folder} cannot be written: {error.strerror or error}.") from error
    return found


class _Files:
    """The open files of a delivery."""

    def __init__(self, folder: Path, wanted: Iterable[Sheet], layout: Layout) -> None:
        self._folder = folder
        self._layout = layout
        self._sheets = {sheet.key: sheet for sheet in wanted}
        self._hashes = {key: hashlib.sha256() for key in self._sheets}
        self._written = {
            key: Written(totals={name: Decimal(0) for name, _place in sheet.totals})
            for key, sheet in self._sheets.items()
        }

    def __enter__(self) -> _Files:
        self._open = {key: self._part(key).open("wb") for key in self._sheets}
        for key in self._sheets:
            self._write(key, self._layout.headers[key])
        return self

    def __exit__(self, *_error: object) -> None:
        for key, file in self._open.items():
            file.close()
            self._part(key).unlink(missing_ok=True)

    def add(self, portion: Portion) -> None:
        """Append a portion to every file it has rows for."""
        for key, text in portion.items():
            self._write(key, text.content)
            written = self._written[key]
            written.rows += text.rows
            for (name, _place), total in zip(self._sheets[key].totals, text.totals, strict=True):
                written.totals[name] += total

    def finish(self) -> dict[str, Written]:
        """Close the files and give them their names."""
        for file in self._open.values():
            file.close()
        for key, written in self._written.items():
            written.sha256 = self._hashes[key].hexdigest()
            self._part(key).replace(self._folder / self._layout.names[key])
        return {self._layout.names[key]: written for key, written in self._written.items()}

    def _part(self, key: str) -> Path:
        return self._folder / f".{key}.csv.part"

    def _write(self, key: str, content: bytes) -> None:
        self._hashes[key].update(content)
        self._open[key].write(content)


def _write_manifest(folder: Path, town: Town, found: Mapping[str, Written]) -> None:
    content = {
        "as_of": as_of(town).isoformat(),
        "complete": True,
        "files": {
            name: {
                "rows": written.rows,
                "sha256": written.sha256,
                "totals": {column: str(total) for column, total in written.totals.items()},
            }
            for name, written in sorted(found.items())
        },
    }
    part = folder / f".{MANIFEST}.part"
    part.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(folder / MANIFEST)

"""A small dataset and files of it, for the tests of the exchange's sources."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from ebok.exchange.profiles.model import Profile
from ebok.exchange.sources import BrokenRow, Part, Source, open_source, receive
from ebok.ports.datasets import Check, Column, ColumnType, Dataset, Stored

THINGS = Dataset(
    key="things",
    title="Things",
    model="x.Thing",
    natural_key=("code",),
    order=1,
    columns=(
        Column(name="code", title="code", type=ColumnType.CODE, required=True, max_length=20),
        Column(name="name", title="name", max_length=50),
        Column(name="amount", title="amount", type=ColumnType.DECIMAL, total=True),
        Column(name="made_on", title="made on", type=ColumnType.DATE),
    ),
)
PEOPLE = Dataset(
    key="people",
    title="People",
    model="x.Person",
    natural_key=("code",),
    order=2,
    columns=(
        Column(name="code", title="code", type=ColumnType.CODE, required=True, max_length=20),
        Column(name="surname", title="surname", required=True),
        Column(name="pesel", title="PESEL", check=Check.PESEL, stored=Stored.KEYED_HASH),
    ),
)
DATASETS = (THINGS, PEOPLE)
NEUTRAL = Profile(name="neutral", titles={"pl": "Neutralny", "en": "Neutral"})

HEADER = "code;name;amount;made_on\n"


def deliver(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files as they would be delivered."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return [folder / name for name in files]


def opened(folder: Path, files: Mapping[str, str | bytes], profile: Profile = NEUTRAL) -> Source:
    """Deliver, receive and open files."""
    paths = deliver(folder / "in", files)
    receive(paths, folder / "kept")
    return open_source(folder / "kept", profile, datasets=DATASETS)


def only(source: Source) -> Part:
    """The only part of a delivery."""
    (part,) = source.parts()
    return part


def table(part: Part) -> list[tuple[int, list[str | None]]]:
    """All rows; broken ones as `["!", sentence]`."""
    return [
        (number, ["!", cells.sentence] if isinstance(cells, BrokenRow) else list(cells))
        for number, cells in part.rows()
    ]


def zipped(path: Path, files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """A ZIP archive of files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path

"""Writes the town in the spelling of any profile: other files, or the tables of a billing database."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ebok.exchange.profiles import Profile
from ebok.exchange.profiles.writing import CannotWrite, Writer, create_table, file_name, insert_into
from ebok.operations.town.portions import Portion, Text, sum_of
from ebok.operations.town.rows import Row, Rows
from ebok.operations.town.town import GATHERED, Town, TownRefused
from ebok.operations.town.writer import (
    Layout,
    Progress,
    Written,
    as_of,
    columns_of,
    sheets,
    write_files,
    write_neutral,
)
from ebok.ports.datasets import Dataset

if TYPE_CHECKING:
    from sqlalchemy import Connection

NEUTRAL = "neutral"
_STAMPS = ("_%Y%m%d_%H%M", "_%Y-%m-%d_%H%M", "_%Y%m%d", "_%Y-%m-%d")


def write_town(
    town: Town,
    out: str,
    profile: Profile,
    datasets: Sequence[Dataset],
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Mapping[str, Written]:
    """Write the town where `out` says: a folder, or the address of a database if the profile reads one.

    What was written, by the name of file or table. Raises `TownRefused`.
    """
    if profile.name == NEUTRAL:
        return write_neutral(town, Path(out), datasets, processes=processes, progress=progress)
    known = {sheet.key for sheet in sheets(datasets)}
    wanted = [dataset for dataset in datasets if dataset.key in known and _takes(profile, dataset)]
    try:
        if profile.reads_database:
            return _write_database(town, out, profile, wanted, progress)
        return _write_profile(town, Path(out), profile, wanted, progress)
    except CannotWrite as error:
        raise TownRefused(f"The profile {profile.name} cannot say it: {error}") from error


def _takes(profile: Profile, dataset: Dataset) -> bool:
    return not profile.only_named or dataset.key in profile.datasets


# Files ----------------------------------------------------------------------------------


def _write_profile(
    town: Town, folder: Path, profile: Profile, datasets: Sequence[Dataset], progress: Progress | None
) -> Mapping[str, Written]:
    spelled = {dataset.key: _Spelled(profile, dataset) for dataset in datasets}
    layout = Layout(
        {dataset.key: _named(profile, dataset, as_of(town)) for dataset in datasets},
        {key: writer.header() for key, writer in spelled.items()},
        manifest=False,
    )
    source = (_portion(gathered, spelled) for gathered in town.rows())
    return write_files(town, folder, sheets(datasets), layout, source, progress=progress)


def _named(profile: Profile, dataset: Dataset, moment: datetime) -> str:
    """The file's name, with the day in it where the profile finds the day in names."""
    if profile.as_of is not None:
        for mask in _STAMPS:
            name = file_name(profile, dataset, moment.strftime(mask))
            found = profile.as_of.search(name)
            if found is not None and found["day"] == f"{moment.day:02d}":
                return name
    return file_name(profile, dataset)


def _portion(gathered: Rows, spelled: Mapping[str, _Spelled]) -> Portion:
    return {key: writer.text(gathered.of[key]) for key, writer in spelled.items() if gathered.of[key]}


class _Spelled:
    """Rows of a dataset as bytes of a profile's file."""

    def __init__(self, profile: Profile, dataset: Dataset) -> None:
        columns = columns_of(dataset.key)
        self._key = dataset.key
        self._profile = profile
        self._writer = Writer(profile, dataset, columns)
        self._totals = [columns.index(name) for name in dataset.totals]

    def header(self) -> bytes:
        """The first line of the file."""
        return self._encoded([self._writer.headers])

    def text(self, rows: Sequence[Row]) -> Text:
        """The rows as they stand in the file, summed as the neutral ones are."""
        totals = tuple(sum_of(row[place] for row in rows) for place in self._totals)
        return Text(self._encoded([self._writer.texts(row) for row in rows]), len(rows), totals)

    def _encoded(self, rows: Sequence[Sequence[str]]) -> bytes:
        out = io.StringIO()
        csv.writer(
            out, delimiter=self._profile.write_delimiter, lineterminator=self._profile.write_line_end
        ).writerows(rows)
        try:
            return out.getvalue().encode(self._profile.write_encoding)
        except UnicodeEncodeError as error:
            raise CannotWrite(
                f"{self._key}: {self._profile.write_encoding} has no “{error.object[error.start]}”."
            ) from error


# A database -----------------------------------------------------------------------------


def _write_database(
    town: Town, address: str, profile: Profile, datasets: Sequence[Dataset], progress: Progress | None
) -> Mapping[str, Written]:
    from sqlalchemy import text  # noqa: PLC0415 (only databases pay for SQLAlchemy)

    writers = {dataset.key: Writer(profile, dataset, columns_of(dataset.key)) for dataset in datasets}
    statements = {
        dataset.key: text(insert_into(profile, dataset, columns_of(dataset.key))) for dataset in datasets
    }
    found = {writers[dataset.key].table: Written() for dataset in datasets}
    with _connected(address) as connection:
        plain = connection.dialect.name == "sqlite"
        _refuse_used(connection, list(found))
        for dataset in datasets:
            connection.execute(text(create_table(profile, dataset, columns_of(dataset.key))))
        for place, gathered in enumerate(town.rows()):
            for key, writer in writers.items():
                rows = [_parameters(writer.values(row), plain=plain) for row in gathered.of[key]]
                if rows:
                    connection.execute(statements[key], rows)
                    found[writer.table].rows += len(rows)
            if progress is not None:
                progress(min(place * GATHERED, town.customers))
        connection.commit()
    return found


def _parameters(values: Sequence[object], *, plain: bool) -> dict[str, object]:
    """Values by the statement's names; SQLite takes numbers and days as text."""
    return {
        f"p{place}": str(value) if plain and isinstance(value, Decimal | date) else value
        for place, value in enumerate(values)
    }


@contextmanager
def _connected(address: str) -> Iterator[Connection]:
    from sqlalchemy import create_engine, make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    from ebok.exchange.sources.databases import DRIVERS  # noqa: PLC0415

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise TownRefused(
            "--out must be the address of a database for this profile, such as sqlite:///town.sqlite3."
        ) from None
    if "+" not in url.drivername and url.drivername in DRIVERS:
        url = url.set(drivername=DRIVERS[url.drivername][0])
    place = url.render_as_string(hide_password=True)
    try:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        with engine.connect() as connection:
            yield connection
    except (ImportError, SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise TownRefused(f"{place} cannot be written: {reason}") from error


def _refuse_used(connection: Connection, tables: Sequence[str]) -> None:
    from sqlalchemy import inspect  # noqa: PLC0415

    there = sorted(set(inspect(connection).get_table_names()) & set(tables))
    if there:
        raise TownRefused(f"The database holds a table {there[0]} already; give an empty one.")

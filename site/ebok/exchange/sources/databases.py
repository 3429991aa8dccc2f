"""Any relational database through SQLAlchemy: read only, in one transaction, streamed into JSON Lines.

What was read is kept like any other delivery, so that it can be read again after the database has moved on.
Drivers beside PostgreSQL's and SQLite's are installed where they are needed; what is missing is said.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ebok.exchange.declared import declared_datasets
from ebok.exchange.profiles.model import ColumnMap, DatasetMap, Profile
from ebok.exchange.sources.interface import Member, Received, SourceRefused
from ebok.exchange.sources.manifests import MANIFEST
from ebok.exchange.sources.mapping import folded
from ebok.exchange.sources.receiving import received
from ebok.exchange.validation import hashed_cell
from ebok.ports.datasets import Column, Dataset, Stored

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Engine, Executable
    from sqlalchemy.engine.interfaces import CoreExecuteOptionsParameter

Ask = Callable[["Connection", Dataset, DatasetMap], "Executable | None"]
"""Makes the query for a dataset, or None to leave it out."""

ZONE = ZoneInfo("Europe/Warsaw")
ROWS_AT_A_TIME = 2000
SECONDS_TO_CONNECT = 15

DRIVERS = {
    "postgresql": ("postgresql+psycopg", "psycopg"),
    "postgres": ("postgresql+psycopg", "psycopg"),
    "mysql": ("mysql+pymysql", "PyMySQL"),
    "mariadb": ("mysql+pymysql", "PyMySQL"),
    "oracle": ("oracle+oracledb", "oracledb"),
    "mssql": ("mssql+pyodbc", "pyodbc"),
    "firebird": ("firebird+firebird", "sqlalchemy-firebird"),
    "sqlite": ("sqlite", ""),
}
"""Scheme of an address to SQLAlchemy's dialect and the package that speaks it."""


def receive_sql(
    profile: Profile,
    folder: Path,
    *,
    datasets: Iterable[Dataset] | None = None,
    environment: Mapping[str, str] | None = None,
    ask: Ask | None = None,
) -> Received:
    """Read every dataset the profile names from the database into JSON Lines in `folder`, with a manifest.

    `ask` makes the query for a dataset, or None to leave it out; the whole table or query unless told.

    The address stands in the environment variable the profile names and never in a sentence. Raises
    `SourceRefused` when the address, the driver, the database or a table is missing.
    """
    known = tuple(declared_datasets() if datasets is None else datasets)
    url = _address(profile, os.environ if environment is None else environment)
    folder.mkdir(parents=True, exist_ok=True)
    members: list[Member] = []
    rows: dict[str, int] = {}
    try:
        with _reading(url) as connection:
            as_of = _as_of(connection, profile)
            for dataset in known:
                mapped = profile.datasets.get(dataset.key)
                if not (mapped and (mapped.table or mapped.query)):
                    continue
                query = statement(mapped) if ask is None else ask(connection, dataset, mapped)
                if query is not None:
                    member, count = _dump(connection, dataset, mapped, query, folder)
                    members.append(member)
                    rows[member.name] = count
        members.append(_write_manifest(folder, profile, as_of, members, rows))
        return received(f"{profile.name} ({_place(url)})", members)
    except BaseException:
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        raise


def _address(profile: Profile, environment: Mapping[str, str]) -> Any:
    from sqlalchemy import make_url  # noqa: PLC0415 (only imports from databases pay for SQLAlchemy)
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    text = environment.get(profile.url_variable, "")
    if not text:
        raise SourceRefused(
            _("The address of the database is missing: set %(name)s in the environment.")
            % {"name": profile.url_variable}
        )
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SourceRefused(
            _("%(name)s is not the address of a database such as postgresql://user:password@host/name.")
            % {"name": profile.url_variable}
        ) from None
    scheme = url.drivername.split("+")[0]
    return url.set(drivername=DRIVERS[scheme][0]) if scheme in DRIVERS and "+" not in url.drivername else url


def _place(url: Any) -> str:
    """The database as people name it, without user and password."""
    return (
        f"{url.host or ''}/{url.database or ''}".strip("/").rsplit("/", 1)[-1][:100] or url.get_backend_name()
    )


@contextmanager
def _reading(url: Any) -> Iterator[Connection]:
    """A connection inside a transaction that can only read; what fails becomes a `SourceRefused`."""
    from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError  # noqa: PLC0415

    try:
        engine = _engine(url)
    except (ImportError, NoSuchModuleError):
        package = DRIVERS.get(url.get_backend_name(), ("", url.drivername))[1]
        raise SourceRefused(
            _(
                "The driver for %(kind)s is not installed: pip install %(package)s,"
                " then start the portal again."
            )
            % {"kind": url.get_backend_name(), "package": package}
        ) from None
    try:
        with engine.connect() as connection:
            _begin_reading(connection)
            yield connection
            connection.rollback()
    except DBAPIError as error:
        if error.connection_invalidated or not error.statement:
            sentence = _("The database %(place)s does not answer: %(error)s")
        else:
            sentence = _("The database %(place)s refuses the query: %(error)s")
        raise SourceRefused(
            sentence % {"place": _place(url), "error": _first_line(error.orig, url)}
        ) from None
    except SQLAlchemyError as error:
        raise SourceRefused(
            _("The database %(place)s cannot be read: %(error)s")
            % {"place": _place(url), "error": _first_line(error, url)}
        ) from None
    finally:
        engine.dispose()


def _engine(url: Any) -> Engine:
    from sqlalchemy import create_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    backend = url.get_backend_name()
    arguments: dict[str, Any] = {}
    if backend in {"postgresql", "mysql"}:
        arguments["connect_timeout"] = SECONDS_TO_CONNECT
    if backend == "sqlite":
        if url.database and not Path(url.database).is_file():
            raise SourceRefused(_("The database %(place)s does not exist.") % {"place": _place(url)})
        arguments["timeout"] = SECONDS_TO_CONNECT
    return create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True)


def _begin_reading(connection: Connection) -> None:
    """Where the engine can, nothing but reading is possible, and all tables are seen at one moment."""
    from sqlalchemy import text  # noqa: PLC0415

    statements = {
        "postgresql": ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"],
        "mysql": [
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "COMMIT",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ],
        "oracle": ["SET TRANSACTION READ ONLY"],
        "sqlite": ["PRAGMA query_only = 1", "BEGIN"],
    }
    for statement in statements.get(connection.dialect.name, []):
        connection.execute(text(statement))


def _as_of(connection: Connection, profile: Profile) -> datetime:
    from sqlalchemy import text  # noqa: PLC0415

    if not profile.as_of_query:
        return datetime.now(UTC)
    value = connection.execute(text(profile.as_of_query)).scalar()
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise SourceRefused(
            _("The query for the as-of date of the profile “%(profile)s” gave no moment.")
            % {"profile": profile.title}
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def statement(mapped: DatasetMap) -> Executable:
    """The query for everything of a dataset."""
    from sqlalchemy import select, table, text  # noqa: PLC0415

    if mapped.query:
        return text(mapped.query)
    schema, _dot, name = mapped.table.rpartition(".")
    return select(text("*")).select_from(table(name, schema=schema or None))


def _dump(
    connection: Connection, dataset: Dataset, mapped: DatasetMap, query: Executable, folder: Path
) -> tuple[Member, int]:
    """Stream one dataset into a file, hashing as it goes; texts of keyed-hash columns are hashed at once."""
    secret = _secret_headers(dataset, mapped)
    path = folder / f"{dataset.key}.jsonl"
    digest, count = hashlib.sha256(), 0
    encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with path.open("xb") as file, _streamed(connection, query) as result:

        def write(block: bytes) -> None:
            file.write(block)
            digest.update(block)

        names = list(result.keys())
        hashed = {place: secret[folded(name)] for place, name in enumerate(names) if folded(name) in secret}
        write(_lines([encode({"": names})]))
        for batch in result.partitions(ROWS_AT_A_TIME):
            lines = []
            for row in batch:
                values = [_json_value(value) for value in row]
                for place, column in hashed.items():
                    values[place] = hashed_cell(column, None if values[place] is None else str(values[place]))
                lines.append(encode(dict(zip(names, values, strict=True))))
            write(_lines(lines))
            count += len(lines)
        size = file.tell()
        file.flush()
        os.fsync(file.fileno())
    return Member(path.name, digest.hexdigest(), size), count


def _streamed(connection: Connection, query: Executable) -> CursorResult[Any]:
    """The rows of a query through a cursor that stays on the server where the driver can."""
    options: CoreExecuteOptionsParameter = {"stream_results": True, "yield_per": ROWS_AT_A_TIME}
    return connection.execute(query, execution_options=options)


def _lines(texts: list[str]) -> bytes:
    return ("\n".join(texts) + "\n").encode() if texts else b""


def _secret_headers(dataset: Dataset, mapped: DatasetMap) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in dataset.columns:
        if column.stored is Stored.KEYED_HASH:
            rule = mapped.columns.get(column.name, ColumnMap(headers=(column.name,)))
            found |= {folded(name): column for name in rule.headers}
    return found


def _json_value(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex().upper()
    return str(value)


def _write_manifest(
    folder: Path, profile: Profile, as_of: datetime, members: Iterable[Member], rows: Mapping[str, int]
) -> Member:
    content = {
        "as_of": as_of.astimezone(ZONE).isoformat(),
        "complete": profile.complete,
        "files": {member.name: {"rows": rows[member.name], "sha256": member.sha256} for member in members},
    }
    block = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    (folder / MANIFEST).write_bytes(block)
    return Member(MANIFEST, hashlib.sha256(block).hexdigest(), len(block))


def _first_line(error: BaseException | None, url: Any) -> str:
    """What the driver said, on one line and without the password."""
    said = error.args[-1] if error is not None and len(error.args) == 2 else error
    text = (str(said).strip().splitlines() or [type(error).__name__])[0][:300]
    return text.replace(str(url.password), "***") if url.password else text

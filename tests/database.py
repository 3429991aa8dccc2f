"""Databases for tests: migrated once into a template, copied for each process, restored when used up.

The journal's tables refuse UPDATE, DELETE and TRUNCATE, so Django's flush after a transactional test
must never run. Ordinary tests roll back; a test that commits gets the template back afterwards:
`CREATE DATABASE … TEMPLATE` on PostgreSQL, a file copy on SQLite.

The template is kept under `var/test-databases/` (or in the PostgreSQL server) and its name carries a
fingerprint of all migrations and of what they store, so it is made anew only when one of them changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "test-databases"
SOURCES = ("site/ebok", "ebok_plugins", "page_types", "snippets", "tests/sample_distribution")
LASTING_FILES = frozenset(
    {"permissions.py", "apps.py", "guards.py", "partitions.py", "roles.py", "models.py", "content_rights.py"}
)
"""Files, besides migrations and models, that decide what a migrated database holds."""
PACKAGES = ("Django", "wagtail", "django-allauth", "django-tasks-db")
CACHE_TABLE = "ebok_cache"


def fingerprint() -> str:
    """Changes whenever a freshly migrated database would be another."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package}={version(package)};".encode())
    for source in SOURCES:
        for file in sorted((ROOT / source).rglob("*.py")):
            if file.name in LASTING_FILES or {"migrations", "models"} & set(file.parts):
                digest.update(f"{file.relative_to(ROOT)};".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process at a time, for work that all test processes share."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(database_url: str, *, sample: bool = True, **environment: str) -> None:
    """Bring an empty database to the newest state, in a process of its own."""
    commands = ("migrate --verbosity 0", f"createcachetable {CACHE_TABLE} --verbosity 0")
    manage_migrating(database_url, *commands, sample=sample, **environment)


def manage_migrating(database_url: str, *commands: str, sample: bool = True, **environment: str) -> str:
    """Run management commands, each one text, that migrate an empty database; returns what they printed."""
    program = [sys.executable, "-m", "tests.migrating", *commands]
    return _run(program, process_environment(database_url, sample=sample) | environment)


def manage(database_url: str, *command: str, sample: bool | Path = True, **environment: str) -> str:
    """Run a management command on a database; returns what it printed.

    Raises `AssertionError` with everything it said when it fails.
    """
    program = [sys.executable, str(ROOT / "site" / "manage.py"), *command]
    return _run(program, process_environment(database_url, sample=sample) | environment)


def ask(database_url: str, query: str) -> list[tuple[Any, ...]]:
    """What a database answers now, through a connection of its own; a process that asks takes two seconds."""
    if database_url.startswith("sqlite:"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=30)) as file:
            return file.execute(query).fetchall()
    with psycopg.connect(database_url) as server:
        return server.execute(query.encode()).fetchall()


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise AssertionError(f"{' '.join(command[1:])} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def process_environment(database_url: str, *, sample: bool | Path = True) -> dict[str, str]:
    """The environment of a process of the portal on this database.

    `sample` says whether it finds the sample plugin, or in which folder it finds another edition of it.
    """
    from tests.sample_plugin import TARGET

    plugins = [str(sample if isinstance(sample, Path) else TARGET)] if sample else []
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "ebok.settings.test",
        "EBOK_DATABASE_POOL": "0",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT), *plugins]),
    }


class TestDatabase(ABC):
    """One engine's way of making, copying and dropping databases."""

    __test__ = False

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.copies: list[str] = []

    @abstractmethod
    def template(self) -> str:
        """Name of the template, which is made first when there is none."""

    @abstractmethod
    def copy(self, target: str) -> None:
        """Make `target` equal to the template, whatever it was before."""

    @abstractmethod
    def drop(self, target: str) -> None:
        """Remove a copy."""

    @abstractmethod
    def url(self, name: str) -> str:
        """`DATABASE_URL` of a database of this engine."""

    @abstractmethod
    def new_name(self) -> str:
        """A name nobody uses."""

    def new_copy(self) -> str:
        """A fresh copy of the template; dropped by `drop_copies`."""
        name = self.new_name()
        self.copy(name)
        self.copies.append(name)
        return name

    def drop_copies(self) -> None:
        """Remove every copy made by `new_copy`."""
        while self.copies:
            self.drop(self.copies.pop())


class SQLite(TestDatabase):
    """Files; the copies lie in a temporary folder."""

    def __init__(self, settings: dict[str, Any], folder: Path) -> None:
        super().__init__(settings)
        self.folder = folder

    def template(self) -> str:
        """See the base class."""
        file = FOLDER / f"{fingerprint()}.sqlite3"
        with locked("sqlite"):
            if not file.exists():
                unfinished = FOLDER / f"unfinished-{os.getpid()}.sqlite3"
                self.drop(str(unfinished))
                migrate(self.url(str(unfinished)))
                unfinished.rename(file)
                self._forget_old(file)
        return str(file)

    def copy(self, target: str) -> None:
        """See the base class."""
        self.drop(target)
        shutil.copyfile(self.template(), target)

    def drop(self, target: str) -> None:
        """See the base class."""
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(target + ending).unlink(missing_ok=True)

    def url(self, name: str) -> str:
        """See the base class."""
        return f"sqlite:///{name}"

    def new_name(self) -> str:
        """See the base class."""
        return str(self.folder / f"{uuid.uuid4().hex}.sqlite3")

    @staticmethod
    def _forget_old(newest: Path) -> None:
        kept = 6  # people who work on several branches come back to older ones
        files = sorted(FOLDER.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[kept:]:
            if file != newest:
                file.unlink(missing_ok=True)


class PostgreSQL(TestDatabase):
    """Databases of the server that `DATABASE_URL` names; its own database there is not touched."""

    def template(self) -> str:
        """See the base class."""
        name = f"ebok_template_{fingerprint()}"
        with locked("postgresql"), self._server() as server:
            found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not found:
                unfinished = f"ebok_unfinished_{os.getpid()}"
                self.drop(unfinished)
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
                migrate(self.url(unfinished))
                server.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(unfinished), sql.Identifier(name)
                    )
                )
        return name

    def copy(self, target: str) -> None:
        """See the base class."""
        template = self.template()
        self.drop(target)
        with locked("postgresql"), self._server() as server:
            # Files are copied as they are, not page by page through the log; older servers know one way only.
            way = " STRATEGY FILE_COPY" if server.info.server_version >= 150000 else ""
            order = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + way)
            server.execute(order.format(sql.Identifier(target), sql.Identifier(template)))

    def drop(self, target: str) -> None:
        """See the base class."""
        with self._server() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))

    def url(self, name: str) -> str:
        """See the base class."""
        settings = self.settings
        who = quote(settings["USER"] or "", safe="")
        if settings["PASSWORD"]:
            who += ":" + quote(settings["PASSWORD"], safe="")
        # A folder of the server's socket is a host that begins with "/", written as %2F.
        where = quote(settings["HOST"] or "", safe="") + (f":{settings['PORT']}" if settings["PORT"] else "")
        return f"postgres://{who}@{where}/{name}"

    def new_name(self) -> str:
        """See the base class."""
        return f"ebok_copy_{uuid.uuid4().hex[:16]}"

    def _server(self) -> psycopg.Connection[Any]:
        settings = self.settings
        wanted = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        given = {name: settings[key] for name, key in wanted.items() if settings.get(key)}
        return psycopg.connect(dbname="postgres", autocommit=True, **given)


def for_settings(settings: dict[str, Any], folder: Path) -> TestDatabase:
    """The engine of these database settings."""
    if settings["ENGINE"].endswith("sqlite3"):
        return SQLite(dict(settings), folder)
    return PostgreSQL(dict(settings))

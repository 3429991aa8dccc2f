"""Turns `DATABASE_URL` into Django's setting, with what was measured for each engine."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ

SQLITE_OPTIONS = {
    # Readers never block the writer (WAL), a writer takes its lock at BEGIN (IMMEDIATE), and
    # whoever waits does so for up to 20 s: 0 of 300 concurrent requests "locked".
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
SQLITE_CONNECTION_SECONDS = 60


def database(env: environ.Env, runtime_dir: Path) -> dict[str, Any]:
    """The default database: SQLite under `runtime_dir`, or what `DATABASE_URL` names."""
    config: dict[str, Any] = dict(
        env.db_url("DATABASE_URL", default=f"sqlite:///{runtime_dir / 'ebok.sqlite3'}")
    )
    # A server on a Unix socket is written as its folder, with %2F for the slashes, as libpq does.
    config["HOST"] = unquote(config.get("HOST") or "")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        # Opening one costs as much processor time as half a page. Not kept for ever, so that a file
        # that was put in its place is noticed. `?CONN_MAX_AGE=0` at the end of the URL opens one each time.
        config.setdefault("CONN_MAX_AGE", SQLITE_CONNECTION_SECONDS)
    elif env.bool("EBOK_DATABASE_POOL", default=True):
        # A process of four threads needs few connections; the pool only saves the hand-shakes.
        config["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8}, **config.get("OPTIONS", {})}
    return config

"""Rows found by parts of the names the billing system gives them.

A room that wants its dataset found quickly makes `index_names` a step of a migration: on PostgreSQL a
trigram index over the names of that one dataset, so that a search in a small register never wades
through the names of a large one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from ebok.exchange.models import NaturalKey

SHORTEST = 3
"""Characters of which at least one word must have so many; shorter parts have no trigram."""


@dataclass(frozen=True)
class Named:
    """A row of the mirror with the name by which it was found."""

    dataset: str
    object_id: int
    customer_id: int
    name: str
    exact: bool


def is_long_enough(words: Sequence[str]) -> bool:
    """Whether parts of words can be looked for; otherwise only whole names are."""
    return any(len(word) >= SHORTEST for word in words)


def pattern(word: str) -> str:
    """The word for LIKE, found anywhere."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", word.upper()) + "%"


def containing(
    wanted: dict[str, Sequence[str]], *, most: int, only_beginnings: frozenset[str] = frozenset()
) -> list[Named]:
    """Rows of these datasets of which the name contains every word given for the dataset; one query.

    At most `most` of each dataset, those that are called exactly so first, the rest in no order. Where
    all words are short only exact names are found. Datasets in `only_beginnings` have no trigram index:
    their names are found by how they begin. Rows without a customer are left out.
    """
    parts: list[str] = []
    given: list[Any] = []
    for dataset, words in wanted.items():
        if not words:
            continue
        whole = " ".join(words)
        parts.append(_part("key IN (%s, %s)", exact=1))
        given += [dataset, whole, whole.upper(), most]
        if is_long_enough(words) and dataset in only_beginnings:
            # A range, not LIKE: it uses the unique index whatever the collation of the database.
            parts.append(_part("key >= %s AND key < %s", exact=0))
            given += [dataset, whole.upper(), f"{whole.upper()}\U0010ffff", most]
        elif is_long_enough(words):
            parts.append(_part(" AND ".join([_contains()] * len(words)), exact=0))
            given += [dataset, *map(pattern, words), most]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        rows = cursor.fetchall()
    return _without_repeats(
        [Named(dataset, key, owner, name, bool(exact)) for dataset, key, owner, name, exact in rows], most
    )


def index_names(dataset: str, name: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    """A step of a migration: the trigram index `name` over the names of the dataset (PostgreSQL only)."""

    def make(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", params=None)
        schema_editor.execute(
            f"CREATE INDEX {name} ON exchange_naturalkey USING gin ({_UPPER} gin_trgm_ops)"
            f" WHERE dataset = '{dataset}'",
            params=None,
        )

    return make


# The column is compared byte by byte ("C"), which knows no Polish capitals.
_UPPER = 'upper(key COLLATE "default")'


def _contains() -> str:
    if connection.vendor == "postgresql":
        return f"{_UPPER} LIKE %s"
    return "key LIKE %s ESCAPE '\\'"


def _part(condition: str, *, exact: int) -> str:
    # A select in a select, because SQLite takes no LIMIT inside UNION. The limit hides in a select of its
    # own: knowing it, PostgreSQL trusts its guess of how common the word is and reads the whole table.
    return (
        "SELECT * FROM (SELECT dataset, coalesce(target_id, id), customer_id, key,"  # noqa: S608 (own words)
        f" {exact} AS exact FROM {NaturalKey._meta.db_table}"
        f" WHERE dataset = %s AND customer_id IS NOT NULL AND {condition} LIMIT (SELECT %s)) AS part"
    )


def _without_repeats(rows: Sequence[Named], most: int) -> list[Named]:
    found: dict[tuple[str, int], Named] = {}
    for row in sorted(rows, key=lambda row: not row.exact):
        found.setdefault((row.dataset, row.object_id), row)
    counted: dict[str, int] = {}
    kept = []
    for row in found.values():
        counted[row.dataset] = counted.get(row.dataset, 0) + 1
        if counted[row.dataset] <= most:
            kept.append(row)
    return kept

"""What both engines do with a delivery before it is taken over."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

from django.db import connection

from ebok.exchange.sources.interface import BrokenRow, Cells, Plain
from ebok.exchange.spelling import Spelling
from ebok.exchange.sql_validation import Vendor
from ebok.exchange.staging.shape import Shape, name

MEMBER_STEP = 10**12
"""Rows of the second file of a dataset are numbered from here, those of the third from twice this."""

KINDS = ("raw", "judged", "rows", "gone", "left")
"""Tables of a dataset: as delivered; what Python said of single rows; resolved and compared; lines that
the delivery before had and this one lacks, as text and resolved."""

FETCHED = 2000


class Stage(ABC):
    """The tables of one delivery. SQL texts are written by our own code; they take no parameters.

    An empty cell is NULL in them, whatever it was in the file.
    """

    vendor: Vendor

    def __init__(self, delivery_id: int) -> None:
        self.delivery_id = delivery_id

    # Names --------------------------------------------------------------------------------

    def bare(self, shape: Shape, kind: str) -> str:
        """Name of a table of the dataset, without quotes."""
        return f"ebok_stage_{self.delivery_id}_{kind}_{re.sub(r'[^a-z0-9]', '_', shape.key)[:24]}"

    @abstractmethod
    def table(self, shape: Shape, kind: str) -> str:
        """The same, ready for SQL."""

    # Life -----------------------------------------------------------------------------------

    @abstractmethod
    def opened(self) -> AbstractContextManager[None]:
        """Within, the tables can be used."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """What is written to the stage within lives or dies together; the mirror is not locked by it."""

    @abstractmethod
    def discard(self) -> None:
        """Remove everything of this delivery."""

    @abstractmethod
    def has(self, shape: Shape, kind: str) -> bool:
        """Whether the table is there."""

    # Filling ---------------------------------------------------------------------------------

    @abstractmethod
    def make_raw(self, shape: Shape) -> None:
        """Make the empty tables `raw` and `judged`, in place of earlier ones."""

    @abstractmethod
    def make_like_raw(self, shape: Shape, kind: str) -> None:
        """Make one more empty table of delivered rows."""

    @abstractmethod
    def load_plain(
        self, shape: Shape, plain: Plain, first: int, spelling: Spelling | None = None
    ) -> int | None:
        """Load bytes as they are, the first row numbered `first`; None when they turn out not to be plain.

        `spelling` looks at them as they pass.
        """

    @abstractmethod
    def load_rows(self, shape: Shape, rows: Iterable[tuple[int, Cells]], kind: str = "raw") -> int:
        """Load rows with their numbers; returns how many. A `BrokenRow` keeps its sentence."""

    @abstractmethod
    def judge(self, shape: Shape, rows: Sequence[tuple[int, int, Cells]]) -> None:
        """Add what Python said: number, 1 for a rejected row, canonical cells."""

    @abstractmethod
    def make(self, shape: Shape, kind: str, select: str, sorted_by: Sequence[str] = ()) -> None:
        """Make a table of what `select` gives, in place of an earlier one.

        Rows that share the first of the columns `sorted_by` lie together, as they will in the mirror.
        """

    def drop(self, shape: Shape, kind: str) -> None:
        """Remove one table."""
        self.execute(f"DROP TABLE IF EXISTS {self.table(shape, kind)}")

    def index_keys(self, shape: Shape) -> None:  # noqa: B027 (not every engine needs it)
        """Make the natural keys of the compared rows quick to find, where the engine needs it."""

    def index_rows(self, shape: Shape) -> None:  # noqa: B027 (not every engine needs it)
        """Make the compared rows quick to find by the mirror's primary key, where the engine needs it."""

    def on_disk(self) -> None:  # noqa: B027 (not every engine needs it)
        """Wait until the stage would survive a power cut, where the apply phase leans on it."""

    # Asking ----------------------------------------------------------------------------------

    def execute(self, sql: str) -> int:
        """Run one statement; returns the number of rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.rowcount)

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row a query gives."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found = cursor.fetchone()
        if found is None:
            raise LookupError(sql)
        return tuple(found)

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query that gives few."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    @abstractmethod
    def sample(self, shape: Shape, most: int) -> list[tuple[Any, ...]]:
        """Text cells of about so many delivered rows from all over the table."""

    @abstractmethod
    def stream(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query in blocks; memory does not grow with their number. Within `writing`."""

    # Words of the engine -----------------------------------------------------------------------

    @abstractmethod
    def differs(self, first: str, second: str) -> str:
        """A condition: the two are not the same; two NULLs are."""

    @abstractmethod
    def fingerprint(self, expressions: Sequence[str]) -> str:
        """An expression that is equal for equal lists of values, NULL equal to NULL."""

    @abstractmethod
    def may_repeat(self, shape: Shape, key: Sequence[str]) -> bool:
        """Whether two compared rows may have the same key (quoted columns); never False when two have."""

    def exact(self, expression: str, places: int) -> str:
        """A decimal as something that adds up exactly; `scaled` turns the sum back."""
        return expression

    def scaled(self, total: Decimal, places: int) -> Decimal:
        """The sum of `exact` values with its decimals."""
        return total.quantize(Decimal(1).scaleb(-places))

    @abstractmethod
    def fresh_ids(self, shape: Shape) -> str:
        """An expression that gives each row of a query over the delivered rows an id nobody has."""

    @abstractmethod
    def fenced(self, select: str) -> str:
        """The query as something to select from, of which each expression is worked out once."""


def raw_cells(shape: Shape, row: str, absent: Collection[str] = ()) -> str:
    """The text cells of a row of `raw` or `judged`, as a select list; NULL for `absent` columns."""
    return ", ".join(
        f"CAST(NULL AS text) AS {name(column)}" if column in absent else f"{row}.{name(column)}"
        for column in shape.names
    )


def sentence_of(cells: Cells) -> str | None:
    """Why the row could not be read, or None when it could."""
    return cells.sentence if isinstance(cells, BrokenRow) else None

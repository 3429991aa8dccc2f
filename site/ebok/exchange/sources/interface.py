"""What a delivery looks like to the engine, whatever it was: rows of cells in the order of a dataset.

Everything is read as a stream: no member is ever held in memory.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from ebok.exchange.mending import Mended
from ebok.ports.datasets import Dataset

Cells = list[str | None]
"""Cells in the order of the dataset's columns; None is an empty cell or a column the member lacks."""

BLOCK = 1 << 20
"""Bytes read at a time."""


class SourceRefused(Exception):
    """A delivery cannot be read at all; `sentence` tells people why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class BrokenRow(list[str | None]):
    """Cells of a row that could not be told apart; the row is to be rejected with `sentence`.

    The cells are what could be read of the row, padded to the dataset's columns.
    """

    def __init__(self, cells: Sequence[str | None], sentence: str) -> None:
        super().__init__(cells)
        self.sentence = sentence


@dataclass(frozen=True)
class Member:
    """One kept file of a delivery: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Received:
    """What was kept of a delivery.

    `sha256` is over the sums of all members, in whatever order they came and whether zipped or not; for a
    single file it is the sum of its bytes.
    """

    name: str
    sha256: str
    size: int
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Stated:
    """What the delivery says of itself about one dataset."""

    rows: int | None = None
    totals: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Plain:
    """Bytes that `COPY … FROM STDIN (FORMAT csv)` reads exactly as `Part.rows` would.

    UTF-8, one record for each line, as many fields in each as `columns` names, in that order; the quote is
    `"`, an empty unquoted field is NULL. `open` gives the bytes after the header. The first record stands
    in row `first_row`, the others follow it one by one. `bare`: neither a quote nor a backslash is in them,
    so that `FORMAT text` reads the same in less time.
    """

    open: Callable[[], BinaryIO]
    delimiter: str
    columns: tuple[str, ...]
    first_row: int
    bare: bool = False


class Part(ABC):
    """The rows of one dataset in one member of a delivery."""

    def __init__(self, dataset: Dataset, member: str, encoding: str) -> None:
        self.dataset = dataset
        self.member = member
        self.encoding = encoding
        self.warnings: list[str] = []
        """Sentences about what was ignored; complete when the part is opened."""
        self.mended: Mended | None = None
        """Set when the member holds rejected rows that come back."""

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Row numbers as a spreadsheet shows them, with their cells; may be called again.

        Texts are canonical where the profile could make them so. Cells of a keyed-hash column hold the
        marked hash, never the text. A row that cannot be read is a `BrokenRow`. Raises `SourceRefused` in
        the middle when the member turns out to be cut off.
        """

    def plain(self) -> Plain | None:
        """The way past Python, for members that are exactly neutral; None for all others."""
        return None


@dataclass(frozen=True)
class Source:
    """A kept delivery, opened with a profile.

    `complete` tells whether it holds everything (then rows may vanish), as its manifest or the profile says.
    """

    folder: Path
    as_of: datetime | None
    complete: bool
    stated: Mapping[str, Stated]
    warnings: tuple[str, ...]
    found: tuple[Part, ...]

    def parts(self) -> Sequence[Part]:
        """One part for each dataset and member, in the order in which datasets are applied."""
        return self.found

"""What verifying the chain says. No database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from ebok.journal.digests import GENESIS


@dataclass(frozen=True)
class Head:
    """The end of the chain: everything before it is sealed by this one hash."""

    seq: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold, and what is wrong with it."""

    seq: int
    event_id: uuid.UUID | None
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What `verify()` found."""

    links: int
    head: Head
    unsealed: int
    """Committed events the writer has not reached yet; a few are normal."""
    erased: int
    """Sealed events whose detail was erased."""
    broken: Broken | None

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken is None

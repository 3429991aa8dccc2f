"""Identifiers of events: UUID version 7 (RFC 9562, section 5.7), which sort by time.

Why not a sequence: an event and its detail are written without asking the database for a number
first, tables split by month need no common counter, and a number never tells a stranger how much
happens here. Why version 7: rows are added at the right end of the index, a page of the list
continues after the last identifier, and the month of an event can be read from it.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_NS_IN_MS = 1_000_000


def uuid7(at_ns: int) -> uuid.UUID:
    """A new identifier for the instant `at_ns` (nanoseconds since 1970).

    The 12 bits after the millisecond hold its fraction (section 6.2, method 3), so identifiers made
    by one process keep their order to a quarter of a microsecond; 62 bits are random.
    """
    milliseconds, rest = divmod(at_ns, _NS_IN_MS)
    fraction = rest * 4096 // _NS_IN_MS
    return uuid.UUID(
        int=(milliseconds & (2**48 - 1)) << 80 | _VERSION | fraction << 64 | _VARIANT | secrets.randbits(62)
    )


def moment_of(identifier: uuid.UUID) -> datetime | None:
    """The instant in the identifier, cut to milliseconds; None when it is not a version 7."""
    if identifier.version != 7:
        return None
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)


def as_moment(at_ns: int) -> datetime:
    """The instant as the database keeps it: aware, cut to microseconds."""
    seconds, rest = divmod(at_ns, 1_000_000_000)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest // 1000)

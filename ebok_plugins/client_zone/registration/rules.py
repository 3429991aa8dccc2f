"""Decisions about what was typed; no Django, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

MOST_AMOUNT = 20
"""Characters of an amount worth reading."""
_AMOUNT = re.compile(r"^-?\d{1,10}(?:[.,]\d{1,2})?$", re.ASCII)
_MONEY_WORDS = re.compile(r"(?:zł|zl|pln)\.?$", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}[.,]\d{1,2}$)")

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits of codes in letters: none that looks like another."""
CODE_LENGTH = 12
GROUP = 4


def read_amount(text: str) -> Decimal | None:
    """The amount as people copy it from an invoice ("412,55", "1 412.55 zł"), or None."""
    if len(text) > MOST_AMOUNT:
        return None
    bare = _MONEY_WORDS.sub("", "".join(text.split())).replace("−", "-").replace("\u202f", "")
    bare = _THOUSANDS.sub("", bare)
    return Decimal(bare.replace(",", ".")).quantize(Decimal("0.01")) if _AMOUNT.match(bare) else None


def spellings(typed: str) -> tuple[str, str]:
    """A code or number as it was typed, and as it would be printed: people forget capitals."""
    bare = " ".join(typed.split())
    return bare, bare.upper()


def bare_code(typed: str) -> str:
    """A letter's code without what only helps to read it."""
    return re.sub(r"[\s–-]+", "", typed).upper()


def grouped_code(code: str) -> str:
    """A code in groups of four: "ABCD-EFGH-JKMN"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox; the case of letters does not count."""
    return bool(one) and one.strip().casefold() == other.strip().casefold()


def masked_phone(number: str) -> str:
    """A telephone number of which only the last three digits are shown; "" for none."""
    digits = re.sub(r"\D", "", number)
    return f"••• ••• {digits[-3:]}" if len(digits) >= 9 else ""


@dataclass(frozen=True)
class Limit:
    """So many tries are free within `window` seconds; then each needs a longer pause, until none is left."""

    name: str
    free: int
    first_pause: int
    longest_pause: int
    window: int
    extra: int = 12

    @property
    def most(self) -> int:
        """Tries within the window, pauses or not."""
        return self.free + self.extra

    def pause(self, tries: int) -> int:
        """Seconds that must lie between the try before and the one after `tries` of them."""
        if tries < self.free:
            return 0
        return int(min(self.longest_pause, self.first_pause * 2 ** (tries - self.free)))


HOUR = 3600
DAY = 24 * HOUR
ADDRESS = Limit("address", free=30, first_pause=10, longest_pause=600, window=HOUR)
"""A network address: many people may stand behind one."""
CODE = Limit("code", free=5, first_pause=60, longest_pause=HOUR, window=DAY)
"""A customer code as it was typed, whether or not there is such a customer."""
MAILBOX = Limit("mailbox", free=3, first_pause=60, longest_pause=HOUR, window=DAY)
"""A mailbox that letters would be sent to."""
ACCOUNT = Limit("account", free=5, first_pause=60, longest_pause=HOUR, window=DAY)
"""A person who is signed in."""
CLAIM = Limit("claim", free=5, first_pause=60, longest_pause=HOUR, window=DAY)
"""Codes typed for one claim."""
INVITING = Limit("inviting", free=20, first_pause=30, longest_pause=HOUR, window=DAY)
"""Invitations sent by one person."""

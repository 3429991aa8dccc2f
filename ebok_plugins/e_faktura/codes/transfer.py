"""The two-dimensional transfer code of the Polish Bank Association (Rekomendacja ZBP 2D, version 1.0).

Nine fields, eight pipes between them: NIP, country, account, grosze, payee, title and three reserves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

LONGEST = 160
LONGEST_PAYEE = 20
LONGEST_TITLE = 32
SHORT = 2
"""Letters of words that should not end a name."""
MOST = Decimal("9999.99")
"""Six digits of grosze hold no more."""
REFUSED = re.compile(r"[^0-9A-Za-zĄĆĘŁŃÓŚŹŻąćęłńóśźż ,./\\@#&*_-]")
"""Whatever the recommendation does not name; the pipe above all."""


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A transfer to the utility. `nip` is empty for a payee who is a private person."""

    nip: str
    account: str
    amount: Decimal
    payee: str
    title: str

    @property
    def fits(self) -> bool:
        """Whether the amount has room in the code; where it has not, the payer types it."""
        return Decimal(0) < self.amount <= MOST

    @property
    def payload(self) -> str:
        """What the code says: at most 160 characters; "000000" means that the payer types the amount."""
        grosze = int(self.amount * 100) if self.fits else 0
        fields = (
            _digits(self.nip),
            "PL",
            _digits(self.account),
            f"{grosze:06d}",
            shortened(self.payee, LONGEST_PAYEE),
            _clean(self.title)[:LONGEST_TITLE],
        )
        return "|".join((*fields, "", "", ""))


def shortened(name: str, most: int) -> str:
    """A name cut at a word where that leaves something to recognise."""
    clean = _clean(name)
    if len(clean) <= most:
        return clean
    words = clean[: most + 1].split(" ")[:-1]
    while words and len(words[-1]) <= SHORT:
        # "Wodociągi w" says less than "Wodociągi".
        words.pop()
    cut = " ".join(words)
    return cut if most // 2 <= len(cut) <= most else clean[:most].rstrip()


def _clean(text: str) -> str:
    return " ".join(REFUSED.sub(" ", text).split())


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())

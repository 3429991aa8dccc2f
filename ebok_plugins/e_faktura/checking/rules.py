"""What is ours and what is well written, decided without the database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from ebok.exchange.checks_of_text import CellError, check_ksef_number, check_nrb

ANY = "x"
MASK = re.compile(r"[0-9x]{26}")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
_DASHED_KSEF = re.compile(r"([0-9]{10}-[0-9]{8}-[0-9A-F]{6})-([0-9A-F]{6}-[0-9A-F]{2})")
LARGEST = Decimal(10) ** 12


def masks_of(text: str) -> list[str]:
    """The accounts of the settings, one in a line; lines that are none are left out."""
    lines = (_BLANKS.sub("", line).lower().removeprefix("pl") for line in text.splitlines())
    return [line for line in lines if MASK.fullmatch(line)]


def is_ours(account: str, masks: Iterable[str]) -> bool:
    """Whether an account (26 digits) is one of these, or a virtual one below them."""
    fits = [
        all(mask in (ANY, digit) for mask, digit in zip(pattern, account, strict=True)) for pattern in masks
    ]
    return any(fits)


def account_of(text: str) -> str | None:
    """The 26 digits as people type them; None when the check digits are wrong or it is no account."""
    try:
        return check_nrb(text.strip())
    except CellError:
        return None


def amount_of(text: str) -> Decimal | None:
    """ "1 234,50 zł", "1234.5": an amount in złoty; None when it is none."""
    bare = _BLANKS.sub("", text).lower().removesuffix("zł").removesuffix("pln").replace("−", "-")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,2})?", bare):
        return None
    try:
        found = Decimal(bare)
    except InvalidOperation:
        return None
    return found if abs(found) < LARGEST else None


def ksef_of(text: str) -> str | None:
    """The KSeF number in its 35 signs, or the 36 of KSeF 1.0; None when its check sum or form is wrong."""
    bare = _BLANKS.sub("", text).upper().replace("\u2011", "-").replace("\u2013", "-")
    spellings = [bare]
    if found := _DASHED_KSEF.fullmatch(bare):
        # A number of today with a hyphen too many, or one of KSeF 1.0.
        spellings.insert(0, f"{found[1]}{found[2]}")
    for spelling in spellings:
        try:
            return check_ksef_number(spelling)
        except CellError:
            continue
    return None

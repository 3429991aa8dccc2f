"""Numbers KSeF gives: of one invoice, and the collective identifier of a payment for several. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ebok.exchange.checks_of_text import KsefFault, ksef_crc, ksef_fault

_COLLECTIVE = re.compile(r"([0-9]{10})-IZ([0-9]{4})([0-9]{2})-([0-9A-F]{12})-([0-9A-F]{2})")
_IN_A_NAME = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{10}-[0-9]{8}-[0-9A-Fa-f]{6}-?[0-9A-Fa-f]{6}-[0-9A-Fa-f]{2}(?![0-9A-Za-z])"
)
CHECKED = 32
"""The check digits are computed over so many characters, hyphens among them."""


class Fault:
    """What is wrong with a number; the words are in `problems`."""

    FORM = "number-form"
    DAY = "number-day"
    CHECK = "number-check"


@dataclass(frozen=True)
class KsefNumber:
    """A KSeF number taken apart. `accepted_on` is the day on which KSeF took the invoice in."""

    text: str
    seller_nip: str
    accepted_on: date


_FAULTS = {
    KsefFault.FORM: Fault.FORM,
    KsefFault.PAST_FORM: Fault.FORM,
    KsefFault.DAY: Fault.DAY,
    KsefFault.CHECK: Fault.CHECK,
}


def fault_of(text: str) -> str:
    """What is wrong with a KSeF number, one of `Fault`; "" when it holds."""
    fault = ksef_fault(text)
    return _FAULTS[fault] if fault else ""


def read(text: str) -> KsefNumber | None:
    """The number taken apart; None when it does not hold."""
    if fault_of(text):
        return None
    return KsefNumber(text, text[:10], date(int(text[11:15]), int(text[15:17]), int(text[17:19])))


def is_collective(text: str) -> bool:
    """Whether it is a collective identifier (identyfikator zbiorczy) with right check digits."""
    found = _COLLECTIVE.fullmatch(text)
    return found is not None and 1 <= int(found[3]) <= 12 and ksef_crc(text[:CHECKED]) == found[5]


def named_in(file_name: str) -> str:
    """The KSeF number a file is named by, as KSeF names what it hands out; "" when there is none.

    The check digits are not looked at here: a wrong number in a name must be told, not passed over.
    """
    found = _IN_A_NAME.search(file_name)
    return found[0].upper() if found else ""

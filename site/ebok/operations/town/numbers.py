"""Numbers with right check digits that belong to nobody. All are made from the customer's number.

NIP: no tax office has a number that begins with two zeros. REGON: no voivodeship has 99. PESEL: people born
in the 19th century. NRB: no bank has 9999 0000. Telephones: Polish numbers do not begin with 99.
e-mail: `.example` is reserved (RFC 2606). Rules of the check digits: facts of each register, as
python-stdnum has them; KSeF: the number's CRC-8 covers its first 32 characters.
"""

from __future__ import annotations

import hashlib
from datetime import date

SELLER_NIP = "0001234510"
"""The tax number of the fictitious utility, as on its demo pages."""

KSEF_NIP = "9999999999"
"""The seller of the Ministry's examples: the schema of KSeF takes no number that begins with zero."""

_BANK = "99990000" + "12345678"
"""Settlement number of no bank, and the code of the utility at it."""

_NIP = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_PESEL = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_REGON = (8, 9, 2, 3, 4, 5, 6, 7)


def _sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def nip(index: int) -> str:
    """Ten digits; unlike for unlike numbers up to a million."""
    for third in range(1, 10):
        body = f"00{third}{index % 1_000_000:06d}"
        check = _sum(body, _NIP) % 11
        if check < 10:
            return f"{body}{check}"
    raise AssertionError("Among nine neighbours one has a check digit.")


def regon(index: int) -> str:
    """Nine digits; unlike for unlike numbers up to a million."""
    body = f"99{index % 1_000_000:06d}"
    return f"{body}{_sum(body, _REGON) % 11 % 10}"


def pesel(index: int, *, woman: bool) -> str:
    """Eleven digits of somebody born between 1840 and 1899."""
    year, rest = 40 + index % 60, index // 60
    month, rest = 1 + rest % 12, rest // 12
    day, rest = 1 + rest % 28, rest // 28
    body = f"{year:02d}{80 + month}{day:02d}{rest % 1000:03d}{(index % 5) * 2 + (not woman)}"
    return f"{body}{(10 - _sum(body, _PESEL) % 10) % 10}"


def account(index: int) -> str:
    """The virtual account of a customer: 26 digits, check digits by modulo 97."""
    body = f"{_BANK}{index % 100_000_000:08d}"
    return f"{98 - int(body + '252100') % 97:02d}{body}"


def e_delivery(index: int) -> str:
    """An e-Delivery address whose last two digits agree with the rest."""
    first, second = 99000 + index // 100_000 % 1000, index % 100_000
    letters, rest = "", index
    for _place in range(5):
        letters += chr(65 + rest % 26)
        rest //= 26
    difference = abs(sum(map(ord, letters)) - first - second)
    return f"AE:PL-{first:05d}-{second:05d}-{letters}-{sum(map(int, str(difference))):02d}"


def phone(index: int) -> str:
    """A Polish number of nine digits that no operator has."""
    return f"+4899{index % 10_000_000:07d}"


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte
        for _bit in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
        table.append(crc)
    return tuple(table)


_CRC = _crc_table()


def ksef(document: str, day: int) -> str:
    """The number KSeF gave the document on that day."""
    technical = hashlib.sha256(f"ksef {document}".encode()).hexdigest()[:12].upper()
    body = f"{KSEF_NIP}-{date.fromordinal(day).strftime('%Y%m%d')}-{technical}"
    crc = 0
    for byte in body.encode("ascii"):
        crc = _CRC[crc ^ byte]
    return f"{body}-{crc:02X}"

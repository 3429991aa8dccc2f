"""The Polish tax number (NIP): ten digits, the last of them a checksum.

Rule: regulation on tax identification numbers; weights 6 5 7 2 3 4 5 6 7, sum modulo 11, where
10 is never given out.
"""

from __future__ import annotations

WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def digits(nip: str) -> str:
    """The bare digits of a NIP written with or without "PL", hyphens and spaces."""
    text = nip.strip().upper().removeprefix("PL")
    return "".join(letter for letter in text if letter not in "- \u00a0")


def is_valid(nip: str) -> bool:
    """Whether this is ten ASCII digits with the right checksum (all zeros are not)."""
    bare = digits(nip)
    if len(bare) != 10 or not (bare.isascii() and bare.isdecimal()) or bare == "0" * 10:
        return False
    checksum = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, bare, strict=False)) % 11
    return checksum == int(bare[9])


def written(nip: str) -> str:
    """The usual way to write it, "123-456-78-90"; anything of another length stays as it is."""
    bare = digits(nip)
    return f"{bare[:3]}-{bare[3:6]}-{bare[6:8]}-{bare[8:]}" if len(bare) == 10 else nip

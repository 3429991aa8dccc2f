"""Text messages as the network counts them: letters, parts, and numbers of telephones."""

from __future__ import annotations

import re
import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
"""Each of these takes the room of two."""

SPELLED = str.maketrans(
    {
        "ł": "l", "Ł": "L", "„": '"', "”": '"', "“": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-",
        "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "«": '"', "»": '"', "•": "-", "×": "x",
    }
)  # fmt: skip
NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
POLISH = re.compile(r"[1-9][0-9]{8}")


class WrongNumber(ValueError):
    """This is no telephone number."""


def without_accents(text: str) -> str:
    """The text in letters of the short alphabet, so that more of them fit into a part."""
    spelled = text.translate(SPELLED)
    letters = []
    for letter in spelled:
        if letter in BASIC or letter in EXTENDED:
            letters.append(letter)
            continue
        bare = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
        letters.append(bare or "")
    return "".join(letters)


def is_short_alphabet(text: str) -> bool:
    """Whether every letter is in the GSM 7-bit alphabet (with its extension)."""
    return all(letter in BASIC or letter in EXTENDED for letter in text)


def parts_of(text: str) -> int:
    """Of how many parts the message is made: 160 or 153 letters each, 70 or 67 with any other letter."""
    if is_short_alphabet(text):
        # An extended letter is never split between two parts.
        return _parts([2 if letter in EXTENDED else 1 for letter in text], 160, 153)
    # UTF-16 counts an emoji as two, and the pair stays together.
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in text], 70, 67)


def _parts(widths: list[int], alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts


def normal_number(typed: str) -> str:
    """The number with its country, as gates want it (+48600100200). Raises `WrongNumber`."""
    bare = re.sub(r"[\s().\-/]", "", unicodedata.normalize("NFKC", typed))
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if POLISH.fullmatch(bare):
        bare = f"+48{bare}"
    elif re.fullmatch(r"48[1-9][0-9]{8}", bare):
        bare = f"+{bare}"
    if not NUMBER.fullmatch(bare) or (bare.startswith("+48") and not POLISH.fullmatch(bare[3:])):
        raise WrongNumber(typed)
    return bare

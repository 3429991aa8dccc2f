"""Which encoding a text of Polish letters has, found out from its bytes alone.

Reliable because Polish leaves traces: UTF-8 proves itself, CP1250 and ISO-8859-2 differ in six letters
(ą ś ź Ą Ś Ź), and the bytes that are letters in one are rare signs in the other.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20

KNOWN = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "cp1250": "cp1250",
    "windows-1250": "cp1250",
    "iso-8859-2": "iso8859-2",
    "iso8859-2": "iso8859-2",
    "latin2": "iso8859-2",
    "utf-16": "utf-16",
    "cp852": "cp852",
}
"""What a profile may name, and Python's name for it."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
_UTF8_LETTERS = tuple(letter.encode() for letter in _POLISH)
_ONLY_CP1250 = "ąśźĄŚŹ".encode("cp1250")
_ONLY_LATIN2 = "ąśźĄŚŹ".encode("iso8859-2")
_FAR_PLANES = re.compile(rb"[\xf1-\xf4]")
"""These bytes begin characters nobody has assigned: such a "text" only happens to be valid UTF-8."""
_CP1250_SIGNS = bytes(range(0x80, 0xA0))
"""Letters and quotation marks in CP1250, control characters that no text has in ISO-8859-2."""


@dataclass(frozen=True)
class Encoding:
    """An encoding by Python's name, and how many bytes of a mark precede the text.

    `broken_at` is the place of the first wrong byte of a text that is UTF-8 but for some bytes.
    """

    name: str
    mark: int = 0
    broken_at: int | None = None

    @property
    def title(self) -> str:
        """The name people use."""
        return {"utf-8": "UTF-8", "cp1250": "CP1250", "iso8859-2": "ISO-8859-2", "cp852": "CP852"}.get(
            self.name, "UTF-16"
        )


def find_encoding(path: Path, *, declared: str = "") -> Encoding:
    """The encoding of a file; reads all of it, a block at a time.

    `declared` is what the profile says, and wins over what the bytes look like.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, name in _MARKS:
        if start.startswith(mark) and declared in {"", "utf-8", "utf-16"}:
            return Encoding(name, len(mark), _first_wrong_byte(path) if name == "utf-8" else None)
    if declared == "utf-16" or (not declared and _looks_like_utf16(start)):
        return Encoding(_utf16_order(start))
    if declared and declared != "utf-8":
        return Encoding(declared)
    broken_at = _first_wrong_byte(path)
    if broken_at is None or declared:
        return Encoding("utf-8", broken_at=broken_at)
    return _eight_bits(path, broken_at)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _first_wrong_byte(path: Path) -> int | None:
    """Where the file stops being UTF-8, or None when all of it is."""
    done, held = 0, b""
    for block in _blocks(path):
        if not held and block.isascii():
            done += len(block)
            continue
        text = held + block
        try:
            _text, whole = codecs.utf_8_decode(text, "strict", False)
        except UnicodeDecodeError as error:
            return done + error.start
        if far := _FAR_PLANES.search(text):
            return done + far.start()
        done += whole
        held = text[whole:]
    return done if held else None


def _eight_bits(path: Path, broken_at: int) -> Encoding:
    cp1250 = latin2 = utf8 = high = 0
    for block in _blocks(path):
        if block.isascii():
            continue
        cp1250 += _count(block, _ONLY_CP1250) + _count(block, _CP1250_SIGNS)
        latin2 += _count(block, _ONLY_LATIN2)
        utf8 += sum(block.count(letter) for letter in _UTF8_LETTERS)
        high += len(block) - len(block.translate(None, bytes(range(0x80, 0x100))))
    if utf8 * 4 > high:
        # Most high bytes are pairs that spell Polish letters: UTF-8 with something wrong in it.
        return Encoding("utf-8", broken_at=broken_at)
    return Encoding("iso8859-2" if latin2 > cp1250 else "cp1250")


def _count(block: bytes, signs: bytes) -> int:
    return len(block) - len(block.translate(None, signs))


def _looks_like_utf16(start: bytes) -> bool:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    return half > 0 and (odd > half * 0.6 > even or even > half * 0.6 > odd)


def _utf16_order(start: bytes) -> str:
    return "utf-16-be" if start[0::2].count(0) > start[1::2].count(0) else "utf-16-le"

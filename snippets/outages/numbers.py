"""House numbers: what an editor types for a street, and whether an address falls into it.

Pure rules without Django. Polish numbering: letters ("12A"), buildings that span two
numbers ("12/14"), odd and even sides ("2–40 parzyste"), whole streets (an empty text).
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field

LONGEST_TEXT = 500
"""Characters of a range text; more is refused before any pattern looks at it."""
HIGHEST = 99_999
LAST_LETTER = "zz"


class Side(enum.StrEnum):
    """Which numbers of a range count."""

    BOTH = "both"
    EVEN = "even"
    ODD = "odd"


class NumbersError(ValueError):
    """The text could not be read. `fragment` is the part nobody understood."""

    def __init__(self, fragment: str) -> None:
        super().__init__(fragment)
        self.fragment = fragment


@dataclass(frozen=True, order=True)
class HouseNumber:
    """One building: a number and the letters after it, in lower case ("12a")."""

    number: int
    letter: str = ""

    def __str__(self) -> str:
        return f"{self.number}{self.letter.upper()}"


@dataclass(frozen=True)
class Span:
    """A run of house numbers, both ends included.

    `last` None means to the end of the street. A span whose ends are equal is one
    building, and then only the very same letter matches. In a real run every letter of
    the last number is inside: better one warning too many than a dry tap unannounced.
    """

    first: HouseNumber
    last: HouseNumber | None
    side: Side = Side.BOTH

    @property
    def is_single(self) -> bool:
        """Whether the span is one building."""
        return self.first == self.last

    def covers(self, house: HouseNumber) -> bool:
        """Whether the building lies in the span."""
        if self.is_single:
            return house == self.first
        if self.side is Side.EVEN and house.number % 2:
            return False
        if self.side is Side.ODD and not house.number % 2:
            return False
        if house < self.first:
            return False
        if self.last is None:
            return True
        return house <= HouseNumber(self.last.number, self.last.letter or LAST_LETTER)


@dataclass(frozen=True)
class Numbers:
    """All spans of one street; no spans at all mean the whole street."""

    spans: tuple[Span, ...] = field(default_factory=tuple)

    @property
    def is_whole_street(self) -> bool:
        """Whether every address of the street is meant."""
        return not self.spans

    def covers(self, house: HouseNumber) -> bool:
        """Whether the building is meant."""
        return self.is_whole_street or any(span.covers(house) for span in self.spans)


_LETTERS = r"[^\W\d_]{0,2}"
_HOUSE = re.compile(rf"^([0-9]{{1,5}})\s?({_LETTERS})$")
_RUN = re.compile(
    rf"^(?:od\s|from\s)?\s*([0-9]{{1,5}}\s?{_LETTERS}?)\s*(?:-|\bdo\b|\bto\b)\s*([0-9]{{1,5}}\s?{_LETTERS}?)$"
)
_FROM = re.compile(rf"^(?:od|from)\s+([0-9]{{1,5}}\s?{_LETTERS}?)$|^([0-9]{{1,5}}\s?{_LETTERS}?)\s*-$")
_UNTIL = re.compile(rf"^(?:do|to)\s+([0-9]{{1,5}}\s?{_LETTERS}?)$")
_PAIR = re.compile(r"^[0-9]{1,5}[^\W\d_]{0,2}(?:/[0-9]{1,5}[^\W\d_]{0,2}){1,4}$")
_WHOLE = frozenset({"cała ulica", "cala ulica", "cała", "cala", "wszystkie", "all", "whole street"})
_SIDES = (
    (re.compile(r"\(?\b(?:nieparzyste|nieparz\.?|odd)\)?"), Side.ODD),
    (re.compile(r"\(?\b(?:parzyste|parz\.?|even)\)?"), Side.EVEN),
)


def house_number(text: str) -> HouseNumber:
    """One building from "12", "12 A" or "12a". Raises `NumbersError`."""
    match = _HOUSE.match(text.strip().lower())
    if match is None or not 1 <= int(match[1]) <= HIGHEST:
        raise NumbersError(text.strip()[:40])
    return HouseNumber(int(match[1]), match[2])


def address_number(text: str) -> HouseNumber:
    """The building of an address as people write it: a flat after "/" or "m." is left out.

    Raises `NumbersError` for what is no house number.
    """
    if len(text) > 40:
        raise NumbersError(text[:40])
    building = re.split(r"/|\bm\b\.?|\blok\b\.?|\bflat\b", text.strip().lower(), maxsplit=1)[0]
    return house_number(building)


def parse_numbers(text: str) -> Numbers:
    """Read a range text such as ``2–40 parzyste; 1-12; 3, 5, 7``.

    Items are parted by commas or semicolons; a bare "parzyste" after a comma belongs to the
    item before it ("2–40, parzyste"), alone it means the whole even side. An empty text or
    "cała ulica" is the whole street. Raises `NumbersError` naming the first part that
    cannot be read.
    """
    if len(text) > LONGEST_TEXT:
        raise NumbersError(text[:40])
    cleaned = re.sub(r"[‐‑‒–—−]", "-", text.lower()).replace("\xa0", " ").strip(" \t\r\n.;,")
    if not cleaned or cleaned in _WHOLE:
        return Numbers()
    spans: list[Span] = []
    for group in re.split(r"[;\n]", cleaned):
        read: list[Span] = []
        for item in (part.strip() for part in group.split(",")):
            if item:
                _read_item(item, read)
        spans.extend(read)
    return Numbers(tuple(dict.fromkeys(spans)))


def _read_item(item: str, read: list[Span]) -> None:
    """Append what `item` says to `read`, or give its side to the span before it."""
    side = Side.BOTH
    words = item
    for pattern, found in _SIDES:
        if pattern.search(words):
            side, words = found, pattern.sub(" ", words, count=1).strip()
            break
    words = re.sub(r"\s+", " ", words).strip()
    if not words:
        if read and not read[-1].is_single and read[-1].side is Side.BOTH:
            read[-1] = Span(read[-1].first, read[-1].last, side)
        else:
            read.append(Span(HouseNumber(1), None, side))
        return
    read.extend(_spans_of(words, side, item))


def _spans_of(words: str, side: Side, item: str) -> list[Span]:
    """The spans of one item without its side words."""
    if _PAIR.match(words):
        return [Span(house, house) for house in map(house_number, words.split("/"))]
    if match := _RUN.match(words):
        first, last = house_number(match[1]), house_number(match[2])
        if last < first:
            raise NumbersError(item[:40])
        return [Span(first, last, Side.BOTH if first == last else side)]
    if match := _FROM.match(words):
        return [Span(house_number(match[1] or match[2]), None, side)]
    if match := _UNTIL.match(words):
        last = house_number(match[1])
        return [Span(HouseNumber(1), last, Side.BOTH if last == HouseNumber(1) else side)]
    if side is not Side.BOTH:
        raise NumbersError(item[:40])
    house = house_number(words)
    return [Span(house, house)]


def format_numbers(
    numbers: Numbers, *, even: str = "parzyste", odd: str = "nieparzyste", onward: str = "od"
) -> str:
    """The same numbers in the look of the portal: ``2–40, parzyste`` or ``1–9 (nieparzyste), 12A``.

    The words are arguments so that this module needs no translation; with the Polish
    ones the result can be read back. The whole street gives an empty text.
    """
    words = {Side.EVEN: even, Side.ODD: odd}
    if (
        len(numbers.spans) == 1
        and numbers.spans[0].side is not Side.BOTH
        and numbers.spans[0].last is not None
    ):
        span = numbers.spans[0]
        return f"{span.first}–{span.last}, {words[span.side]}"
    return ", ".join(_format_span(span, words, onward) for span in numbers.spans)


def _format_span(span: Span, words: dict[Side, str], onward: str) -> str:
    if span.last is None:
        if span.side is not Side.BOTH and span.first == HouseNumber(1):
            return words[span.side]
        text = f"{onward} {span.first}"
    else:
        text = str(span.first) if span.is_single else f"{span.first}–{span.last}"
    return text if span.side is Side.BOTH else f"{text} ({words[span.side]})"

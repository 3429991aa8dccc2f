"""From the headers of a member to the columns of a dataset: which cell goes where, and in which spelling.

The work is done once for the headers; for each row there remain indexes and, where the profile says so,
short functions from text to text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.exchange.checks_of_text import shown
from ebok.exchange.mending import bare, is_mark, mended
from ebok.exchange.profiles.model import ColumnMap, Profile, Split
from ebok.exchange.sources.interface import BrokenRow, Cells, SourceRefused
from ebok.exchange.validation import hashed_cell
from ebok.ports.datasets import Column, ColumnType, Dataset, Stored

Rewrite = Callable[[str], str]
"""From the spelling of a delivery to the neutral one; what it cannot read it leaves for the validator."""

_NUMBERS = {ColumnType.DECIMAL, ColumnType.INTEGER}
_DAYS = {ColumnType.DATE, ColumnType.MOMENT}
_MIDNIGHT = re.compile(r"[T ]00:00:00(?:\.0+)?")
_THIN = str.maketrans("", "", " \u00a0\u2009\u202f")


def folded(header: str) -> str:
    """A header as it is compared: without case, without blanks at the ends, single blanks inside."""
    return " ".join(header.strip("\ufeff \t").casefold().split())


class Mapping:
    """How the cells of one member become cells of a dataset.

    Raises `SourceRefused` when a header stands twice or a required column is not there.
    """

    def __init__(self, profile: Profile, dataset: Dataset, headers: Sequence[str], member: str) -> None:
        self.dataset = dataset
        self.member = member
        self.mended = mended(headers) is not None
        if self.mended:
            profile = Profile(name=profile.name)
        self.width = len(headers)
        self.warnings: list[str] = []
        self._places = _places(headers, member)
        self._used: set[str] = set()
        self._splits: list[tuple[int, Split, dict[str, int]]] = []
        self._sources: list[Callable[[Sequence[str]], str | None] | None] = []
        self._plan(profile)
        self._warn_of_unknown(headers)
        self.neutral_order = self._neutral_order(profile, headers)

    def cells(self, row: Sequence[str]) -> Cells:
        """The cells of one row, which must have as many as there are headers."""
        if len(row) != self.width:
            return self.ragged(row)
        if self.mended:
            row = [bare(cell) for cell in row]
        cells: Cells = [source(row) if source else None for source in self._sources]
        for place, split, targets in self._splits:
            text = row[place].strip()
            if not text:
                continue
            found = split.pattern.fullmatch(text)
            if found is None:
                sentence = _("“%(text)s” in the column “%(header)s” has not the form the profile expects.")
                return BrokenRow(cells, sentence % {"text": shown(text), "header": split.header})
            for name, target in targets.items():
                cells[target] = (found[name] or "").strip() or None
        return cells

    def ragged(self, row: Sequence[str]) -> BrokenRow:
        """A row with too few or too many cells, as far as it can be read."""
        padded = [*row[: self.width], *[""] * (self.width - len(row))]
        cells: Cells = [source(padded) if source else None for source in self._sources]
        sentence = ngettext(
            "The row has %(found)d cell, but the header has %(expected)d.",
            "The row has %(found)d cells, but the header has %(expected)d.",
            len(row),
        )
        return BrokenRow(cells, sentence % {"found": len(row), "expected": self.width})

    def broken(self, sentence: str) -> BrokenRow:
        """A row of which nothing could be read."""
        return BrokenRow([None] * len(self.dataset.columns), sentence)

    def _plan(self, profile: Profile) -> None:
        mapped = profile.of(self.dataset.key)
        index = {column.name: place for place, column in enumerate(self.dataset.columns)}
        split_columns: set[str] = set()
        for split in mapped.splits:
            place = self._places.get(folded(split.header))
            if place is not None:
                self._used.add(folded(split.header))
                split_columns |= set(split.columns)
                self._splits.append((place, split, {name: index[name] for name in split.columns}))
        missing = []
        for column in self.dataset.columns:
            rule = mapped.columns.get(column.name, ColumnMap(headers=(column.name,)))
            source = None if column.name in split_columns else self._source(profile, column, rule)
            if (
                source is None
                and column.name not in split_columns
                and column.required
                and column.default is None
            ):
                missing.append(" + ".join(rule.join) or " / ".join(rule.headers))
            self._sources.append(source)
        if missing:
            raise SourceRefused(
                ngettext(
                    "%(member)s: the required column %(columns)s is missing in the header.",
                    "%(member)s: the required columns %(columns)s are missing in the header.",
                    len(missing),
                )
                % {"member": self.member, "columns": ", ".join(f"“{name}”" for name in missing)}
            )

    def _source(
        self, profile: Profile, column: Column, rule: ColumnMap
    ) -> Callable[[Sequence[str]], str | None] | None:
        rewrite = rewriting(profile, column, rule)
        if rule.constant is not None:
            constant = rule.constant or None
            return lambda row: constant
        if rule.join:
            return self._joined(rule, rewrite)
        place = next(
            (self._places[folded(name)] for name in rule.headers if folded(name) in self._places), None
        )
        if place is None:
            return None
        self._used |= {folded(name) for name in rule.headers}
        if column.stored is Stored.KEYED_HASH:
            return lambda row: hashed_cell(column, rewrite(row[place].strip()) if rewrite else row[place])
        if rewrite is None:
            return lambda row: row[place].strip() or None
        return lambda row: (rewrite(text) or None) if (text := row[place].strip()) else None

    def _joined(
        self, rule: ColumnMap, rewrite: Rewrite | None
    ) -> Callable[[Sequence[str]], str | None] | None:
        names = [folded(name) for name in rule.join]
        if not all(name in self._places for name in names):
            return None
        self._used |= set(names)
        places = [self._places[name] for name in names]

        def source(row: Sequence[str]) -> str | None:
            texts = [row[place].strip() for place in places]
            if not any(texts):
                return None
            text = rule.separator.join(texts)
            return (rewrite(text) if rewrite else text) or None

        return source

    def _warn_of_unknown(self, headers: Sequence[str]) -> None:
        unknown = [
            header.strip()
            for header in headers
            if header.strip() and folded(header) not in self._used and not is_mark(header)
        ]
        if unknown:
            self.warnings.append(
                ngettext(
                    "%(member)s: the column %(columns)s is not known and was ignored.",
                    "%(member)s: the columns %(columns)s are not known and were ignored.",
                    len(unknown),
                )
                % {"member": self.member, "columns": ", ".join(f"“{shown(name)}”" for name in unknown)}
            )

    def _neutral_order(self, profile: Profile, headers: Sequence[str]) -> tuple[str, ...] | None:
        """The columns in the order of the member when its cells need no work at all, otherwise None."""
        names = tuple(header.strip() for header in headers)
        known = {column.name for column in self.dataset.columns if column.stored is Stored.AS_IS}
        return names if profile.is_neutral_for(self.dataset.key) and set(names) <= known else None


def _places(headers: Sequence[str], member: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        name = folded(header)
        if name and name in places:
            raise SourceRefused(
                _(
                    "%(member)s: the header “%(header)s” stands twice,"
                    " so nobody can tell which column is meant."
                )
                % {"member": member, "header": shown(header.strip())}
            )
        places[name] = place
    return places


def rewriting(profile: Profile, column: Column, rule: ColumnMap) -> Rewrite | None:
    """What is done to a filled cell of the column, or None when nothing is."""
    if rule.words:
        return _words(rule, rewriting(profile, column, replace(rule, words={})))
    if column.type in _NUMBERS:
        return _from_decimal_comma if (rule.decimal or profile.decimal) == "," else None
    masks = rule.dates or profile.dates
    if column.type in _DAYS and masks:
        return _from_masks(masks, moments=column.type is ColumnType.MOMENT)
    if column.type is ColumnType.DATE and profile.reads_database:
        return _without_midnight
    return None


def _without_midnight(text: str) -> str:
    """The day of a moment at midnight: some databases know no days."""
    return text[:10] if _MIDNIGHT.fullmatch(text[10:]) else text


def _words(rule: ColumnMap, otherwise: Rewrite | None) -> Rewrite:
    words = {folded(word): text for word, text in rule.words.items()}

    def rewrite(text: str) -> str:
        found = words.get(folded(text))
        if found is not None:
            return found
        return otherwise(text) if otherwise else text

    return rewrite


def _from_decimal_comma(text: str) -> str:
    number = text.translate(_THIN).replace(",", ".")
    # Anything that was more than one number stays as it was, for the validator to name.
    return number if number.count(".") <= 1 and len(text) - len(number) <= text.count(" ") + 4 else text


def _from_masks(masks: tuple[str, ...], *, moments: bool) -> Rewrite:
    def rewrite(text: str) -> str:
        for mask in masks:
            if mask == "%d.%m.%Y" and len(text) == 10 and text[2] == text[5] == ".":
                return f"{text[6:]}-{text[3:5]}-{text[:2]}"
            try:
                found = datetime.strptime(text, mask)  # noqa: DTZ007 (the validator gives it the zone)
            except ValueError:
                continue
            return found.isoformat() if moments else found.date().isoformat()
        return text

    return rewrite

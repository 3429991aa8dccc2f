"""Profiles from TOML files. Whatever is wrong in one is said with the file, the table and the key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ebok.exchange.encodings import KNOWN
from ebok.exchange.profiles.model import DEFAULT_LANGUAGE, ColumnMap, DatasetMap, Profile, Split
from ebok.ports.datasets import Dataset

_MASK = re.compile(r"(?:%[YmdHMSyj]|[^%])+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.$]*")
_READING = re.compile(r"\s*(select|with)\b", re.IGNORECASE)


class ProfileError(Exception):
    """A profile cannot be used; `sentence` names the file, the table and the key."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Table:
    """One TOML table while it is read: typed access, and a complaint about keys nobody asked for."""

    def __init__(self, file: str, name: str, content: Any) -> None:
        self.file = file
        self.name = name
        if not isinstance(content, dict):
            raise ProfileError(
                _("Profile %(file)s: %(table)s must be a table.") % {"file": file, "table": self.place}
            )
        self.content: dict[str, Any] = content
        self.asked: set[str] = set()

    @property
    def place(self) -> str:
        return f"[{self.name}]" if self.name else _("the top of the file")

    def refuse(self, key: str, expected: str) -> ProfileError:
        """The error to raise when the value of a key is not what is expected."""
        return ProfileError(
            _("Profile %(file)s, %(table)s, key “%(key)s”: %(expected)s.")
            % {"file": self.file, "table": self.place, "key": key, "expected": expected}
        )

    def get(self, key: str) -> Any:
        self.asked.add(key)
        return self.content.get(key)

    def text(self, key: str, default: str = "") -> str:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.refuse(key, _("a text is expected"))
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refuse(key, _("true or false is expected"))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.get(key)
        if value is None:
            return ()
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
            raise self.refuse(key, _("a text or a list of texts is expected"))
        return tuple(found)

    def words(self, key: str) -> dict[str, str]:
        """A table of texts."""
        value = self.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self.refuse(key, _('a table of texts is expected, such as {czynny = "active"}'))
        return dict(value)

    def by_language(self, key: str) -> dict[str, str]:
        value = self.get(key)
        return {DEFAULT_LANGUAGE: value} if isinstance(value, str) else self.words(key)

    def pattern(self, key: str) -> re.Pattern[str] | None:
        text = self.text(key)
        if not text:
            return None
        try:
            return re.compile(text)
        except re.error as error:
            raise self.refuse(key, _("the pattern is wrong: %(error)s") % {"error": error}) from None

    def table(self, key: str) -> Table:
        value = self.get(key)
        return Table(self.file, f"{self.name}.{key}" if self.name else key, {} if value is None else value)

    def tables(self, key: str) -> list[Table]:
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.refuse(
                key, _("a list of tables is expected, [[%(name)s]]") % {"name": f"{self.name}.{key}"}
            )
        return [Table(self.file, f"{self.name}.{key}", item) for item in value]

    def finish(self) -> None:
        """Complain about what was not understood."""
        unknown = sorted(set(self.content) - self.asked)
        if unknown:
            raise self.refuse(
                unknown[0],
                _("nobody knows this key; known are: %(keys)s") % {"keys": ", ".join(sorted(self.asked))},
            )


def read_profile(path: Path, datasets: Iterable[Dataset]) -> Profile:
    """The profile a file describes, checked against the declared datasets.

    Raises `ProfileError`.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ProfileError(
            _("Profile %(file)s cannot be read: %(error)s.") % {"file": path.name, "error": error}
        ) from None
    return _profile(path, Table(path.name, "", content), {dataset.key: dataset for dataset in datasets})


def _profile(path: Path, top: Table, datasets: Mapping[str, Dataset]) -> Profile:
    files, written, database = top.table("files"), top.table("write"), top.table("database")
    named = top.table("datasets")
    profile = Profile(
        name=path.stem,
        titles=top.by_language("title"),
        descriptions=top.by_language("description"),
        path=path,
        complete=top.flag("complete", default=True),
        only_named=top.flag("only_named", default=False),
        encoding=_encoding(files, "encoding"),
        delimiter=_sign(files, "delimiter"),
        quote=_quote(files),
        decimal=_decimal(top),
        dates=_masks(top, "dates"),
        as_of=_moment_pattern(files),
        as_of_query=database.text("as_of"),
        url_variable=database.text("url"),
        datasets={key: _dataset(named.table(key), datasets, key) for key in named.content},
        write_encoding=_encoding(written, "encoding") or "utf-8",
        write_delimiter=_sign(written, "delimiter") or ";",
        write_line_end=written.text("line_end", "\n"),
    )
    for table in (files, written, database, named, top):
        table.finish()
    return profile


def _dataset(table: Table, datasets: Mapping[str, Dataset], key: str) -> DatasetMap:
    if key not in datasets:
        raise ProfileError(
            _("Profile %(file)s, table %(table)s: there is no dataset “%(key)s”; known are: %(known)s.")
            % {"file": table.file, "table": table.place, "key": key, "known": ", ".join(sorted(datasets))}
        )
    names = {column.name for column in datasets[key].columns}
    columns = table.table("columns")
    query = table.text("query")
    if query and not _READING.match(query):
        raise table.refuse("query", _("a query that only reads is expected: SELECT or WITH"))
    name = table.text("table")
    if name and not _NAME.fullmatch(name):
        raise table.refuse("table", _("the name of a table or view is expected"))
    found = DatasetMap(
        members=table.texts("members"),
        sheets=table.texts("sheets"),
        columns={name: _column(columns, name) for name in columns.content},
        splits=tuple(_split(item) for item in table.tables("split")),
        table=name,
        query=query,
    )
    for column in (*found.columns, *(column for split in found.splits for column in split.columns)):
        if column not in names:
            raise columns.refuse(
                column,
                _("the dataset has no such column; known are: %(known)s")
                % {"known": ", ".join(sorted(names))},
            )
    table.finish()
    return found


def _column(columns: Table, name: str) -> ColumnMap:
    value = columns.get(name)
    if isinstance(value, str | list):
        return ColumnMap(headers=columns.texts(name))
    table = columns.table(name)
    found = ColumnMap(
        headers=table.texts("header"),
        join=table.texts("join"),
        separator=table.text("separator"),
        constant=table.text("constant") if "constant" in table.content else None,
        words=table.words("map"),
        dates=_masks(table, "dates"),
        decimal=_decimal(table),
    )
    table.asked |= {"constant"}
    table.finish()
    if bool(found.headers) + bool(found.join) + (found.constant is not None) != 1:
        raise columns.refuse(name, _("exactly one of header, join and constant is expected"))
    return found


def _split(table: Table) -> Split:
    header, pattern = table.text("header"), table.pattern("pattern")
    if not header:
        raise table.refuse("header", _("a header is expected"))
    if pattern is None or not pattern.groupindex:
        raise table.refuse("pattern", _("a pattern with a named group for each column is expected"))
    found = Split(header=header, pattern=pattern, write=table.text("write"))
    table.finish()
    return found


def _encoding(table: Table, key: str) -> str:
    name = table.text(key)
    if name and name.lower() not in KNOWN:
        raise table.refuse(
            key, _("one of these is expected: %(names)s") % {"names": ", ".join(sorted(KNOWN))}
        )
    return KNOWN.get(name.lower(), "")


def _sign(table: Table, key: str) -> str:
    sign = table.text(key)
    if len(sign) > 1 or sign in {'"', "\n", "\r"}:
        raise table.refuse(key, _("one character is expected, such as “;”"))
    return sign


def _quote(files: Table) -> str:
    sign = files.text("quote", '"')
    if sign not in {"", '"', "'"}:
        raise files.refuse("quote", _("\" or ' is expected, or nothing where cells are never quoted"))
    return sign


def _decimal(table: Table) -> str:
    sign = table.text("decimal")
    if sign not in {"", ",", "."}:
        raise table.refuse("decimal", _("a comma or a point is expected"))
    return sign


def _masks(table: Table, key: str) -> tuple[str, ...]:
    masks = table.texts(key)
    for mask in masks:
        if not _MASK.fullmatch(mask) or "%d" not in mask or "%m" not in mask:
            raise table.refuse(
                key, _("a mask such as %%d.%%m.%%Y is expected, not “%(mask)s”") % {"mask": mask}
            )
    return masks


def _moment_pattern(files: Table) -> re.Pattern[str] | None:
    pattern = files.pattern("as_of")
    if pattern is not None and not {"year", "month", "day"} <= set(pattern.groupindex):
        raise files.refuse("as_of", _("a pattern with the groups year, month and day is expected"))
    return pattern

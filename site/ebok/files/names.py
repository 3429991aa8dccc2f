"""Names of files as people gave them, made harmless. Pure: no Django, no database."""

from __future__ import annotations

import re
import unicodedata

_LIKE_L = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "đ": "d"})
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def folded(text: str) -> str:
    """Lower case without diacritics and with single spaces: what documents are searched by.

    SQLite compares only ASCII letters without regard to case, and people leave Polish letters out.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIKE_L)).casefold()
    return " ".join("".join(mark for mark in plain if not unicodedata.combining(mark)).split())


def safe_file_name(name: str, extension: str, *, longest: int = 80) -> str:
    """A name for a Content-Disposition header: ASCII, no path, the given extension."""
    stem = folded(name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1])
    if stem.endswith(f".{extension}"):
        stem = stem[: -len(extension) - 1]
    stem = _UNSAFE.sub("-", stem).strip("-._")[:longest].strip("-._")
    return f"{stem or 'dokument'}.{extension}"


def shown_name(name: str, *, longest: int = 120) -> str:
    """A visitor's own file name as text: without path, control characters and excess length."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C").strip()
    return clean[-longest:] or "plik"

"""Street names as people type them, brought to one key; no Django, no database."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""Characters of a typed address that are looked at."""

PREFIXES: dict[str, str] = {
    "ulica": "ul.", "ul": "ul.", "aleja": "al.", "aleje": "al.", "al": "al.", "plac": "pl.", "pl": "pl.",
    "osiedle": "os.", "os": "os.", "rondo": "rondo", "skwer": "skwer", "bulwar": "bulwar", "park": "park",
    "street": "ul.", "st": "ul.",
}  # fmt: skip
"""Every way to write the kind of a street, and how the portal writes it (TERYT's CECHA)."""

_NUMBER_AT_END = re.compile(
    r"^(.*?\D)\s+([0-9]{1,5}\s?[^\W\d_]{0,2}(?:\s?/\s?[0-9]{1,5}[^\W\d_]{0,2})?(?:\s(?:m|lok)\.?\s?[0-9]{1,5})?)$"
)


def plain(text: str) -> str:
    """Lower case, no diacritics, single spaces, no punctuation: what keys are made of."""
    lowered = text[: LONGEST * 4].lower().replace("ł", "l")
    stripped = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", stripped).strip()


def split_prefix(text: str) -> tuple[str, str]:
    """("ul.", "Lipowa") from "ulica Lipowa"; an empty kind where none is written."""
    words = text.strip().split(None, 1)
    if len(words) == 2:
        prefix = PREFIXES.get(words[0].lower().rstrip("."))
        if prefix:
            return prefix, words[1].strip()
    glued = re.match(r"^(ul|al|pl|os)\.(\S.*)$", text.strip(), re.IGNORECASE)
    if glued:
        return PREFIXES[glued[1].lower()], glued[2].strip()
    return "", text.strip()


def search_key(name: str) -> str:
    """The key under which a street is found: plain words without "ul." and the like."""
    return plain(split_prefix(name)[1])[:LONGEST]


def split_locality(text: str) -> tuple[str, str]:
    """("Lipowa 12", "Lipowo") from "Lipowa 12, Lipowo"; an empty locality where none is written."""
    street, _, locality = text[: LONGEST * 2].partition(",")
    return street.strip(), locality.strip()


def split_number(text: str) -> tuple[str, str]:
    """("Lipowa", "12A") from "Lipowa 12A"; an empty number where none is written.

    "3 Maja" stays a street, because a number only counts after the name.
    """
    match = _NUMBER_AT_END.match(text.strip()[: LONGEST * 2])
    return (match[1].strip(), match[2].strip()) if match else (text.strip(), "")

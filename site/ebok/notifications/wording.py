"""Texts with places for values: `{number}`. Nothing but a known name is ever put in; nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
BRACES = re.compile(r"\{[^{}]*\}?|\}")
"""Whatever looks as if it were meant to be a place."""


class MissingValue(KeyError):
    """A text names a value that was not given."""


def places_in(text: str) -> list[str]:
    """Names of the places of a text, in order."""
    return PLACE.findall(text)


def strange_places(text: str, known: Collection[str]) -> list[str]:
    """What stands in braces and is no known place, as it was typed."""
    return [
        found
        for found in dict.fromkeys(BRACES.findall(text))
        if not (PLACE.fullmatch(found) and found[1:-1] in known)
    ]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values. Raises `MissingValue`."""

    def value(match: re.Match[str]) -> str:
        try:
            return str(values[match[1]])
        except KeyError:
            raise MissingValue(match[1]) from None

    return PLACE.sub(value, text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; an empty line begins a new one."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def one_line(text: str) -> str:
    """The text without line breaks, as a subject line must be."""
    return " ".join(text.split())

"""The reader's own settings of the look: two themes times three text sizes.

Pure: no Django, so that the page cache in front of it can use the same six keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

COOKIE = "ebok_look"

Theme = Literal["light", "contrast"]
Text = Literal["100", "120", "150"]

THEMES: tuple[Theme, ...] = ("light", "contrast")
TEXTS: tuple[Text, ...] = ("100", "120", "150")


@dataclass(frozen=True)
class Look:
    """One of the six variants in which every page exists.

    `text` is the size of letters in percent of the reader's own browser setting.
    """

    theme: Theme = "light"
    text: Text = "100"

    @property
    def key(self) -> str:
        """The variant as one word, as kept in the cookie and in cache keys: "contrast-120"."""
        return f"{self.theme}-{self.text}"

    def with_theme(self, value: str) -> Look:
        """The same with another theme; an unknown one changes nothing."""
        return next((replace(self, theme=theme) for theme in THEMES if theme == value), self)

    def with_text(self, value: str) -> Look:
        """The same with another text size; an unknown one changes nothing."""
        return next((replace(self, text=text) for text in TEXTS if text == value), self)


VARIANTS: tuple[Look, ...] = tuple(Look(theme, text) for theme in THEMES for text in TEXTS)
_BY_KEY = {variant.key: variant for variant in VARIANTS}


def parse(cookie: str | None) -> Look:
    """The variant a cookie names. Anything else, of any length, is the plain light one."""
    return _BY_KEY.get(cookie or "", VARIANTS[0])

"""Where the public pages of a site's outages are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Links:
    """Absolute addresses under the outage index page. `index` ends with a slash.

    `languages` holds the same page's address by language code, for texts in several languages.
    """

    index: str
    host: str
    organisation: str
    languages: Mapping[str, str] = field(default_factory=dict)

    def page(self, uid: str, language: str = "") -> str:
        """The public page of a notice, in a given language where there is one."""
        return f"{self.languages.get(language, self.index)}{uid}/"

    def newest_cap(self, uid: str) -> str:
        """Where its newest CAP message always is."""
        return f"{self.index}cap/{uid}.xml"

    def cap(self, uid: str, number: str) -> str:
        """One of its CAP messages, for good."""
        return f"{self.index}cap/{uid}-{number}.xml"

    def tag(self, uid: str, part: str = "") -> str:
        """A name for feeds that stays the same if the page ever moves (RFC 4151)."""
        return f"tag:{self.host},2026:awaria:{uid}{part}"


def xml_text(text: object) -> str:
    """The text without the control characters XML 1.0 forbids."""
    return _NOT_XML.sub("", str(text))

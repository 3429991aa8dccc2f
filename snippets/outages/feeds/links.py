"""Where the public pages of a site's outages are."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Links:
    """Absolute addresses under the outage index page. `index` ends with a slash."""

    index: str
    host: str
    organisation: str

    def page(self, uid: str) -> str:
        """The public page of a notice."""
        return f"{self.index}{uid}/"

    def cap(self, uid: str) -> str:
        """Its CAP message."""
        return f"{self.index}cap/{uid}.xml"

    def tag(self, uid: str, part: str = "") -> str:
        """A name for feeds that stays the same if the page ever moves (RFC 4151)."""
        return f"tag:{self.host},2026:awaria:{uid}{part}"


def xml_text(text: object) -> str:
    """The text without the control characters XML 1.0 forbids."""
    return _NOT_XML.sub("", str(text))

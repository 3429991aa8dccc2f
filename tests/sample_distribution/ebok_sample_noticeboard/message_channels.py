"""Short messages that are pinned to the board for whoever passes by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.ports import NotSent

LONGEST = 160


class PinnedSlip:
    """Hands a message over by pinning a slip; a real channel would ask a gate over the network."""

    key = "noticeboard.slip"
    title = _("Slip on the board")
    medium = "slip"

    def __init__(self) -> None:
        self.pinned: list[tuple[str, str]] = []

    def serves(self, site: Site) -> bool:
        """Every site has a board."""
        return True

    def send(self, address: str, text: str, *, site: Site) -> None:
        """Pin it. Raises `NotSent` for more than fits on a slip."""
        if len(text) > LONGEST:
            raise NotSent(text)
        self.pinned.append((address, text))


message_channels = [PinnedSlip()]

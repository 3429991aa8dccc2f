"""A way to reach a person outside the portal with a short text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text
    from wagtail.models import Site

SMS = "sms"
"""Medium of channels that send short messages to telephones."""


class NotSent(Exception):
    """The channel could not hand the message over; the person may try again."""


@runtime_checkable
class MessageChannel(Protocol):
    """An adapter that hands one message over at once (`message_channels.py` of a plugin or room).

    `key` is `<owner>.<name>`, `medium` says what it sends ("sms"). `serves` says whether it is set up for a
    site. `send` raises `NotSent` and nothing else; it is never called inside a transaction.
    """

    key: str
    title: Text
    medium: str

    def serves(self, site: Site) -> bool:
        """Whether messages of this site can be sent now."""
        ...

    def send(self, address: str, text: str, *, site: Site) -> None:
        """Hand `text` over for the person at `address` (a telephone number for SMS)."""
        ...

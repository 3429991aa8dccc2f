"""Through which channels somebody is reached, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wagtail.models import Site

from ebok.accounts.models import User
from ebok.notifications.models import Channel
from ebok.ports import MessageKind


@dataclass(frozen=True)
class Way:
    """One channel with the address there."""

    channel: Channel
    address: str


def ways_to(kind: MessageKind, site: Site, *, user: User | None, email: str, phone: str) -> list[Way]:
    """The chosen ways to a person, or to a bare address where nobody has an account."""
    wanted = set(kind.default_channels) if user is not None else set(kind.channels)
    if kind.is_duty and Channel.EMAIL in kind.channels:
        wanted.add(Channel.EMAIL)
    return list(_ways(wanted, user=user, email=email, phone=phone))


def _ways(wanted: set[str], *, user: User | None, email: str, phone: str) -> Iterator[Way]:
    address = email or (user.email if user is not None and user.deleted_at is None else "")
    if Channel.EMAIL in wanted and address:
        yield Way(Channel.EMAIL, address)
    if Channel.SMS in wanted and phone:
        yield Way(Channel.SMS, phone)
    if Channel.PORTAL in wanted and user is not None:
        yield Way(Channel.PORTAL, "")

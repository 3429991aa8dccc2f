"""Links that stop letters about something without signing in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.notifications.addresses import address_of
from ebok.notifications.kinds import GROUP_TITLES
from ebok.notifications.models import Channel, Choice, Refusal
from ebok.notifications.sealing import is_sealed, sealer
from ebok.ports import MessageGroup

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST = 500
PURPOSE = "unsubscribe"


class WrongLink(ValueError):
    """This link was not made here."""


@dataclass(frozen=True)
class Subscription:
    """Letters of one group to one person, or to an address without an account."""

    group: MessageGroup
    user_id: int | None = None
    address: str = ""


def token_for(
    group: str,
    *,
    user_id: int | None = None,
    address: str = "",
    seal: Callable[[str], str] | None = None,
) -> str:
    """The part of the link that says who, about what, and that we said so; `seal` is `sealer(PURPOSE)`."""
    who = (
        f"u{user_id}"
        if user_id is not None
        else "a" + base64.urlsafe_b64encode(address.lower().encode()).decode().rstrip("=")
    )
    text = f"{who}.{group}"
    return f"{text}.{(seal or sealer(PURPOSE))(text)}"


def read_token(token: str) -> Subscription:
    """Whose letters the link is about. Raises `WrongLink`."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > LONGEST or not token.isascii():
        raise WrongLink
    who, group, mac = parts
    if not is_sealed(f"{who}.{group}", mac, PURPOSE):
        raise WrongLink
    try:
        about = MessageGroup(group)
        if who.startswith("u"):
            return Subscription(about, user_id=int(who[1:]))
        padded = who[1:] + "=" * (-len(who[1:]) % 4)
        return Subscription(about, address=base64.urlsafe_b64decode(padded).decode())
    except (ValueError, binascii.Error):
        # Sealed by us, and of a group that there is no more.
        raise WrongLink from None


def link_for(token: str, site: Site, language: str) -> str:
    """The whole address in the language of the letter."""
    return address_of(site, "notifications_unsubscribe", language=language, token=token)


@transaction.atomic
def unsubscribe(subscription: Subscription, *, request: HttpRequest | None = None) -> None:
    """No more letters of the group; asked twice it changes nothing more."""
    if subscription.user_id is None:
        Refusal.objects.get_or_create(address=subscription.address, group=subscription.group)
        return
    user = User.objects.select_for_update().filter(pk=subscription.user_id).first()
    if user is None:
        return
    choice, created = Choice.objects.get_or_create(
        user=user, group=subscription.group, channel=Channel.EMAIL, defaults={"is_wanted": False}
    )
    if not created and not choice.is_wanted:
        return
    choice.is_wanted = False
    choice.save(update_fields=["is_wanted"])
    record(
        "notifications.unsubscribed",
        text=_("Unsubscribed by the link in a letter: %(group)s")
        % {"group": GROUP_TITLES[subscription.group]},
        actor=user,
        request=request,
        obj=user,
        payload={"group": subscription.group},
    )


@transaction.atomic
def subscribe_again(subscription: Subscription, *, request: HttpRequest | None = None) -> None:
    """It was a mistake: letters come again."""
    if subscription.user_id is None:
        Refusal.objects.filter(address=subscription.address, group=subscription.group).delete()
        return
    user = User.objects.filter(pk=subscription.user_id).first()
    if user is None:
        return
    changed = Choice.objects.filter(
        user=user, group=subscription.group, channel=Channel.EMAIL, is_wanted=False
    ).update(is_wanted=True)
    if changed:
        record(
            "notifications.choices_changed",
            text=_("Subscribed again: %(group)s") % {"group": GROUP_TITLES[subscription.group]},
            actor=user,
            request=request,
            obj=user,
            payload={"group": subscription.group, "email": True},
        )

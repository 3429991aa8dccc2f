"""Through which channels somebody is reached, and choosing them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.notifications.kinds import GROUP_TITLES, kinds_of_site
from ebok.notifications.models import Channel, Choice, Phone, QuietHours, Refusal
from ebok.ports import MessageGroup, MessageKind
from ebok.ports.messages import SMS

if TYPE_CHECKING:
    from django.http import HttpRequest

CHOSEN_CHANNELS = (Channel.EMAIL, Channel.SMS)
"""What people may switch off; the portal is read only by those who come to read."""

AT_ONCE = gettext_lazy("answers to what you do here, and warnings")
"""How the page names all the letters somebody waits for: there are too many to list."""


@dataclass(frozen=True)
class Way:
    """One channel with the address there."""

    channel: Channel
    address: str


def ways_to(kind: MessageKind, *, user: User | None, email: str, phone: str) -> list[Way]:
    """The chosen ways to a person, or to a bare address where nobody has an account; at most two queries.

    Text messages go to the number the person has confirmed, and only without one to `phone`.
    """
    if user is not None:
        wanted = set(kind.default_channels)
        for channel, is_wanted in Choice.objects.filter(user=user, group=kind.group).values_list(
            "channel", "is_wanted"
        ):
            (wanted.add if is_wanted else wanted.discard)(channel)
        wanted &= set(kind.channels)
    else:
        wanted = set(kind.channels)
        if email and not kind.is_duty and _refused(email, kind.group):
            wanted.discard(Channel.EMAIL)
    if kind.is_duty and Channel.EMAIL in kind.channels:
        wanted.add(Channel.EMAIL)
    if user is not None and Channel.SMS in wanted:
        own = Phone.objects.filter(user=user).exclude(number="").values_list("number", flat=True).first()
        phone = own or phone
    return list(_ways(wanted, user=user, email=email, phone=phone))


def _refused(address: str, group: MessageGroup) -> bool:
    return Refusal.objects.filter(address=address.lower(), group=group).exists()


def _ways(wanted: set[str], *, user: User | None, email: str, phone: str) -> Iterator[Way]:
    address = email or (user.email if user is not None and user.deleted_at is None else "")
    if Channel.EMAIL in wanted and address:
        yield Way(Channel.EMAIL, address)
    if Channel.SMS in wanted and phone:
        yield Way(Channel.SMS, phone)
    if Channel.PORTAL in wanted and user is not None:
        yield Way(Channel.PORTAL, "")


@dataclass(frozen=True)
class Offer:
    """One tick of the page: a group and a channel, as it counts now."""

    group: MessageGroup
    channel: Channel
    is_wanted: bool

    @property
    def name(self) -> str:
        """The value of the tick."""
        return f"{self.group}:{self.channel}"


@dataclass(frozen=True)
class GroupOffer:
    """A group with its ticks; `duties` are titles of letters that come whatever is chosen."""

    title: Any
    offers: list[Offer]
    duties: list[Any]


def offers_to(user: User, site: Site) -> list[GroupOffer]:
    """What the person may choose on this site; two queries."""
    chosen = {
        (group, channel): is_wanted
        for group, channel, is_wanted in Choice.objects.filter(user=user).values_list(
            "group", "channel", "is_wanted"
        )
    }
    kinds = kinds_of_site(site)
    found = []
    for group in MessageGroup:
        # Codes by text message are nothing to choose.
        some = [kind for kind in kinds if kind.group == group and kind.channels != (SMS,)]
        free = [kind for kind in some if not kind.is_duty]
        offers = [
            Offer(group, channel, chosen.get((group, channel), _by_default(some, channel)))
            for channel in CHOSEN_CHANNELS
            if any(channel in kind.channels for kind in (free if channel == Channel.EMAIL else some))
        ]
        if some:
            duties: list[Any] = [kind.title for kind in some if kind.is_duty and not kind.transactional]
            if any(kind.is_duty and kind.transactional for kind in some):
                duties.append(AT_ONCE)
            found.append(GroupOffer(GROUP_TITLES[group], offers, duties))
    return found


def _by_default(kinds: list[MessageKind], channel: str) -> bool:
    return any(channel in kind.default_channels for kind in kinds)


@transaction.atomic
def choose(
    user: User,
    site: Site,
    ticked: Collection[str],
    hours: tuple[int, int] | None,
    *,
    request: HttpRequest | None = None,
) -> bool:
    """Take the ticks and the quiet hours as they are now; False when nothing differs."""
    # Two windows of one person come one after the other.
    User.objects.select_for_update().get(pk=user.pk)
    changes: dict[str, Any] = {}
    for offered in offers_to(user, site):
        for offer in offered.offers:
            wanted = offer.name in ticked
            if wanted != offer.is_wanted:
                Choice.objects.update_or_create(
                    user=user, group=offer.group, channel=offer.channel, defaults={"is_wanted": wanted}
                )
                changes[offer.name] = wanted
    before = QuietHours.objects.filter(user=user).values_list("since", "until").first()
    if before != hours:
        QuietHours.objects.filter(user=user).delete()
        if hours is not None:
            QuietHours.objects.create(user=user, since=hours[0], until=hours[1])
        changes["quiet"] = hours
    if changes:
        record(
            "notifications.choices_changed",
            text=_("Choice of notifications changed"),
            actor=user,
            request=request,
            obj=user,
            payload=changes,
        )
    return bool(changes)


def quiet_hours_of(user: User) -> tuple[int, int] | None:
    """The person's own quiet hours."""
    return QuietHours.objects.filter(user=user).values_list("since", "until").first()

"""What the tests need to open the pages of this room."""

from __future__ import annotations

from collections.abc import Mapping

from ebok.notifications.models import Channel, Message, State
from ebok.notifications.sealing import seal_of
from ebok.notifications.unsubscribing import token_for
from ebok.ports import MessageGroup
from ebok.testing.samples import Arguments, SampleWorld


def populate(world: SampleWorld, count: int = 1) -> None:
    """Messages in the portal for the owner."""
    Message.objects.bulk_create(
        Message(
            site=world.site,
            kind="notifications.sample",
            channel=Channel.PORTAL,
            user=world.owner,
            language="pl",
            subject=f"Wiadomość {number} {world.secret}",
            body="Treść.",
            state=State.DELIVERED,
        )
        for number in range(count)
    )


def url_arguments(world: SampleWorld) -> Mapping[str, Arguments]:
    """A link for letters about bills to the owner."""
    return {
        "notifications_sms_receipt": {"seal": seal_of("smsapi")},
        "notifications_unsubscribe": {"token": token_for(MessageGroup.BILLS, user_id=world.owner.pk)},
    }

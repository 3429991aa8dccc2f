"""Messages in the portal, and arguments for the addresses of the room of messages."""

from __future__ import annotations

from collections.abc import Mapping

from ebok.notifications.models import Channel, DemoItem, Message, State
from ebok.notifications.sealing import seal_of
from ebok.notifications.unsubscribing import token_for
from ebok.ports import MessageGroup
from ebok.testing.samples import Arguments, SampleWorld


def populate(world: SampleWorld, count: int = 1) -> None:
    """Messages in the portal for the owner; what the addresses of the room need."""
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
    world.url_arguments.update(_url_arguments(world))


def _url_arguments(world: SampleWorld) -> Mapping[str, Arguments]:
    item = DemoItem.objects.first() or DemoItem.objects.create(
        medium="email", recipient="a@example.org", subject="Próba", text="Tekst", html="<p>x</p>"
    )
    return {
        **{f"demo_mailbox_{name}": {"pk": item.pk} for name in ("item", "html", "file")},
        "notifications_sms_receipt": {"seal": seal_of("smsapi")},
        "notifications_unsubscribe": {"token": token_for(MessageGroup.BILLS, user_id=world.owner.pk)},
    }

"""What the tests need to open the pages of this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ebok.notifications.models import Channel, DemoItem, Message, State
from ebok.notifications.sealing import seal_of
from ebok.notifications.unsubscribing import token_for
from ebok.ports import MessageGroup


def populate(world: Any, count: int = 1) -> None:
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


def url_arguments(world: Any) -> Mapping[str, Mapping[str, object]]:
    """A link for letters about bills to the owner."""
    item = DemoItem.objects.first() or DemoItem.objects.create(
        medium="email", recipient="a@example.org", subject="Próba", text="Tekst", html="<p>x</p>"
    )
    return {
        **{f"demo_mailbox_{name}": {"pk": item.pk} for name in ("item", "html", "file")},
        "notifications_sms_receipt": {"seal": seal_of("smsapi")},
        "notifications_unsubscribe": {"token": token_for(MessageGroup.BILLS, user_id=world.owner.pk)},
    }

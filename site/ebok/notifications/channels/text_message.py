"""Text messages: through whichever channel for SMS is on and set up for the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from ebok.notifications.channels.outcomes import HandedOver
from ebok.notifications.models import Channel, Message, MessageSettings
from ebok.notifications.sms_text import without_accents
from ebok.notifications.texts import texts_in
from ebok.notifications.wording import MissingValue
from ebok.plugins.channels import channel_for
from ebok.ports.messages import SMS, NotSent


def words_of(message: Message) -> str:
    """The text as it goes out; that of a mailing is filled in."""
    if message.mailing is None:
        return message.body
    text = texts_in(message, Channel.SMS).body
    keeps_letters = MessageSettings.for_site(message.site).sms_keeps_letters
    return text if keeps_letters else without_accents(text)


def send_all(messages: Sequence[Message]) -> Iterator[HandedOver]:
    """Hand each message to the gate of its site."""
    for message in messages:
        gate = channel_for(SMS, message.site)
        if gate is None:
            yield HandedOver(message=message, reason=_("No gate for text messages is set up."))
            continue
        try:
            name = gate.send(
                message.address, words_of(message), site=message.site, reference=f"ebok-{message.pk}"
            )
        except MissingValue as error:
            yield HandedOver(message=message, reason=f"{{{error.args[0]}}}", is_final=True)
        except NotSent as error:
            reason = str(error) or _("The gate did not take the message.")
            yield HandedOver(message=message, reason=reason, is_final=error.is_final)
        else:
            yield HandedOver(message=message, gate_reference=name or "")

"""Text messages: through whichever channel for SMS is on and set up for the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from ebok.notifications.channels.outcomes import HandedOver
from ebok.notifications.models import Message
from ebok.plugins.channels import channel_for
from ebok.ports.messages import SMS, NotSent


def send_all(messages: Sequence[Message]) -> Iterator[HandedOver]:
    """Hand each message to the gate of its site."""
    for message in messages:
        gate = channel_for(SMS, message.site)
        if gate is None:
            yield HandedOver(message=message, reason=_("No gate for text messages is set up."))
            continue
        try:
            name = gate.send(message.address, message.body, site=message.site, reference=f"ebok-{message.pk}")
        except NotSent as error:
            reason = str(error) or _("The gate did not take the message.")
            yield HandedOver(message=message, reason=reason, is_final=error.is_final)
        else:
            yield HandedOver(message=message, gate_reference=name or "")

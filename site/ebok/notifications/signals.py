"""What the outbox tells the rooms above."""

from django.dispatch import Signal

message_changed = Signal()
"""Sent with `message` and `state` ("stored", "sent", "delivered", "failed", "bounced") when a message came to
a new state, in the transaction of the change. Who asked for the message knows it by `owner_label` and
`owner_id`. Messages of a mailing are not told one by one when they are stored. A receiver that raises is
logged and stops nothing."""

mailing_called_off = Signal()
"""Sent with `mailing` when the rest of it was called off, in the transaction of that; its messages stand as
cancelled and are not told one by one."""

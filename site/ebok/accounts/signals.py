"""What accounts tell rooms above them. Each is sent inside the transaction of the change.

Every signal carries `user`, the account it is about. A receiver that raises undoes the change.
"""

from django.dispatch import Signal

account_created = Signal()
account_locked = Signal()
account_unlocked = Signal()
letter_wanted = Signal()
"""A letter is to be written. Sent with `kind` (of `message_kinds.py`), `site`, `email`, `user` or None,
`language`, `values` and `url`. The room of the messages stores it, so that it goes out even when the mail
server is down now."""
account_deleted = Signal()
"""Sent while the row still holds what is about to be erased."""

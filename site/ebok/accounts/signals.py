"""What accounts tell rooms above them. Each is sent inside the transaction of the change.

Every signal carries `user`, the account it is about. A receiver that raises undoes the change.
"""

from django.dispatch import Signal

account_created = Signal()
account_locked = Signal()
account_unlocked = Signal()
account_deleted = Signal()
"""Sent while the row still holds what is about to be erased."""

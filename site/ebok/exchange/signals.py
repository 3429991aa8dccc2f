"""What the exchange tells the rooms and plugins above."""

from django.dispatch import Signal

delivery_applied = Signal()
"""Sent with `batch_id` and `datasets` (keys of those with new or changed rows) when a delivery was taken
over, in the transaction of the apply step. Receivers must be set-based and repeatable; one that raises
undoes it."""

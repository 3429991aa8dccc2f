"""What the exchange tells rooms and plugins; receivers run inside the transaction of the change."""

from django.dispatch import Signal

delivery_taken_over = Signal()
"""A delivery is in the mirror. Arguments: `delivery`, `datasets` (keys of those with new or changed rows).

Receivers must be set-based and repeatable; one that raises undoes the whole.
"""

batch_answered = Signal()
"""The billing system answered rows of an exported batch. Arguments: `batch`."""

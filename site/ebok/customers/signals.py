"""What the office decided about a customer and others must know of."""

from django.dispatch import Signal

e_invoices_decided = Signal()
"""Sent with `customer`, `wanted` (True: bills electronically, False: on paper), `asked_by` and `decided_by`
(users or None), when the office approved such a request; in the transaction of the decision."""

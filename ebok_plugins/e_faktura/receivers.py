"""What this module listens to: imports, messages, and decisions of the office."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ebok.customers.signals import e_invoices_decided
from ebok.exchange.signals import delivery_taken_over
from ebok.notifications.signals import mailing_called_off, message_changed
from ebok_plugins.e_faktura import background
from ebok_plugins.e_faktura.delivery import announcing, consents, proof
from ebok_plugins.e_faktura.models import ConsentWay

if TYPE_CHECKING:
    from ebok.accounts.models import User
    from ebok.customers.models import Customer
    from ebok.exchange.models import Delivery


def connect() -> None:
    """Called once, when Django is ready."""
    delivery_taken_over.connect(bills_came, dispatch_uid="e_faktura.bills_came")
    message_changed.connect(told, dispatch_uid="e_faktura.told")
    mailing_called_off.connect(called_off, dispatch_uid="e_faktura.called_off")
    e_invoices_decided.connect(decided, dispatch_uid="e_faktura.decided")


def bills_came(sender: Any, delivery: Delivery, datasets: Collection[str], **_more: Any) -> None:
    """Make deliveries for the new bills of an import, and announce them once it has held."""
    if "invoices" in datasets and announcing.create_deliveries(delivery.pk):
        transaction.on_commit(background.announce.enqueue)


def told(sender: Any, message: Any, state: str, **_more: Any) -> None:
    """Take over what became of an announcement."""
    proof.message_changed(message, state)


def called_off(sender: Any, mailing: Any, **_more: Any) -> None:
    """Take over that announcements were called off."""
    proof.called_off(mailing)


def decided(
    sender: Any,
    customer: Customer,
    wanted: bool,
    asked_by: User | None,
    decided_by: User | None,
    **_more: Any,
) -> None:
    """The office approved what the customer asked for."""
    act = consents.give if wanted else consents.withdraw
    act(customer, how=ConsentWay.REQUEST, by=asked_by, actor=decided_by)

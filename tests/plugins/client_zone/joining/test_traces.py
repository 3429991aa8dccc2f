"""What registration leaves behind: events without what was typed, and nothing of what came to nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.journal.models import Detail, Event
from ebok_plugins.client_zone.models import ClaimState, Registration
from ebok_plugins.client_zone.tasks import clear_registrations
from tests.plugins.client_zone.joining.conftest import Newcomer, claimed


@pytest.mark.feature("B02")
def test_every_try_is_journalled_without_amount_and_code(newcomer: Newcomer, invoice: Invoice) -> None:
    newcomer.show_invoice()
    newcomer.show_invoice(code="K-999999", amount="987,65")
    tries = Event.objects.filter(kind="client_zone.registration_tried").order_by("id")
    assert [event.customer_id for event in tries] == [invoice.customer_id, None]
    details = list(Detail.objects.filter(event_id__in=[event.pk for event in tries]))
    assert {detail.payload["fits"] for detail in details} == {True, False}
    written = json.dumps([[detail.text, detail.payload] for detail in details])
    for secret in ("412", "987", "K-999999", "FV/2026"):
        assert secret not in written
    assert all(len(detail.payload["code"]) == 16 for detail in details)


def test_dead_registrations_are_cleared(
    newcomer: Newcomer, invoice: Invoice, known_mailbox: Customer
) -> None:
    claim = claimed(newcomer)
    Newcomer(Client()).register(code="K-999999")
    assert clear_registrations() is None
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert clear_registrations()
    assert not Registration.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        clear_registrations()
    claim.refresh_from_db()
    assert claim.state == ClaimState.EXPIRED

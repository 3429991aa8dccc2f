"""Registration has limits: by customer code, by network address, by mailbox."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from ebok.billing.models import Invoice
from tests.plugins.client_zone.joining.conftest import Newcomer


def test_pauses_grow_for_a_customer_code_whoever_asks(invoice: Invoice) -> None:
    """Five tries are free; then a minute, two, four. What was refused does not lengthen the pause."""
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _number in range(5):
            assert Newcomer(Client()).show_invoice(amount="1,00").status_code == 302
        refused = Newcomer(Client()).show_invoice()
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
        assert Newcomer(Client()).show_invoice(code="K-000001").status_code == 302
        clock.move_to(start + timedelta(seconds=61))
        assert Newcomer(Client()).show_invoice().status_code == 302
        assert Newcomer(Client()).show_invoice()["Retry-After"] == "120"
        clock.move_to(start + timedelta(days=1, seconds=1))
        assert Newcomer(Client()).show_invoice().status_code == 302


def test_an_address_has_its_own_limit(invoice: Invoice) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(30):
            answer = Newcomer(Client()).show_invoice(code=f"X-{number}")
            assert answer.status_code == 302
        assert Newcomer(Client()).show_invoice(code="X-31").status_code == 429
        far = Client(REMOTE_ADDR="198.51.100.7")
        assert Newcomer(far).show_invoice(code="X-32").status_code == 302


def test_a_mailbox_gets_few_letters(invoice: Invoice) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(3):
            visitor = Newcomer(Client())
            visitor.show_invoice(code=f"X-{number}")
            assert visitor.choose().status_code == 302
        visitor = Newcomer(Client())
        visitor.show_invoice()
        assert visitor.choose().status_code == 429
    assert len(mail.outbox) == 3

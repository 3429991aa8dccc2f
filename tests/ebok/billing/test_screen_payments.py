"""Payments and ledger entries, entered and taken back in the Wagtail admin."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from ebok.accounts.models import User
from ebok.billing.models import Allocation, LedgerEntry, Payment
from ebok.exchange.mirror import Source
from ebok.journal.models import Event
from ebok.testing import mirror as building
from tests.ebok.exchange.register_pages import staff, text, version, wrong

pytestmark = pytest.mark.django_db
INVOICES = "/admin/rozliczenia/faktury/"
PAYMENTS = "/admin/rozliczenia/wplaty/"
LEDGER = "/admin/rozliczenia/ksiegowania/"
TARIFFS = "/admin/rozliczenia/taryfy/"
NORMS = "/admin/rozliczenia/normy/"
READINGS = "/admin/rozliczenia/odczyty/"
LISTS = (INVOICES, PAYMENTS, LEDGER, TARIFFS, NORMS, READINGS)
TODAY = date(2026, 5, 14)


@pytest.fixture
def reading(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(staff("czyta@example.org", "billing.view", "customers.view"))


@pytest.fixture
def writing(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(staff("pisze@example.org", "billing.view", "customers.view", "billing.change"))


def numbers(client: Client, url: str, **filters: str) -> list[str]:
    """What the first cells of the list say."""
    return re.findall(
        r'<td class="ebok-register-code title[^>]*><a href="[^"]+">(.*?)</a>', text(client, url, **filters)
    )


def typed(**cells: str) -> dict[str, str]:
    return {
        "customer_code": "K-1",
        "paid_on": "2026-05-10",
        "amount": "150,00",
        "method": "cash",
        "version": "",
        **cells,
    }


# Payments --------------------------------------------------------------------------------


@pytest.mark.feature("L03")
def test_a_payment_settles_what_is_due_first_and_says_so(writing: Client) -> None:
    customer = building.customer(code="K-1")
    later = building.entry(customer, "80.00", due_on=date(2026, 5, 1))
    sooner = building.entry(customer, "60.00", due_on=date(2026, 3, 1))
    answer = writing.post(f"{PAYMENTS}nowy/", typed(), follow=True)
    page = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    payment = Payment.objects.get()
    assert answer.redirect_chain == [(f"{PAYMENTS}podglad/{payment.pk}/", 302)]
    settled = Allocation.objects.order_by("entry__due_on").values_list("entry_id", "amount")
    assert list(settled) == [(sooner.pk, Decimal("60.00")), (later.pk, Decimal("80.00"))]
    assert [
        word
        for word in (
            "140,00 zł rozliczyło 2 zapisy księgowe.",
            "10,00 zł zostało jako nadpłata.",
            sooner.number,
        )
        if word not in page
    ] == []
    assert (payment.source, payment.method, payment.number[:7]) == (Source.ENTERED, "cash", "R/2026/")
    assert Event.objects.filter(kind="billing.payment_recorded", customer_id=customer.pk).count() == 1


@pytest.mark.feature("L03")
@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "sto"}, "amount"),
        ({"amount": "1,234"}, "amount"),
        ({"customer_code": "NIKT"}, "customer_code"),
        ({"customer_code": ""}, "customer_code"),
        ({"paid_on": "2099-01-01"}, "paid_on"),
        ({"paid_on": "31.02.2026"}, "paid_on"),
        ({"number": "WB/1"}, "number"),
        ({"method": "muszelki"}, "method"),
    ],
)
def test_a_wrong_payment_is_refused_at_its_field(writing: Client, cells: dict[str, str], field: str) -> None:
    building.payment(building.customer(code="K-1"), "5.00", TODAY, number="WB/1")
    answer = writing.post(f"{PAYMENTS}nowy/", typed(**cells))
    assert (answer.status_code, wrong(answer.content.decode())) == (422, [field])
    assert Payment.objects.count() == 1


@pytest.mark.feature("L03")
def test_a_payment_is_taken_back_with_a_reason(writing: Client) -> None:
    customer = building.customer(code="K-1")
    entry = building.entry(customer, "100.00", due_on=TODAY)
    writing.post(f"{PAYMENTS}nowy/", typed(amount="100"))
    payment = Payment.objects.get()
    url = f"{PAYMENTS}wycofaj/{payment.pk}/"
    refused = writing.post(url, {"reason": " "})
    assert (refused.status_code, wrong(refused.content.decode())) == (422, ["reason"])
    assert writing.post(url, {"reason": "cudza wpłata"}).status_code == 302
    entry.refresh_from_db()
    payment.refresh_from_db()
    assert (entry.open_amount, payment.reversed_on) == (Decimal("100.00"), timezone.localdate())
    again = writing.post(url, {"reason": "jeszcze raz"})
    assert (again.status_code, wrong(again.content.decode())) == (422, ["reason"])
    assert "wycofana" in text(writing, PAYMENTS)


@pytest.mark.feature("K15")
def test_a_payment_is_approved(writing: Client, signed_in: Callable[[User], Client]) -> None:
    building.customer(code="K-1")
    writing.post(f"{PAYMENTS}nowy/", typed())
    payment = Payment.objects.get()
    assert writing.post(f"{PAYMENTS}zatwierdz/{payment.pk}/").status_code == 302
    assert Payment.objects.get().approved_at is None
    approving = signed_in(staff("zatwierdza@example.org", "billing.view", "billing.approve"))
    assert "Zatwierdź" in text(approving, f"{PAYMENTS}podglad/{payment.pk}/")
    approving.post(f"{PAYMENTS}zatwierdz/{payment.pk}/")
    approving.post(f"{PAYMENTS}zatwierdz/{payment.pk}/")
    assert Payment.objects.get().approved_at is not None
    assert Event.objects.filter(kind="billing.approved").count() == 1
    assert writing.get(f"{PAYMENTS}usun/{payment.pk}/").status_code == 302


@pytest.mark.feature("L10")
def test_the_repository_of_transactions_is_filtered(reading: Client) -> None:
    nowak, firm = (
        building.customer(code="K-1", name="Anna Nowak"),
        building.customer(code="K-2", name="Firma"),
    )
    building.payment(nowak, "10.00", date(2026, 1, 5), number="WB/1")
    building.payment(nowak, "250.00", date(2026, 3, 5), number="WB/2", method="blik")
    building.payment(firm, "99.00", date(2026, 3, 7), number="WB/3", reversed_on=date(2026, 3, 9))
    building.payment(firm, "99.00", date(2026, 3, 8), number="R/4", source=Source.ENTERED, batch_id=None)
    assert numbers(reading, PAYMENTS) == ["R/4", "WB/3", "WB/2", "WB/1"]
    asked = {
        "klient=K-1": ["WB/2", "WB/1"],
        "q=nowak": ["WB/2", "WB/1"],
        "q=WB/3": ["WB/3"],
        "q=K-2": ["R/4", "WB/3"],
        "od=2026-03-05&do=2026-03-07": ["WB/3", "WB/2"],
        "sposob=blik": ["WB/2"],
        "kwota_od=99&kwota_do=99,00": ["R/4", "WB/3"],
        "stan=reversed": ["WB/3"],
        "pochodzenie=waiting": ["R/4"],
        "klient=NIKT": [],
    }
    assert {query: numbers(reading, f"{PAYMENTS}?{query}") for query in asked} == asked


# Ledger ----------------------------------------------------------------------------------


@pytest.mark.feature("L03")
@pytest.mark.feature("M08")
def test_a_ledger_entry_is_entered_and_corrected(writing: Client) -> None:
    customer = building.customer(code="K-1")
    cells = {
        "customer_code": "K-1",
        "number": "KS/1",
        "kind": "demand",
        "title": "Wezwanie",
        "booked_on": "2026-05-01",
        "due_on": "2026-05-15",
        "amount": "100",
        "open_amount": "100",
        "version": "",
    }
    refused = writing.post(f"{LEDGER}nowy/", {**cells, "open_amount": "120"})
    assert (refused.status_code, wrong(refused.content.decode())) == (422, ["open_amount"])
    assert writing.post(f"{LEDGER}nowy/", cells).status_code == 302
    entry = LedgerEntry.objects.get()
    url = f"{LEDGER}popraw/{entry.pk}/"
    copy = version(text(writing, url))
    other = building.customer(code="K-2")
    writing.post(url, {**cells, "customer_code": other.code, "open_amount": "40", "version": copy})
    entry.refresh_from_db()
    assert (entry.customer_id, entry.open_amount) == (customer.pk, Decimal("40.00"))

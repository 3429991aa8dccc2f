"""What the demo shows of KSeF: a town's bills, the Ministry's examples, and what waits for the clerk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura import demo_ksef
from ebok_plugins.e_faktura.ksef import queries
from ebok_plugins.e_faktura.models import KsefDocument, KsefState

pytestmark = pytest.mark.feature("D01")


@pytest.fixture
def demo(town: SampleWorld, clerk: Any, settings: Any) -> Any:
    """A world with the demo's clerk, set to the Ministry's test environment as the demo is."""
    settings.EBOK_KSEF_ENVIRONMENT = "test"
    return SimpleNamespace(users={"employee": clerk})


def test_without_a_town(demo: Any) -> None:
    """Files for the clerk alone; a second load adds nothing."""
    demo_ksef.load(demo)
    demo_ksef.load(demo)
    states = sorted(KsefDocument.objects.values_list("state", flat=True))
    assert states.count(KsefState.REFUSED) == 1
    assert len(states) == 3


def test_the_demo_client_has_bills_with_numbers_and_confirmations(demo: Any, town: SampleWorld) -> None:
    """Her own bills from KSeF with UPO, and an official bill with readings that came through KSeF only."""
    Customer.objects.filter(pk=town.customer.pk).update(code=demo_ksef.HOME, nip="")
    invoice = Invoice.objects.create(
        id=987654,
        customer=town.customer,
        number="FV/2026/05/000001",
        issued_on=date(2026, 5, 29),
        net=Decimal(100),
        vat=Decimal(8),
        gross=Decimal(108),
    )
    demo_ksef.load(demo)
    document = queries.document_of(invoice)
    assert document is not None
    assert document.upo is not None
    assert document.status.key == "accepted"
    assert document.code_i_url.startswith("https://qr-test.ksef.mf.gov.pl/invoice/9999999999/29-05-2026/")
    (official,) = queries.only_in_ksef(town.customer)
    assert official.has_attachment
    refused = KsefDocument.objects.filter(state=KsefState.REFUSED)
    codes = {problem.code for row in refused for problem in row.problems}
    assert {"resaved", "not-well-formed"} <= codes

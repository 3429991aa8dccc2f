"""The public check: genuine or not, nothing else; limited and journalled (C-2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ebok.billing.models import Invoice
from ebok.journal.models import Detail, Event
from ebok.look.models import OrganisationSettings
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura.checking import rules
from ebok_plugins.e_faktura.codes import verification
from ebok_plugins.e_faktura.models import InvoiceSettings
from ebok_plugins.e_faktura.views import public
from tests.plugins.e_faktura.conftest import ACCOUNT, OURS

VECTORS = Path(__file__).parent
NRB = json.loads((VECTORS / "nrb.json").read_text())
KSEF = json.loads((VECTORS / "ksef_numbers.json").read_text())

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    """Nobody has tried before."""
    cache.clear()
    yield
    cache.clear()


def check(client: Client, **asked: str) -> Any:
    return client.get(f"{reverse('public:e_faktura:check')}?{urlencode(asked)}")


def said(answer: Any) -> str:
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def printed(bill: Invoice, **changes: str) -> dict[str, str]:
    code = verification.code_of(bill, ACCOUNT)
    return {"numer": bill.number, "kwota": "133,22", "kod": code, **changes}


GOOD, BAD = "Ta faktura jest prawdziwa", "Nie potwierdzamy tej faktury"


# Rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", NRB["valid"])
def test_right_accounts(account: str) -> None:
    assert rules.account_of(f"PL {account[:2]} {account[2:]}") == account


@pytest.mark.parametrize("account", [account for account, _why in NRB["invalid"]])
def test_wrong_accounts(account: str) -> None:
    assert rules.account_of(account) is None


def test_masks() -> None:
    masks = rules.masks_of(f"{OURS}\n\n 61 1090 1014 0000 0712 1981 2874 \nbzdura\n123")
    assert masks == [OURS, "61109010140000071219812874"]
    assert rules.is_ours(ACCOUNT, masks)
    assert rules.is_ours("61109010140000071219812874", masks)
    assert not rules.is_ours("24160000035175530643314956", masks)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("133,22", "133.22"),
        (" 1 234,50 zł", "1234.50"),
        ("1.234,50", "1234.50"),
        ("-20", "-20"),
        ("12.5", "12.5"),
        ("", None),
        ("abc", None),
        ("1e9", None),
        ("12,345", None),
        ("9" * 40, None),
        ("٣", None),
    ],
)
def test_amounts(typed: str, amount: str | None) -> None:
    found = rules.amount_of(typed)
    assert (None if found is None else str(found)) == amount


@pytest.mark.parametrize("number", KSEF["valid"])
def test_ksef_numbers_of_the_ministry(number: str) -> None:
    assert rules.ksef_of(f" {number.lower()} ") == number
    assert rules.ksef_of(f"{number[:26]}-{number[26:]}") == number
    swapped = number[:20] + ("1" if number[20] != "1" else "2") + number[21:]
    assert rules.ksef_of(swapped) is None


@pytest.mark.parametrize("number", [number for number in KSEF["invalid_computed"] if number.isupper()])
def test_ksef_numbers_with_a_slip(number: str) -> None:
    assert rules.ksef_of(number) is None


# The page -----------------------------------------------------------------------------------


def test_a_genuine_bill(home: SampleWorld, bill: Invoice, client: Client) -> None:
    text = said(check(client, **printed(bill)))
    assert GOOD in text
    assert "Sprawdź też numer rachunku" in text
    typed = printed(bill, konto=f"PL{ACCOUNT}", kod=printed(bill)["kod"].lower())
    assert GOOD in said(check(client, **typed))


@pytest.mark.parametrize(
    "changes",
    [
        {"kwota": "33,22"},
        {"kod": "AAAAAAAA"},
        {"numer": "FV/2026/05/000124"},
        {"konto": "61109010140000071219812874"},
        {"numer": "nic takiego"},
    ],
)
def test_anything_changed_is_not_confirmed(
    home: SampleWorld, bill: Invoice, client: Client, changes: dict[str, str]
) -> None:
    assert BAD in said(check(client, **printed(bill, **changes)))


def test_a_cancelled_bill_is_not_confirmed(home: SampleWorld, bill: Invoice, client: Client) -> None:
    asked = printed(bill)
    Invoice.objects.filter(pk=bill.pk).update(is_cancelled=True)
    assert BAD in said(check(client, **asked))


def test_what_is_wrong_is_not_told(home: SampleWorld, bill: Invoice, client: Client) -> None:
    """An unknown number, a wrong amount and a wrong code look alike and cost the same."""
    wrong = [printed(bill, numer="X"), printed(bill, kwota="1"), printed(bill, kod="A")]
    check(client, **printed(bill))
    pages, counts = [], []
    for asked in wrong:
        with CaptureQueriesContext(connection) as captured:
            text = said(check(client, **asked))
        counts.append(len(captured))
        section = text.split('id="odpowiedz"')[1].split("<dl")[0]
        pages.append(section)
    assert len(set(pages)) == 1
    assert len(set(counts)) == 1
    for secret in (home.secret, home.customer.code, ACCOUNT):
        assert secret not in "".join(pages)


@pytest.mark.parametrize(
    ("account", "sentence"),
    [(ACCOUNT, "To nasz rachunek."), ("61109010140000071219812874", "To nie jest nasz rachunek.")],
)
def test_an_account(home: SampleWorld, client: Client, account: str, sentence: str) -> None:
    assert sentence in said(check(client, konto=account))


def test_without_a_list_we_cannot_tell(home: SampleWorld, client: Client) -> None:
    InvoiceSettings.objects.update(accounts="")
    assert "Nie możemy tego powiedzieć" in said(check(client, konto=ACCOUNT))


@pytest.mark.parametrize(
    "asked",
    [
        {"konto": "123"},
        {"konto": ""},
        {"konto": ACCOUNT[:-1] + "5"},
        {"kod": "", "numer": "", "kwota": ""},
        {"kod": "ABCDEFGH", "numer": "F", "kwota": "dużo"},
        {"kod": "x" * 4000, "numer": "F", "kwota": "1"},
        {"ksef": "x" * 300},
    ],
)
def test_what_is_no_question_is_told_beside_the_field(
    home: SampleWorld, client: Client, asked: dict[str, str]
) -> None:
    text = said(check(client, **asked))
    assert "govuk-error-message" in text
    assert not Event.objects.filter(kind="e_faktura.checked").exists()


def test_a_ksef_number(home: SampleWorld, client: Client) -> None:
    number = KSEF["valid"][0]
    assert "ale nie naszej faktury" in said(check(client, ksef=number))
    organisation = OrganisationSettings.for_site(home.site)
    OrganisationSettings.objects.filter(pk=organisation.pk).update(nip=number[:10])
    assert "ma nasz NIP" in said(check(client, ksef=number))
    assert "Ten numer KSeF jest błędny" in said(check(client, ksef=number[:-2] + "00"))


def test_it_is_journalled_without_names(home: SampleWorld, bill: Invoice, client: Client) -> None:
    check(client, **printed(bill))
    check(client, **printed(bill, kwota="1"))
    client.head(reverse("public:e_faktura:check") + "?" + urlencode(printed(bill)))
    details = Detail.objects.filter(event_id__in=Event.objects.filter(kind="e_faktura.checked").values("id"))
    assert sorted(detail.payload["good"] for detail in details) == [False, True]
    assert {event.customer_id for event in Event.objects.filter(kind="e_faktura.checked")} == {None}


def test_machines_are_stopped(home: SampleWorld, bill: Invoice, client: Client) -> None:
    InvoiceSettings.objects.update(checks_per_hour=3)
    answers = [check(client, **printed(bill, kod=f"AAAAAAA{n}")).status_code for n in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    late = check(client, **printed(bill))
    assert late["Retry-After"] == "3600"
    assert GOOD not in late.content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert GOOD in said(check(elsewhere, **printed(bill)))


def test_one_number_is_not_guessed_from_many_places(
    home: SampleWorld, bill: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_FOR_ONE_BILL", 3)
    wrong = printed(bill, kod="AAAAAAAA")
    codes = [check(Client(REMOTE_ADDR=f"192.0.2.{n}"), **wrong).status_code for n in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_answers_are_never_stored_and_the_empty_forms_are_anybodys(home: SampleWorld, client: Client) -> None:
    address = reverse("public:e_faktura:check")
    assert client.get(address)["Cache-Control"].startswith("public")
    assert client.get(address, {"konto": "12"})["Cache-Control"] == "no-store"

"""The transfer code of the banks and the code that proves a bill genuine."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.billing.models import Invoice
from ebok_plugins.e_faktura.codes import verification
from ebok_plugins.e_faktura.codes.transfer import Transfer, shortened

VECTORS = json.loads((Path(__file__).parent / "zbp_2d.json").read_text())
ACCOUNT = "61109010140000071219812874"


def transfer(**changes: Any) -> Transfer:
    fields: dict[str, Any] = {
        "nip": "526-025-02-74",
        "account": ACCOUNT,
        "amount": Decimal("133.22"),
        "payee": "Wodociagi Sp. z o.o.",
        "title": "FV/2026/02/000123",
    }
    return Transfer(**{**fields, **changes})


@pytest.mark.parametrize("vector", VECTORS["examples"], ids=lambda vector: vector["label"])
def test_the_examples_of_the_banks(vector: dict[str, str]) -> None:
    nip, _country, account, grosze, payee, title, *_rest = vector["payload"].split("|")
    amount = Decimal(grosze) / 100
    made = Transfer(nip=nip, account=account, amount=amount, payee=payee, title=title)
    assert made.payload == vector["payload"]


def test_our_own_vector() -> None:
    (vector,) = VECTORS["computed"]
    assert transfer().payload == vector["payload"]
    assert len(transfer().payload) == vector["len"]


@pytest.mark.parametrize(
    ("amount", "said"),
    [("0.01", "000001"), ("9999.99", "999999"), ("10000.00", "000000"), ("42197.47", "000000")],
)
def test_what_has_no_room_is_left_to_the_payer(amount: str, said: str) -> None:
    made = transfer(amount=Decimal(amount))
    assert made.payload.split("|")[3] == said
    assert made.fits == (said != "000000")


def test_a_name_is_cut_at_a_word() -> None:
    assert shortened("Wodociągi Miejskie w Lipowie", 20) == "Wodociągi Miejskie"
    assert shortened("Przedsiębiorstwowodociągowe", 20) == "Przedsiębiorstwowodo"


@given(payee=st.text(max_size=80), title=st.text(max_size=80))
def test_nothing_breaks_the_form(payee: str, title: str) -> None:
    payload = transfer(payee=payee, title=title).payload
    fields = payload.split("|")
    assert len(fields) == 9
    assert len(fields[4]) <= 20
    assert len(fields[5]) <= 32
    assert len(payload) <= 160


# The code of a bill -------------------------------------------------------------------------


def bill(**changes: Any) -> Invoice:
    fields = {"number": "FV/1", "gross": Decimal("133.22"), "due_on": date(2026, 6, 14)}
    return Invoice(**{**fields, **changes})


def test_a_code_is_eight_signs_people_can_read_out() -> None:
    code = verification.code_of(bill(), ACCOUNT)
    assert len(code) == 8
    assert set(code) <= set(verification.LETTERS)
    assert not {"I", "O", "0", "1"} & set(verification.LETTERS)
    assert verification.confirms(f" {code[:4].lower()}-{code[4:]} ", bill(), ACCOUNT)


@pytest.mark.parametrize(
    "changes", [{"number": "FV/2"}, {"gross": Decimal("133.23")}, {"due_on": date(2026, 6, 15)}]
)
def test_whatever_changes_the_code_no_longer_fits(changes: dict[str, Any]) -> None:
    code = verification.code_of(bill(), ACCOUNT)
    assert not verification.confirms(code, bill(**changes), ACCOUNT)
    assert not verification.confirms(code, bill(), ACCOUNT[:-1] + "5")


def test_an_old_key_confirms_and_a_removed_one_does_not(settings: Any) -> None:
    settings.EBOK_INVOICE_CODE_KEYS = ["old"]
    printed = verification.code_of(bill(), ACCOUNT)
    settings.EBOK_INVOICE_CODE_KEYS = ["new", "old"]
    assert verification.confirms(printed, bill(), ACCOUNT)
    assert verification.code_of(bill(), ACCOUNT) != printed
    settings.EBOK_INVOICE_CODE_KEYS = ["new"]
    assert not verification.confirms(printed, bill(), ACCOUNT)


@pytest.mark.parametrize("typed", ["", "AAAAAAAA", "ąęśćżźółń", "x" * 500, "73K7\x00VMGW"])
def test_nonsense_confirms_nothing(typed: str) -> None:
    assert not verification.confirms(typed, bill(), ACCOUNT)

"""FA(3) read: the Ministry's examples, and documents made from every corner of the schema."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ebok_plugins.e_faktura.ksef import codes, reading
from ebok_plugins.e_faktura.ksef.documents import BankAccount, Charge
from tests.plugins.e_faktura.ksef import making, samples

pytestmark = pytest.mark.feature("D01")


def example(number: int) -> bytes:
    """One of the Ministry's examples."""
    return next(file for file in samples.EXAMPLES if file.stem.endswith(f"_{number}")).read_bytes()


def test_there_are_twelve_examples() -> None:
    """None was lost, and none converted: their line endings are part of their bytes."""
    assert len(samples.EXAMPLES) == 12
    assert all(b"\r\n" in file.read_bytes() for file in samples.EXAMPLES)


@pytest.mark.parametrize("file", samples.EXAMPLES, ids=lambda file: file.stem)
def test_official_examples_are_read(file: Path) -> None:
    """Every example of the Ministry is an invoice with a number, two parties and an amount."""
    found = reading.read(file.read_bytes())
    assert found.number
    assert found.seller.nip == "9999999999"
    assert found.buyer.nip or found.buyer.other_number
    assert f"<P_15>{found.gross}</P_15>" in file.read_text()


def test_bill_of_a_utility() -> None:
    """The example with readings: parties, period, lines without quantities, settlement, account, tables."""
    found = reading.read(samples.energy())
    assert found.kind == "VAT"
    assert not found.is_correction
    assert found.customer_numbers == ("99999999",)
    assert found.period == (date(2026, 1, 1), date(2026, 2, 28))
    assert [(line.number, line.net, line.quantity, line.rate) for line in found.lines] == [
        (1, Decimal("18.00"), None, "23"),
        (2, Decimal("25.60"), None, "23"),
    ]
    assert [(one.key, one.net, one.vat) for one in found.sums] == [("1", Decimal("43.60"), Decimal("10.03"))]
    assert found.settlement is not None
    assert found.settlement.charges == (Charge(Decimal("0.00"), "Odsetki"),)
    assert found.to_pay == found.settlement.to_pay == Decimal("53.63")
    assert found.payment is not None
    assert found.payment.due_on == (date(2026, 3, 15),)
    assert found.payment.accounts == (
        BankAccount("73111111111111111111111111", "Bank Bankowości Bankowej S. A.", description="PLN"),
    )
    (block,) = found.attachment
    assert ("Kod PPE", "999999999999999999") in block.about
    readings, _energy, _network = block.tables
    assert readings.description == "Odczyty"
    assert readings.columns[2] == ("int", "Wskazanie bieżące")
    assert readings.rows[0] == ("Licznik rozliczeniowy energii czynnej nr 99999999",)
    assert readings.rows[1][:5] == ("całodobowa", "2026-02-28", "1020", "1000", "1")


def test_amount_to_pay_is_the_settlements() -> None:
    """An overpayment that the seller takes off makes the amount to pay another than the total."""
    found = reading.read(example(4))
    assert (found.gross, found.to_pay) == (Decimal("64279.92"), Decimal("63279.92"))
    assert found.others[0].role == "1"
    assert found.payment is not None
    assert found.payment.accounts[0].is_of_factor


def test_overpayment_leaves_nothing_to_pay() -> None:
    """Where more was paid than the total, there is nothing to pay."""
    content = samples.changed("<DoZaplaty>53.63</DoZaplaty>", "<DoRozliczenia>12.00</DoRozliczenia>")
    found = reading.read(content)
    assert found.settlement is not None
    assert (found.settlement.overpaid, found.to_pay) == (Decimal("12.00"), Decimal(0))


def test_correction_of_several_invoices() -> None:
    """A collective correction names all it corrects, with their KSeF numbers."""
    found = reading.read(example(7))
    assert found.is_correction
    assert len(found.corrects) == 6
    assert found.corrects[1].ksef_number == "9999999999-20230908-76B2B580D4DC-80"
    assert found.gross == Decimal(-50000)


def test_state_before_the_correction() -> None:
    """Lines of the state before are told from those after."""
    found = reading.read(example(12))
    assert [line.is_before for line in found.ordered] == [True, False, True, False]
    assert found.others[0].share == Decimal(50)


def test_foreign_currency_and_margin() -> None:
    """An invoice in euro, and one under the margin scheme."""
    assert reading.read(example(22)).currency == "EUR"
    assert reading.read(example(8)).is_margin


@pytest.mark.parametrize("variant", range(making.VARIANTS))
def test_every_corner_of_the_schema_is_read(variant: int) -> None:
    """Documents with every optional element and other branches of each choice are taken."""
    content, _names = making.document(variant)
    found = reading.read(content)
    assert len(found.lines) == 2
    assert len(found.attachment) == 2


@pytest.mark.parametrize("kind", ["VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ"])
def test_all_kinds(kind: str) -> None:
    """All seven kinds of invoice are told apart."""
    found = reading.read(
        samples.changed("<RodzajFaktury>VAT</RodzajFaktury>", f"<RodzajFaktury>{kind}</RodzajFaktury>")
    )
    assert found.kind == kind
    assert found.is_correction is kind.startswith("KOR")


def test_local_government_and_vat_group() -> None:
    """The markers JST and GV."""
    found = reading.read(samples.changed("<JST>2</JST>", "<JST>1</JST>"))
    assert (found.concerns_local_government, found.concerns_vat_group) == (True, False)


def test_kod_i_of_the_very_bytes() -> None:
    """The address the Ministry's own tools give for this example; one changed byte gives another."""
    content = samples.energy()
    found = reading.read(content)
    url = codes.code_i_url(content, found.seller.nip, found.issued_on, "test")
    assert url == (
        "https://qr-test.ksef.mf.gov.pl/invoice/9999999999/28-02-2026/"
        "D3t0xmiaLwf2Zs7SzsFD40N_lyijwQen3zJ0F9sNtGk"
    )
    resaved = content.replace(b"\r\n", b"\n")
    assert codes.code_i_url(resaved, found.seller.nip, found.issued_on, "test") != url
    assert codes.code_i_url(content, found.seller.nip, found.issued_on).startswith(
        "https://qr.ksef.mf.gov.pl/"
    )

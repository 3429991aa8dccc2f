"""Files are kept before they are judged, once, and joined with whom they are of."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.exchange.checks_of_text import ksef_crc
from ebok.journal.models import Event
from ebok.look.models import OrganisationSettings
from ebok.testing.samples import SampleWorld
from ebok_plugins.e_faktura.ksef import deciding, judging, queries
from ebok_plugins.e_faktura.ksef.receiving import Told, take
from ebok_plugins.e_faktura.models import KsefConfirmation, KsefDocument, KsefState
from tests.plugins.e_faktura.ksef import samples
from tests.plugins.e_faktura.ksef.test_numbers import confirmation

pytestmark = pytest.mark.feature("D01")

IN_PRODUCTION = {" - środowisko testowe (TE)": ""}


def taken(content: bytes, name: str = "faktura.xml", **told: Any) -> KsefDocument:
    """The record of a file that was taken in."""
    row = take(content, name, told=Told(**told)).record
    assert isinstance(row, KsefDocument)
    return row


def codes(row: KsefDocument | KsefConfirmation) -> list[str]:
    """What is wrong."""
    return [problem.code for problem in row.problems]


def mirrored(customer: Customer, **fields: Any) -> Invoice:
    """An invoice of the mirror with the number of the Ministry's example."""
    values = {
        "id": 987654,
        "number": "FV2026/02/150",
        "issued_on": date(2026, 2, 28),
        "net": Decimal("43.60"),
        "vat": Decimal("10.03"),
        "gross": Decimal("53.63"),
    }
    return Invoice.objects.create(customer=customer, **{**values, **fields})


def test_an_invoice_is_kept_byte_for_byte_and_joined(town: SampleWorld) -> None:
    """The customer number of the invoice leads to the customer; the bytes stay as they came."""
    row = taken(samples.energy(), f"{samples.NUMBER}.xml")
    assert (row.state, row.customer, row.invoice_id) == (KsefState.KEPT, town.customer, None)
    assert row.number == samples.NUMBER
    assert judging.bytes_of(row) == samples.energy()
    assert row.sha256 == hashlib.sha256(samples.energy()).hexdigest()
    assert row.state_in_words
    assert list(queries.only_in_ksef(town.customer)) == [row]
    assert not queries.only_in_ksef(town.other_customer).exists()
    assert Event.objects.get(kind="e_faktura.ksef_joined").customer_id == town.customer.pk


def test_a_bill_of_the_mirror_is_found_either_way(town: SampleWorld) -> None:
    """Imported before or after: the bill and its document find each other, and it is in KSeF only no more."""
    invoice = mirrored(town.customer)
    row = taken(samples.energy())
    assert row.invoice_id == invoice.pk
    assert queries.document_of(invoice) == row
    KsefDocument.objects.update(invoice=None)
    assert queries.document_of(invoice) == row
    assert not queries.only_in_ksef(town.customer).exists()


def test_the_same_bytes_are_kept_once(town: SampleWorld, private: Path) -> None:
    """A second time they are told to be here already; what is newly told of them is added."""
    first = taken(samples.energy())
    again = take(samples.energy(), "inna-nazwa.xml", told=Told(number=samples.NUMBER))
    assert not again.is_new
    assert again.record.pk == first.pk
    assert KsefDocument.objects.get().number == samples.NUMBER
    assert len(list(private.rglob("*.xml"))) == 1


def test_resaved_bytes_are_refused_and_kept(town: SampleWorld) -> None:
    """The same invoice with other line endings has another fingerprint: its codes would be wrong."""
    first = taken(samples.energy(), number=samples.NUMBER)
    resaved = samples.energy().replace(b"\r\n", b"\n")
    for told in ({"number": samples.NUMBER}, {}):
        row = taken(resaved + b"\n" * len(told), **told)
        assert (row.state, codes(row)) == (KsefState.REFUSED, ["resaved"])
        assert judging.bytes_of(row).startswith(resaved)
    assert list(queries.documents_of(town.customer)) == [first]


def test_another_document_under_the_same_number_is_told_apart(town: SampleWorld) -> None:
    """Not saved anew, but another invoice: KSeF takes a number once."""
    taken(samples.energy())
    other = samples.changed("<P_15>53.63", "<P_15>99.99")
    assert codes(taken(other)) == ["same-document"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (samples.energy()[:2000], "not-well-formed"),
        (samples.energy() + b" " * 5_000_000, "too-big"),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "doctype"),
        (samples.changed("<P_15>53.63", "<P_15>53.631"), "schema-digits"),
        (samples.energy().decode().encode("cp1250"), "not-utf-8"),
    ],
)
def test_broken_files_are_kept_with_their_reason(town: SampleWorld, content: bytes, code: str) -> None:
    """Nobody's, refused, in the clerk's queue, with their bytes."""
    row = taken(content)
    assert (row.state, row.customer, codes(row)[0]) == (KsefState.REFUSED, None, code)
    assert judging.bytes_of(row) == content
    assert list(queries.queue()) == [row]
    assert not queries.documents_of(town.customer).exists()


def test_a_file_is_kept_even_when_judging_breaks(town: SampleWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row and the bytes are there before anybody looks inside."""

    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(judging, "_judge_document", broken)
    with pytest.raises(RuntimeError):
        take(samples.energy(), "faktura.xml")
    row = KsefDocument.objects.get()
    assert row.state == KsefState.RECEIVED
    assert judging.bytes_of(row) == samples.energy()


def test_twenty_megabytes_are_not_even_kept(town: SampleWorld, private: Path) -> None:
    """Nothing of KSeF is near that."""
    with pytest.raises(ValueError, match="bytes"):
        take(b"<" * 20_000_001, "duzy.xml")
    assert not KsefDocument.objects.exists()
    assert not list(private.rglob("*.xml"))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (samples.NUMBER[:-2] + "00", "number-check"),
        ("9999999999-20260301-0100001AF629", "number-form"),
        ("5265877635-20250826-0100001AF629-AF", "number-seller"),
    ],
)
def test_wrong_numbers_are_refused(town: SampleWorld, number: str, code: str) -> None:
    """Wrong check digits, no number at all, the number of another seller."""
    row = taken(samples.energy(), number=number)
    assert (row.state, codes(row)[0]) == (KsefState.REFUSED, code)


def test_a_copy_with_a_wrong_name_changes_nothing(town: SampleWorld) -> None:
    """A number that does not hold never stands at a document that is shown; a right one is judged."""
    row = taken(samples.energy())
    again = taken(samples.energy(), f"{samples.NUMBER[:-2]}00.xml")
    assert (again.pk, again.number, again.state) == (row.pk, "", KsefState.KEPT)
    assert taken(samples.energy(), f"{samples.NUMBER}.xml").number == samples.NUMBER
    assert taken(samples.energy(), f"{samples.NUMBER[:-2]}00.xml").number == samples.NUMBER


def test_a_copy_named_by_the_number_of_another_seller_is_judged(town: SampleWorld) -> None:
    taken(samples.energy())
    body = f"5265877635{samples.NUMBER[10:32]}"
    row = taken(samples.energy(), f"{body}-{ksef_crc(body)}.xml")
    assert row.state == KsefState.REFUSED
    assert codes(row)


def test_two_numbers_wait(town: SampleWorld) -> None:
    """The billing system says one number, the file's name another."""
    mirrored(town.customer, ksef_number="9999999999-20260302-0100001AF629-36")
    row = taken(samples.energy(), f"{samples.NUMBER}.xml")
    assert (row.state, codes(row)) == (KsefState.WAITING, ["number-conflict"])


def test_the_fingerprint_of_the_billing_system_counts(town: SampleWorld) -> None:
    """A file with another one was saved anew on its way."""
    mirrored(town.customer, ksef_sha256="0" * 64)
    assert codes(taken(samples.energy())) == ["other-hash"]


# Whose it is ---------------------------------------------------------------------------------


def test_nobody_is_guessed(town: SampleWorld) -> None:
    """An unknown customer number and an unknown tax number leave it to the clerk."""
    Customer.objects.filter(pk=town.customer.pk).update(code="K-1", nip="")
    row = taken(samples.energy())
    assert (row.state, row.customer, codes(row)) == (KsefState.WAITING, None, ["nobody"])


def test_the_tax_number_alone_is_enough_when_one_customer_has_it(town: SampleWorld) -> None:
    """Without a known customer number; two customers with the tax number are one too many."""
    Customer.objects.filter(pk=town.customer.pk).update(code="K-1")
    assert taken(samples.energy()).customer == town.customer
    Customer.objects.filter(pk=town.other_customer.pk).update(nip="1111111111")
    row = taken(samples.changed("FV2026/02/150", "FV2026/02/151"))
    assert (row.state, codes(row)) == (KsefState.WAITING, ["several"])


def test_the_mirror_says_whose_a_bill_is(town: SampleWorld) -> None:
    """Among customers with one tax number, the one who has a bill with this number and day."""
    Customer.objects.filter(pk=town.customer.pk).update(code="K-1")
    Customer.objects.filter(pk=town.other_customer.pk).update(nip="1111111111")
    invoice = mirrored(town.other_customer)
    row = taken(samples.energy())
    assert (row.state, row.customer, row.invoice_id) == (KsefState.KEPT, town.other_customer, invoice.pk)


def test_number_and_tax_number_of_two_customers_wait(town: SampleWorld) -> None:
    """Unless the invoice concerns a unit of local government, billed under the number of the whole."""
    Customer.objects.filter(pk=town.customer.pk).update(nip="")
    Customer.objects.filter(pk=town.other_customer.pk).update(nip="1111111111")
    row = taken(samples.energy())
    assert (row.state, codes(row)) == (KsefState.WAITING, ["two-customers"])
    unit = samples.changed("<JST>2</JST>", "<JST>1</JST>").replace(b"FV2026/02/150", b"FV2026/02/151")
    assert taken(unit).customer == town.customer


def test_a_bill_of_another_customer_or_amount_waits(town: SampleWorld) -> None:
    """The mirror contradicts the file."""
    invoice = mirrored(town.other_customer)
    assert codes(taken(samples.energy())) == ["invoice-of-another"]
    Invoice.objects.filter(pk=invoice.pk).update(
        customer=town.customer, net=Decimal(1), vat=Decimal(0), gross=Decimal(1)
    )
    judging.judge(KsefDocument.objects.get())
    assert codes(KsefDocument.objects.get()) == ["other-amount"]


def test_another_seller_waits(town: SampleWorld) -> None:
    """An invoice somebody issued to us, or to a neighbour, is no bill of ours."""
    organisation = OrganisationSettings.for_site(town.site)
    organisation.nip = "526-587-76-35"
    organisation.save()
    row = taken(samples.energy())
    assert (row.state, codes(row)) == (KsefState.WAITING, ["other-seller"])


# Confirmations -------------------------------------------------------------------------------


def test_a_confirmation_brings_the_number_whichever_comes_first(town: SampleWorld) -> None:
    """Before the invoice or after it: by the fingerprint they find each other."""
    upo = take(confirmation(**IN_PRODUCTION), "upo.xml")
    assert upo.is_confirmation
    row = taken(samples.energy())
    assert (row.number, row.confirmation_id) == (samples.NUMBER, upo.record.pk)
    assert row.accepted_at is not None
    assert row.upo is not None


def test_a_confirmation_after_its_invoice(town: SampleWorld) -> None:
    """The invoice waits for its number, then has it."""
    row = taken(samples.energy())
    assert row.status.key == "awaits"
    take(confirmation(**IN_PRODUCTION), "upo.xml")
    row.refresh_from_db()
    assert (row.number, row.status.key) == (samples.NUMBER, "accepted")


def test_an_offline_invoice_is_told_by_its_confirmation(town: SampleWorld) -> None:
    """Sent later: it was issued offline."""
    row = taken(samples.energy())
    take(confirmation(**IN_PRODUCTION, **{">Online<": ">Offline<"}), "upo.xml")
    row.refresh_from_db()
    assert row.mode == "offline24"


def test_a_confirmation_of_other_bytes_fells_the_invoice(town: SampleWorld) -> None:
    """The number is confirmed for another fingerprint: what we have was saved anew."""
    row = taken(samples.energy().replace(b"\r\n", b"\n"), number=samples.NUMBER)
    assert row.state == KsefState.KEPT
    take(confirmation(**IN_PRODUCTION), "upo.xml")
    row.refresh_from_db()
    assert (row.state, codes(row)) == (KsefState.REFUSED, ["upo-hash"])


def test_a_confirmation_of_the_test_environment_proves_nothing(town: SampleWorld, settings: Any) -> None:
    """In production; where the portal itself is set to the test environment it counts."""
    refused = take(confirmation(), "upo.xml").record
    assert (refused.state, codes(refused)) == (KsefState.REFUSED, ["upo-environment"])
    settings.EBOK_KSEF_ENVIRONMENT = "test"
    judging.judge(refused)
    refused.refresh_from_db()
    assert refused.state == KsefState.KEPT


def test_kod_ii_is_shown_only_as_received_and_only_of_its_document(town: SampleWorld) -> None:
    """One of another document is dropped, and told."""
    row = taken(samples.energy(), code_ii_url="https://qr.ksef.mf.gov.pl/certificate/x")
    assert (row.state, codes(row), row.code_ii_url) == (KsefState.KEPT, ["code-ii"], "")


# Decisions -----------------------------------------------------------------------------------


def test_the_clerk_decides_once(town: SampleWorld, clerk: Any) -> None:
    """The document becomes the customer's whatever was doubtful; who comes second is told so."""
    Customer.objects.filter(pk=town.customer.pk).update(code="K-1", nip="")
    row = taken(samples.energy())
    seen = row.changes
    deciding.give_to(row, town.other_customer, seen=seen, actor=clerk)
    assert (row.state, row.customer, row.decided_by) == (KsefState.KEPT, town.other_customer, clerk)
    with pytest.raises(ValidationError):
        deciding.give_to(row, town.customer, seen=seen, actor=clerk)
    row.refresh_from_db()
    assert row.customer == town.other_customer
    judging.judge(row)
    row.refresh_from_db()
    assert row.customer == town.other_customer


def test_put_aside_and_back(town: SampleWorld, clerk: Any) -> None:
    """What nobody needs leaves the queue; looking at it again brings it back when more is known."""
    Customer.objects.filter(pk=town.customer.pk).update(code="K-1", nip="")
    row = taken(samples.energy())
    deciding.put_aside(row, "nie nasz", seen=row.changes, actor=clerk)
    assert row.state == KsefState.PUT_ASIDE
    assert not queries.queue().exists()
    Customer.objects.filter(pk=town.customer.pk).update(code="99999999")
    deciding.judge_again(row, seen=row.changes, actor=clerk)
    assert (row.state, row.customer) == (KsefState.KEPT, town.customer)
    assert Event.objects.filter(kind="e_faktura.ksef_decided").count() == 2

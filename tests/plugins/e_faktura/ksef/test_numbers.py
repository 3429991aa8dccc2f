"""KSeF numbers and confirmations: check digits, and whether a confirmation is of the document."""

from __future__ import annotations

import base64
import hashlib
from datetime import date

import pytest

from ebok.exchange.checks_of_text import CellError, check_ksef_number, ksef_crc
from ebok_plugins.e_faktura.checking import rules
from ebok_plugins.e_faktura.ksef import codes, numbers, upo
from ebok_plugins.e_faktura.ksef.problems import Refused
from tests.plugins.e_faktura.ksef import samples

pytestmark = pytest.mark.feature("D01")

VALID = [
    "5265877635-20250626-010080DD2B5E-26",
    "5265877635-20250826-0100001AF629-AF",
    "5265877635-20250916-010040741B3E-46",
    "5265877635-20250916-0100C002FF3E-D5",
    "5265877635-20250916-02000009FF3E-FB",
    "5265877635-20250916-020000583241-84",
    "5265877635-20250916-0200A0D6723E-C2",
    "5265877635-20250925-010020A0A242-0A",
    "5555555555-20250828-010080615740-E4",
    "6891152920-20251008-010000B4CF64-9C",
]


@pytest.mark.parametrize("number", VALID)
def test_published_numbers_hold(number: str) -> None:
    """Numbers of the Ministry's documentation."""
    assert numbers.fault_of(number) == ""
    found = numbers.read(number)
    assert found is not None
    assert found.seller_nip == number[:10]
    assert found.accepted_on.strftime("%Y%m%d") == number[11:19]


OLD = "7781464139-20230721-80B510-9675F7-B5"
"""Given by the test environment of KSeF 1.0; the Ministry says that CRC-8 does not apply to these."""


def test_numbers_of_ksef_1_hold() -> None:
    """36 characters, until the end of January 2026; their last two digits follow no published rule."""
    assert numbers.fault_of(OLD) == ""
    found = numbers.read(OLD)
    assert found is not None
    assert (found.seller_nip, found.accepted_on) == ("7781464139", date(2023, 7, 21))
    assert numbers.named_in(f"{OLD}.xml") == OLD
    assert check_ksef_number(OLD) == OLD
    assert rules.ksef_of(f" {OLD.lower()} ") == OLD
    assert numbers.fault_of(OLD.replace("20230721", "20260131")) == ""
    late = OLD.replace("20230721", "20260201")
    assert numbers.fault_of(late) == numbers.Fault.FORM
    assert rules.ksef_of(late) is None
    with pytest.raises(CellError, match="2026"):
        check_ksef_number(late)
    assert numbers.fault_of(OLD.replace("20230721", "20230732")) == numbers.Fault.DAY
    with pytest.raises(CellError):
        check_ksef_number(OLD.replace("20230721", "20230732"))
    assert numbers.fault_of(OLD.replace("80B510-", "80B510--")) == numbers.Fault.FORM


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("5265877635-20250826-0100001AF629-AE", numbers.Fault.CHECK),
        ("5265877653-20250826-0100001AF629-AF", numbers.Fault.CHECK),
        ("5265877635-20250826-0100001af629-af", numbers.Fault.FORM),
        ("5265877635-20250826-0100001AF629AF", numbers.Fault.FORM),
        ("5265877635-20251326-0100001AF629-AF", numbers.Fault.DAY),
        ("8992630753-20240105-2C53E1BFBC51-E9", numbers.Fault.CHECK),
        ("", numbers.Fault.FORM),
        ("5265877635-20250826-0100001AF629-AF\n", numbers.Fault.FORM),
        ("٥265877635-20250826-0100001AF629-AF", numbers.Fault.FORM),
    ],
)
def test_wrong_numbers(number: str, fault: str) -> None:
    """A mistyped character, swapped digits, small letters, a missing hyphen, no such month."""
    assert numbers.fault_of(number) == fault
    assert numbers.read(number) is None


def test_collective_identifiers() -> None:
    """The identifier of a payment for several invoices has the same check digits."""
    body = "5265877635-IZ202701-0100001AF629"
    assert numbers.is_collective(f"{body}-{ksef_crc(body)}")
    assert not numbers.is_collective(f"{body}-00")
    assert not numbers.is_collective(VALID[0])


def test_numbers_in_names_of_files() -> None:
    """KSeF names the files it hands out by the number; a wrong number is found too, to be told."""
    assert numbers.named_in(f"{VALID[1]}.xml") == VALID[1]
    assert numbers.named_in(f"faktury/FV 1 ({VALID[1].lower()}).xml") == VALID[1]
    assert numbers.named_in("FV-2026-02-150.xml") == ""


def confirmation(**changes: str) -> bytes:
    """The Ministry's example as a confirmation of the utility's bill, with changes."""
    content = samples.CONFIRMATIONS[0].read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(samples.energy()).digest()).decode()
    facts = {
        "<NipSprzedawcy>5265877635": "<NipSprzedawcy>9999999999",
        "5265877635-20250916-0200A0D6723E-C2": samples.NUMBER,
        "GZMGNVzs3krF6URKgvaw77OOeG3nJ+WGziT5xguliQ8=": digest,
        **changes,
    }
    for before, after in facts.items():
        assert before in content
        content = content.replace(before, after)
    return content.encode()


def test_official_confirmations_are_read() -> None:
    """Both examples, of one document and of a session; the test environment is told."""
    one, session = (upo.read(file.read_bytes()) for file in samples.CONFIRMATIONS)
    assert one.environment == "środowisko testowe (TE)"
    (document,) = one.documents
    assert document.number == "5265877635-20250916-0200A0D6723E-C2"
    assert document.way == upo.ONLINE
    assert document.accepted_at.isoformat() == "2025-09-16T11:05:41.045000+02:00"
    assert [found.invoice_number for found in session.documents] == [
        "FA/SIGTF-3388125147/11/2025",
        "FA/XVQUD-9997622510/04/2027",
    ]


def test_signed_confirmation_is_read() -> None:
    """What KSeF hands out is signed; the schema does not speak of the signature."""
    signature = (
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature></Potwierdzenie>'
    )
    found = upo.read(confirmation(**{"</Potwierdzenie>": signature, " - środowisko testowe (TE)": ""}))
    assert found.environment == ""
    assert found.is_signed


def problems(content: bytes, **given: str) -> list[str]:
    """Codes of what speaks against the confirmation."""
    digest = hashlib.sha256(samples.energy()).digest()
    found = upo.problems_with(
        upo.read(content),
        sha256=digest,
        number=given.get("number", samples.NUMBER),
        seller_nip=given.get("seller_nip", "9999999999"),
    )
    return [problem.code for problem in found]


def test_confirmation_is_of_the_document() -> None:
    """The fingerprint, the number and the seller agree; a number not yet known is taken from it."""
    assert problems(confirmation()) == []
    assert problems(confirmation(), number="") == []


def test_confirmation_of_something_else() -> None:
    """Another fingerprint, another number, another seller, a number with wrong check digits."""
    other = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    digest = base64.b64encode(hashlib.sha256(samples.energy()).digest()).decode()
    assert problems(confirmation(**{digest: other})) == ["upo-hash"]
    assert problems(confirmation(**{digest: other}), number="") == ["upo-none"]
    assert problems(confirmation(), number=VALID[0]) == ["upo-number"]
    assert problems(confirmation(), seller_nip="5265877635") == ["upo-seller"]
    wrong = samples.NUMBER[:-2] + "00"
    assert problems(confirmation(**{samples.NUMBER: wrong}), number="") == ["number-check"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (samples.energy(), "upo-form"),
        (b"", "empty"),
        (confirmation(Online="Pocztą"), "schema-choice"),
        (confirmation(**{"Ministerstwo Finansów": "Ministerstwo Magii"}), "schema-fixed"),
        (confirmation(**{"2025-09-16T11:05:41.045+02:00": "2025-09-16T24:00:00"}), "schema-type"),
    ],
)
def test_broken_confirmations(content: bytes, code: str) -> None:
    """An invoice in place of a confirmation, nothing, a value that is none, another issuer."""
    with pytest.raises(Refused) as caught:
        upo.read(content)
    assert caught.value.problems[0].code == code


def test_kod_ii_belongs_to_its_document() -> None:
    """KOD II is only ever received; one of another document or another host is none."""
    digest = hashlib.sha256(samples.energy()).digest()
    begin = "https://qr.ksef.mf.gov.pl/certificate/Nip/9999999999/9999999999/01F20A5D352AE590/"
    url = f"{begin}{codes.base64url(digest)}/{'a' * 86}"
    assert codes.is_code_ii_of(url, digest, "9999999999")
    assert not codes.is_code_ii_of(url, digest, "5265877635")
    assert not codes.is_code_ii_of(url, hashlib.sha256(b"x").digest(), "9999999999")
    assert not codes.is_code_ii_of(
        url.replace("qr.ksef.mf.gov.pl", "qr.ksef.example.org"), digest, "9999999999"
    )
    assert not codes.is_code_ii_of("javascript:alert(1)", digest, "9999999999")


def test_kod_i_is_dated_as_the_ministry_writes_days() -> None:
    """DD-MM-RRRR, and base64 for addresses without padding."""
    url = codes.code_i_url(b"x", "5265877635", date(2026, 2, 1))
    assert url.startswith("https://qr.ksef.mf.gov.pl/invoice/5265877635/01-02-2026/")
    assert len(url.rsplit("/", 1)[1]) == 43

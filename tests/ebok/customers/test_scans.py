"""Scans of signed contracts: kept privately, checked, replaced, removed and handed out (C05)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import Client, RequestFactory
from PIL import Image

from ebok.customers import scans
from ebok.customers.models import Contract
from ebok.files.checking import MEGABYTE
from ebok.journal.models import Event
from ebok.testing import mirror
from tests.ebok.exchange.register_pages import staff, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C05")]

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CONTRACTS = "/admin/kartoteka/umowy/"


def upload(content: bytes = PDF, name: str = "Umowa Łucji.pdf") -> ContentFile[bytes]:
    return ContentFile(content, name=name)


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, kind)
    return out.getvalue()


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Path) -> Path:
    settings.EBOK_PRIVATE_ROOT = str(tmp_path / "private")
    settings.EBOK_ANTIVIRUS = ""
    return tmp_path / "private"


@pytest.fixture
def contract(db: None) -> Contract:
    return mirror.contract(mirror.customer(), number="U/2019/7")


def kept(private: Path) -> list[Path]:
    return [path for path in private.rglob("*") if path.is_file()]


def on(client: Client, contract: Contract, action: str) -> str:
    return f"{CONTRACTS}{action}/{contract.pk}/"


@pytest.fixture
def changer(signed_in: Callable[..., Client]) -> Client:
    return signed_in(staff("zmienia@example.org", "customers.view", "customers.change"))


@pytest.fixture
def reader(signed_in: Callable[..., Client]) -> Client:
    return signed_in(staff("czyta@example.org", "customers.view"))


@pytest.mark.django_db(transaction=True)
def test_a_scan_is_added_shown_replaced_and_removed(
    contract: Contract, changer: Client, private: Path, settings: Any
) -> None:
    page = on(changer, contract, "skan")
    assert changer.post(page, {"upload": upload()}).status_code == 302
    contract.refresh_from_db()
    (first,) = kept(private)
    assert first.is_relative_to(private / "contracts")
    assert first.read_bytes() == PDF
    assert "Umowa" not in first.name
    assert on(changer, contract, "skan-plik") in text(changer, on(changer, contract, "podglad"))

    shown = changer.get(on(changer, contract, "skan-plik"))
    assert b"".join(shown) == PDF
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"].startswith('inline; filename="')
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown["Cache-Control"]

    assert changer.post(page, {"upload": upload(picture(), "skan.PNG")}).status_code == 302
    (second,) = kept(private)
    assert second.suffix == ".png"

    assert changer.post(on(changer, contract, "skan-usun"), {"reason": "nie ta umowa"}).status_code == 302
    contract.refresh_from_db()
    assert not contract.scan
    assert kept(private) == []
    assert changer.get(on(changer, contract, "skan-plik")).status_code == 404
    told = Event.objects.filter(kind__startswith="customers.scan").order_by("pk")
    assert [event.kind for event in told] == [
        "customers.scan_kept",
        "customers.scan_kept",
        "customers.scan_removed",
    ]
    assert {event.customer_id for event in told} == {contract.customer_id}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ" + b"\0" * 100),
        ("a.pdf", picture()),
        ("a.png", PDF),
        ("a.docx", b"PK\x03\x04" + b"\0" * 60),
        ("a.pdf", b""),
        ("a.pdf", b"%PDF-1.7 cut"),
        ("a.pdf", PDF + b"\0" * (20 * MEGABYTE)),
    ],
)
def test_other_files_are_refused_in_a_sentence(
    contract: Contract, changer: Client, private: Path, name: str, content: bytes
) -> None:
    answer = changer.post(on(changer, contract, "skan"), {"upload": upload(content, name)})
    assert answer.status_code == 422
    assert 'id="id_upload_error"' in answer.content.decode()
    assert kept(private) == []
    assert not Event.objects.filter(kind="customers.scan_kept").exists()


def test_no_file_at_all_is_said(contract: Contract, changer: Client) -> None:
    assert changer.post(on(changer, contract, "skan")).status_code == 422


def test_removing_twice_says_so(contract: Contract, changer: Client) -> None:
    assert changer.post(on(changer, contract, "skan-usun"), {"reason": ""}).status_code == 422


def test_whoever_may_only_read_changes_nothing(
    contract: Contract, reader: Client, client: Client, private: Path
) -> None:
    scans.keep(contract, scans.checked(upload()), actor=None)
    assert reader.get(on(reader, contract, "skan-plik")).status_code == 200
    for action in ("skan", "skan-usun"):
        assert reader.get(on(reader, contract, action)).status_code in (302, 403)
        assert reader.post(on(reader, contract, action), {"upload": upload(), "reason": "x"}).status_code in (
            302,
            403,
        )
    assert client.get(on(client, contract, "skan-plik")).status_code == 302
    contract.refresh_from_db()
    assert contract.scan
    assert len(kept(private)) == 1
    assert not Event.objects.filter(kind="customers.scan_removed").exists()


def never_clean(_content: object) -> bool:
    return False


def test_an_infected_file_is_refused(settings: Any) -> None:
    settings.EBOK_ANTIVIRUS = f"{__name__}.never_clean"
    with pytest.raises(ValidationError) as refused:
        scans.checked(upload())
    assert refused.value.code == "virus"


def test_serving_for_download_and_through_the_proxy(contract: Contract, settings: Any) -> None:
    scans.keep(contract, scans.checked(upload()), actor=None)
    request = RequestFactory().get("/")
    answer = scans.serve(request, contract)
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert "U-2019-7.pdf" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    part = scans.serve(RequestFactory().get("/", HTTP_RANGE="bytes=0-3"), contract)
    assert part.status_code == 206
    settings.EBOK_X_ACCEL_PREFIX = "/prywatne/"
    assert scans.serve(request, contract)["X-Accel-Redirect"] == f"/prywatne/contracts/{contract.scan.name}"


def test_a_lost_file_is_not_found(contract: Contract, private: Path) -> None:
    with pytest.raises(Http404):
        scans.serve(RequestFactory().get("/"), contract)
    scans.keep(contract, scans.checked(upload()), actor=None)
    for path in kept(private):
        path.unlink()
    with pytest.raises(Http404):
        scans.serve(RequestFactory().get("/"), contract)

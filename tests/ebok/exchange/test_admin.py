"""The exchange in the Wagtail admin: upload, progress, report, decisions, approval."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.exchange import entering, pipeline
from ebok.exchange.models import Decision, Delivery, Finding, FindingKind, Outcome, Phase
from ebok.journal.models import Event
from ebok.testing.people import grant
from tests.ebok.exchange.deliveries import CUSTOMERS, LEDGER, changed, configure, take_in, write

URL = "/admin/wymiana/"
NEW = f"{URL}nowa/"
RIGHTS = ["exchange.view", "exchange.upload", "exchange.approve", "exchange.decide"]
WRONG = {"K-000001": "k1@example.org=to nie adres", "K-000002": "600100002=<script>"}


@pytest.fixture
def screen(restored_db: None, administrator: User, signed_in: Callable[[User], Client]) -> Client:
    """A client of somebody who may do everything here, and is no superuser."""
    return signed_in(administrator)


def upload(client: Client, *lines: list[str], name: str = "customers.csv", **fields: str) -> Any:
    files = [SimpleUploadedFile(name, ("\n".join(each) + "\n").encode()) for each in lines]
    return client.post(NEW, {"profile": "neutral", "uploads": files, "as_of": "", "holds": "", **fields})


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# Doors -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_with_the_rights(editor: User, client: Client, signed_in: Callable[[User], Client]) -> None:
    delivery = Delivery.objects.create(profile="neutral", name="x", sha256="", outcome=Outcome.DONE)
    one = f"{URL}{delivery.pk}/"
    pages = [URL, NEW, one, f"{one}postep/", f"{one}raport.json", f"{URL}paczki/"]
    posts = [NEW, *(f"{one}{end}/" for end in ("zgoda", "dalej", "decyzje"))]
    posts += [f"{URL}paczki/", f"{URL}paczki/odpowiedzi/"]
    assert {client.get(url)["Location"].split("?")[0] for url in pages} == {"/konto/login/"}
    without = signed_in(editor)
    assert {without.get(url).status_code for url in pages} == {302}
    assert {without.post(url).status_code for url in posts} == {302}
    assert "Wymiana danych" not in without.get("/admin/").content.decode()
    looking = signed_in(grant(editor, ["exchange.view"]))
    assert [looking.get(url).status_code for url in pages] == [200, 302, 200, 200, 200, 200]
    assert {looking.post(url).status_code for url in posts} == {302}
    assert "Wymiana danych" in looking.get("/admin/").content.decode()
    assert "no-store" in looking.get(URL)["Cache-Control"]


@pytest.mark.django_db
def test_wrong_addresses(administrator: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(administrator)
    for url in (f"{URL}99/", f"{URL}99/postep/", f"{URL}{'9' * 30}/", f"{URL}99/odrzucone/x.csv"):
        assert client.get(url).status_code == 404
    for query in ("po=x", "po=99999999999999999999", "przed=-1", "wynik=x", "droga=%27", "po=1&przed=2"):
        assert client.get(f"{URL}?{query}").status_code == 200
    delivery = Delivery.objects.create(profile="neutral", name="x", sha256="", outcome=Outcome.DONE)
    for query in ("rodzaj=x", "zestaw=x%22", "po=x", "rodzaj=conflict&tylko=otwarte&po=7"):
        assert client.get(f"{URL}{delivery.pk}/?{query}").status_code == 200
    for data in ({}, {"do": "x"}, {"do": "theirs"}, {"do": "theirs", "finding": ["x", "99"]}):
        assert client.post(f"{URL}{delivery.pk}/decyzje/", data).status_code == 404
    assert client.post(f"{URL}{delivery.pk}/zgoda/", {"do": "x"}).status_code == 404
    assert client.get(f"{URL}{delivery.pk}/zgoda/").status_code == 405


# Upload ----------------------------------------------------------------------------------


@pytest.mark.feature("L11")
def test_what_is_uploaded_is_taken_over(screen: Client, administrator: User, runtime_dir: Path) -> None:
    answer = upload(screen, CUSTOMERS)
    delivery = Delivery.objects.get()
    assert answer["Location"] == f"{URL}{delivery.pk}/"
    assert (delivery.outcome, delivery.way_in, delivery.received_by) == (
        Outcome.DONE,
        "upload",
        administrator,
    )
    assert Customer.objects.count() == 10
    page = text_of(screen, answer["Location"])
    assert "Wszystko przejęte" in page
    assert list((runtime_dir / "exchange" / "uploads").iterdir()) == []
    assert Event.objects.get(kind="exchange.delivery_received").actor_id == administrator.pk


def test_two_files_of_the_same_name(screen: Client) -> None:
    upload(screen, CUSTOMERS[:5], [CUSTOMERS[0], *CUSTOMERS[5:]])
    assert (Delivery.objects.get().outcome, Customer.objects.count()) == (Outcome.DONE, 10)


def test_a_trial_run_and_then_for_real(screen: Client) -> None:
    upload(screen, CUSTOMERS, dry_run="on")
    delivery = Delivery.objects.get()
    assert (delivery.outcome, Customer.objects.count()) == (Outcome.DRY, 0)
    assert "Przejmij teraz naprawdę" in text_of(screen, f"{URL}{delivery.pk}/")
    screen.post(f"{URL}{delivery.pk}/dalej/")
    screen.post(f"{URL}{delivery.pk}/dalej/")
    delivery.refresh_from_db()
    assert (delivery.outcome, Customer.objects.count()) == (Outcome.DONE, 10)


@pytest.mark.parametrize(
    ("fields", "file", "sentence"),
    [
        ({}, None, "Wskaż pliki do wysłania."),
        ({}, ("customers.csv", b""), "jest pusty"),
        ({}, ("obraz.png", b"\x89PNG\r\n\x1a\n" * 9), "obraz.png"),
        ({}, ("customers.zip", b"PK\x03\x04 torn"), "customers.zip"),
        ({"as_of": "2999-01-01T10:00"}, ("customers.csv", b"code;name\n"), "jeszcze nie nadeszła"),
        ({"as_of": "wczoraj"}, ("customers.csv", b"code;name\n"), 'value="wczoraj"'),
        ({"profile": "nobody"}, ("customers.csv", b"code;name\n"), "nobody"),
        ({"holds": "x\x00"}, ("customers.csv", b"code;name\n"), "holds"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(
    screen: Client, fields: dict[str, str], file: tuple[str, bytes] | None, sentence: str
) -> None:
    data: dict[str, Any] = {"profile": "neutral", "as_of": "", "holds": "", **fields}
    if file:
        data["uploads"] = SimpleUploadedFile(*file)
    answer = screen.post(NEW, data)
    assert answer.status_code in (400, 422)
    assert answer.status_code == 400 or sentence in answer.content.decode()
    assert Delivery.objects.count() == 0


def test_the_limit_of_an_upload(screen: Client) -> None:
    configure(upload_limit_mb=1)
    answer = upload(screen, ["x" * 600_000], ["y" * 600_000])
    assert (answer.status_code, "obserwowanego folderu" in answer.content.decode()) == (422, True)


def test_names_of_files_cannot_leave_the_folder(screen: Client, runtime_dir: Path) -> None:
    body = "\n".join(CUSTOMERS).encode() + b"\n"
    for name in ("../../../customers.csv", "/etc/customers.csv", "a" * 400 + "ż" * 300 + ".csv", ".csv"):
        upload_file = io.BytesIO(body)
        upload_file.name = name
        answer = screen.post(NEW, {"profile": "neutral", "uploads": upload_file, "as_of": "", "holds": ""})
        assert answer.status_code in (302, 400, 422)
    assert not (runtime_dir.parent / "customers.csv").exists()


# Progress --------------------------------------------------------------------------------


def test_progress_is_shown_until_it_is_over(screen: Client, tmp_path: Path) -> None:
    delivery = pipeline.receive([write(tmp_path / "x", customers=CUSTOMERS)], profile="neutral")
    Delivery.objects.filter(pk=delivery.pk).update(
        phase=Phase.PARSED, progress={"phase": "parsed", "dataset": "customers", "done": 4, "of": 10}
    )
    page = text_of(screen, f"{URL}{delivery.pk}/")
    assert f'data-hx-get="{URL}{delivery.pk}/postep/"' in page
    assert page.count(f'<a href="{URL}{delivery.pk}/">') == 1  # without scripts, "Refresh" is a link
    part = screen.get(f"{URL}{delivery.pk}/postep/")
    assert ('max="10"' in part.content.decode(), part.headers.get("HX-Refresh")) == (True, None)
    assert 'aria-current="step"' in part.content.decode()
    Delivery.objects.filter(pk=delivery.pk).update(phase=Phase.RECEIVED)
    pipeline.proceed(delivery.pk)
    over = screen.get(f"{URL}{delivery.pk}/postep/")
    assert (over.headers["HX-Refresh"], "data-hx-get" in over.content.decode()) == ("true", False)


# Report ----------------------------------------------------------------------------------


def test_the_report_in_words_and_as_a_file(screen: Client, tmp_path: Path) -> None:
    stated = {"ledger.csv": {"rows": 10, "totals": {"amount": "60.00"}}}
    manifest = {"as_of": "2026-05-14T06:00:00+02:00", "files": stated}
    folder = write(tmp_path / "x", customers=changed(CUSTOMERS, **WRONG), ledger=LEDGER)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    delivery = take_in(folder)
    page = text_of(screen, f"{URL}{delivery.pk}/")
    assert "&lt;script&gt;" in page
    assert "to nie adres" in page
    assert 'href="#ustalenia">Do przejrzenia: odrzucone 4</a>' in page
    for words in ("60,00", "Saldo wszystkich klientów przed", "customers.csv"):
        assert words in page
    assert json.loads(screen.get(f"{URL}{delivery.pk}/raport.json").content)["delivery"] == delivery.pk
    file: Any = screen.get(f"{URL}{delivery.pk}/odrzucone/customers.csv")
    content = b"".join(file.streaming_content).decode("utf-8-sig")
    assert content.splitlines()[1].startswith("K-000001;Klient 1;")
    assert screen.get(f"{URL}{delivery.pk}/odrzucone/payments.csv").status_code == 404
    assert Event.objects.filter(kind="exchange.rejects_downloaded").count() == 1


def test_findings_are_paged_both_ways(screen: Client, tmp_path: Path) -> None:
    delivery = take_in(write(tmp_path / "x", customers=CUSTOMERS))
    part = delivery.parts.get()
    part.rejected = 60
    part.save()
    Finding.objects.bulk_create(
        Finding(part=part, kind=FindingKind.REJECTED, row_number=number, reason=f"Powód {number:03}")
        for number in range(1, 61)
    )

    def shown(url: str) -> list[str]:
        return re.findall(r"Powód \d+", text_of(screen, url))

    def link(url: str, rel: str) -> str:
        found = re.search(rf'rel="{rel}" href="([^"]+)"', text_of(screen, url))
        return one + found[1].replace("&amp;", "&") if found else ""

    one = f"{URL}{delivery.pk}/"
    first = shown(one)
    assert first == [f"Powód {number:03}" for number in range(1, 26)]
    second = link(one, "next")
    assert shown(second) == [f"Powód {number:03}" for number in range(26, 51)]
    third = link(second, "next")
    assert (len(shown(third)), link(third, "next")) == (10, "")
    assert shown(link(third, "prev")) == shown(second)
    assert (shown(link(second, "prev")), link(one, "prev")) == (first, "")


@pytest.mark.parametrize("count", [1, 30])
def test_pages_take_the_same_queries(screen: Client, tmp_path: Path, count: int) -> None:
    delivery = take_in(write(tmp_path / "x", customers=CUSTOMERS))
    part = delivery.parts.get()
    part.conflicts = count
    part.save()
    Finding.objects.bulk_create(
        Finding(part=part, kind=FindingKind.CONFLICT, reason="x", cells={"name": "a"}, ours={"name": "b"})
        for _number in range(count)
    )
    Delivery.objects.bulk_create(
        Delivery(profile="neutral", name="y", sha256="", outcome=Outcome.DONE) for _number in range(count)
    )
    taken = []
    for url in (URL, f"{URL}{delivery.pk}/"):
        screen.get(url)
        with CaptureQueriesContext(connection) as asked:
            screen.get(url)
        taken.append(len([query for query in asked.captured_queries if '"exchange_' in query["sql"]]))
    assert taken == [3, 5]


# Decisions -------------------------------------------------------------------------------


@pytest.fixture
def conflict(screen: Client, tmp_path: Path) -> Finding:
    """Somebody corrected a customer, and the billing system says otherwise."""
    take_in(write(tmp_path / "first", customers=CUSTOMERS))
    customer = Customer.objects.get(code="K-000003")
    customer.name = "Poprawiona"
    entering.correct(customer, actor=None)
    take_in(write(tmp_path / "second", customers=changed(CUSTOMERS, **{"K-000003": "Klient 3=Inna"})))
    return Finding.objects.get(kind=FindingKind.CONFLICT)


@pytest.mark.parametrize(("do", "name"), [("theirs", "Inna"), ("ours", "Poprawiona")])
def test_a_conflict_is_decided_on_the_page(screen: Client, conflict: Finding, do: str, name: str) -> None:
    one = f"{URL}{conflict.part.delivery_id}/"
    page = text_of(screen, one)
    assert ("Przyjmij z systemu bilingowego" in page, "Zostaw nasze" in page) == (True, True)
    assert ("Inna" in page, "Poprawiona" in page) == (True, True)
    data = {"do": do, "finding": str(conflict.pk), "rodzaj": "conflict", "tylko": "otwarte", "zestaw": '"><x'}
    answer = screen.post(f"{one}decyzje/", data)
    assert answer["Location"] == f"{one}?rodzaj=conflict&tylko=otwarte#ustalenia"
    assert Customer.objects.get(code="K-000003").name == name
    again = screen.post(f"{one}decyzje/", data, follow=True)
    assert "już rozstrzygnięta" in again.content.decode()
    assert Event.objects.filter(kind="exchange.conflict_decided").count() == 1


def test_deciding_needs_its_own_right(
    conflict: Finding, editor: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(grant(editor, ["exchange.view", "exchange.upload", "exchange.approve"]))
    one = f"{URL}{conflict.part.delivery_id}/"
    assert "Zostaw nasze" not in text_of(client, one)
    client.post(f"{one}decyzje/", {"do": "theirs", "finding": str(conflict.pk)})
    assert Finding.objects.get(pk=conflict.pk).decision == Decision.OPEN


def test_a_finding_of_another_delivery_is_not_decided(screen: Client, conflict: Finding) -> None:
    other = Delivery.objects.order_by("pk").first()
    assert other is not None
    answer = screen.post(f"{URL}{other.pk}/decyzje/", {"do": "theirs", "finding": str(conflict.pk)})
    assert answer.status_code == 404


def test_missing_rows_are_reviewed_a_page_at_once(screen: Client, tmp_path: Path) -> None:
    configure(approval_threshold=100)
    take_in(write(tmp_path / "first", customers=CUSTOMERS))
    delivery = take_in(write(tmp_path / "fewer", customers=CUSTOMERS[:-3]))
    keys = list(Finding.objects.filter(kind=FindingKind.VANISHED).values_list("pk", flat=True))
    assert len(keys) == 3
    screen.post(f"{URL}{delivery.pk}/decyzje/", {"do": "reviewed", "finding": [str(key) for key in keys]})
    assert set(Finding.objects.values_list("decision", flat=True)) == {Decision.OURS}
    assert Customer.objects.count() == 10


# Approval --------------------------------------------------------------------------------


@pytest.fixture
def waiting(screen: Client, tmp_path: Path) -> Delivery:
    """A delivery that changes everybody."""
    take_in(write(tmp_path / "first", customers=CUSTOMERS))
    others = [line.replace("Klient", "Inny") for line in CUSTOMERS]
    delivery = take_in(write(tmp_path / "second", customers=others))
    assert delivery.outcome == Outcome.WAITING
    return delivery


def test_approving(screen: Client, waiting: Delivery, administrator: User) -> None:
    url = f"{URL}{waiting.pk}/"
    assert "Zatwierdź i przejmij" in text_of(screen, url)
    assert screen.post(f"{url}zgoda/", {"do": "approve"}).status_code == 302
    late = screen.post(f"{url}zgoda/", {"do": "approve"}, follow=True)
    assert "nie czeka" in late.content.decode() or "does not wait" in late.content.decode()
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.approved_by) == (Outcome.DONE, administrator)
    assert Customer.objects.filter(name__startswith="Inny").count() == 10
    assert Event.objects.filter(kind="exchange.delivery_approved").count() == 1


def test_refusing_needs_a_reason(screen: Client, waiting: Delivery) -> None:
    url = f"{URL}{waiting.pk}/zgoda/"
    empty = screen.post(url, {"do": "refuse", "reason": " "}, follow=True)
    assert "Napisz, dlaczego odrzucasz" in empty.content.decode()
    screen.post(url, {"do": "refuse", "reason": "Zły plik"})
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.sentence) == (Outcome.REFUSED, "Zły plik")
    assert Customer.objects.filter(name__startswith="Inny").count() == 0


def test_approving_needs_its_own_right(
    waiting: Delivery, editor: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(grant(editor, ["exchange.view", "exchange.upload", "exchange.decide"]))
    assert "Zatwierdź i przejmij" not in text_of(client, f"{URL}{waiting.pk}/")
    client.post(f"{URL}{waiting.pk}/zgoda/", {"do": "approve"})
    waiting.refresh_from_db()
    assert waiting.outcome == Outcome.WAITING


def test_the_list_filters_and_pages(screen: Client) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            profile="neutral",
            name=f"Dostawa {number:03}",
            sha256="",
            outcome=Outcome.REFUSED if number % 2 else Outcome.DONE,
            way_in="folder",
        )
        for number in range(120)
    )
    shown = re.findall(r"Dostawa \d+", text_of(screen, f"{URL}?wynik=refused"))
    assert shown[:2] == ["Dostawa 119", "Dostawa 117"]
    assert len(shown) == 50
    page = text_of(screen, f"{URL}?wynik=refused&droga=folder")
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    assert ("wynik=refused" in following[1], "droga=folder" in following[1]) == (True, True)
    assert "Nie ma takiej dostawy." in text_of(screen, f"{URL}?droga=refresh")

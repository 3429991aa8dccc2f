"""The public list, a document's page, and the download."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from ebok.journal.models import Detail, Event
from ebok_plugins.e_dokument.models import DocumentCategory, DocumentSettings, DocumentTemplate, DownloadCount
from ebok_plugins.e_dokument.testing import PDF, make_document, make_form

LIST = "/dokumenty/"
NOW = "2026-05-14 12:00+02:00"


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [document.title for group in response.context["groups"] for document in group.documents]


@pytest.mark.feature("A07", "J06", "N01")
def test_the_module_works_alone(client: Client, document: DocumentTemplate) -> None:
    """No zone and no other module is on: list, page and file are there."""
    listed = client.get(LIST)
    assert b"Wniosek o\xc2\xa0wodomierz ogrodowy" in listed.content
    assert client.get(document.get_absolute_url()).status_code == 200
    response = client.get(document.download_url)
    assert response.getvalue() == PDF


@pytest.mark.feature("A07")
def test_list_is_grouped_by_category_in_its_order(client: Client, site: Site, e_dokument: None) -> None:
    for order, slug in enumerate(("umowy", "ceny")):
        category = DocumentCategory.objects.create(name=slug.title(), slug=slug, order=order)
        make_document(site, f"b-{slug}", category=category)
        make_document(site, f"a-{slug}", category=category)
    groups = client.get(LIST).context["groups"]
    assert [(group.category.name, [document.slug for document in group.documents]) for group in groups] == [
        ("Umowy", ["a-umowy", "b-umowy"]),
        ("Ceny", ["a-ceny", "b-ceny"]),
    ]


@pytest.mark.feature("A07")
def test_search_finds_inflected_words_without_polish_letters(
    client: Client, site: Site, document: DocumentTemplate
) -> None:
    make_document(site, "taryfa", title="Taryfa")
    assert titles(client, "?q=wodomierza+sciekow") == ["Wniosek o wodomierz ogrodowy"]
    assert titles(client, "?q=TARYFĘ") == ["Taryfa"]
    assert titles(client, "?q=nie-ma") == []
    assert "Nie mamy takiego dokumentu" in client.get(f"{LIST}?q=nie-ma").content.decode()


def test_an_empty_list_says_so(client: Client, e_dokument: None) -> None:
    assert "Nie ma jeszcze dokumentów" in client.get(LIST).content.decode()


@pytest.mark.feature("J06")
def test_upcoming_is_shown_with_its_day_and_expired_is_hidden(
    client: Client, site: Site, e_dokument: None
) -> None:
    with time_machine.travel(NOW):
        make_document(site, "przyszla", valid_from=date(2027, 1, 1))
        make_document(site, "dawna", valid_to=date(2026, 5, 13))
        make_document(site, "do-dzis", valid_to=date(2026, 5, 14))
        body = client.get(LIST).content.decode()
        assert titles(client) == ["Wzór do-dzis", "Wzór przyszla"]
        assert "obowiązuje od 1\xa0stycznia\xa02027" in body
        assert client.get("/dokumenty/dawna/").status_code == 404
        assert client.get("/dokumenty/dawna/pobierz/").status_code == 404
    with time_machine.travel("2026-05-15 00:01+02:00"):
        assert titles(client) == ["Wzór przyszla"]


def test_drafts_and_documents_of_other_sites_are_hidden(
    client: Client, site: Site, root_page: Page, e_dokument: None
) -> None:
    other = Site.objects.create(hostname="inna.lipowo.example", root_page=site.root_page)
    for document in (make_document(site, "szkic", live=False), make_document(other, "obcy")):
        for path in (document.get_absolute_url(), document.download_url, document.application_url):
            assert client.get(path).status_code == 404
    assert titles(client) == []


def test_list_takes_the_same_queries_for_1_and_30(client: Client, site: Site, e_dokument: None) -> None:
    """Two of its own, documents and categories; the rest is the frame's."""
    seen = []
    for count in (1, 29):
        for place in range(count):
            document = make_document(site, f"wzor-{count}-{place}", content=PDF + b"%d %d" % (count, place))
            make_form(document)
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        seen.append((sum("e_dokument_" in query["sql"] for query in captured), len(captured)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 2


def test_long_lists_have_pages(
    client: Client, site: Site, e_dokument: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ebok_plugins.e_dokument.queries.PAGE_SIZE", 2)
    for place in range(5):
        make_document(site, f"wzor-{place}")
    assert [len(titles(client, f"?strona={number}")) for number in (1, 2, 3, 4)] == [2, 2, 1, 0]
    assert 'rel="next"' in client.get(LIST).content.decode()
    assert 'rel="prev"' in client.get(f"{LIST}?strona=2").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?strona=0",
        "?strona=-1",
        "?strona=99999999999999",
        "?strona=x",
        "?kategoria=%F0%9F%92%A7",
        "?q=" + "x" * 3000,
    ],
)
def test_bad_input_is_no_error(query: str, client: Client, document: DocumentTemplate) -> None:
    assert client.get(LIST + query).status_code == 200


@pytest.mark.parametrize("path", [LIST, "/dokumenty/wodomierz/"])
def test_public_pages_are_the_same_for_everyone_and_may_be_kept(
    path: str, client: Client, document: DocumentTemplate, form: object, superuser: Any, signed_in: Any
) -> None:
    anonymous, known = client.get(path), signed_in(superuser).get(path)
    assert anonymous.content == known.content
    assert b"csrf" not in anonymous.content
    assert "public" in anonymous["Cache-Control"]
    assert not anonymous.cookies


def test_english_pages(client: Client, site: Site, document: DocumentTemplate) -> None:
    make_document(site, "meter", title="How to read your meter", language="en")
    body = client.get("/en/dokumenty/").content.decode()
    assert "in Polish" in body
    assert 'lang="en"' in body
    assert body.index("How to read") < body.index("wodomierz ogrodowy")
    assert "po angielsku" in client.get(LIST).content.decode()


# The download --------------------------------------------------------------------------------


@pytest.mark.feature("A07", "K01")
def test_a_download_is_counted_and_journalled(client: Client, document: DocumentTemplate) -> None:
    for _time in range(2):
        client.get(
            document.download_url, REMOTE_ADDR="192.0.2.7", headers={"user-agent": "Próbny"}
        ).getvalue()
    assert DownloadCount.objects.get(template=document).downloads == 2
    events = Event.objects.filter(kind="e_dokument.downloaded")
    assert [(event.object_type, event.object_id) for event in events] == [
        ("e_dokument.documenttemplate", str(document.pk))
    ] * 2
    detail = Detail.objects.filter(event_id=events[0].pk).get()
    assert detail.text == "Pobrano dokument „Wniosek o wodomierz ogrodowy” (wodomierz.pdf)."
    assert detail.address == "192.0.2.7"


def test_a_download_can_do_no_harm(client: Client, document: DocumentTemplate) -> None:
    response = client.get(document.download_url)
    assert response.getvalue() == PDF
    assert {
        name: response[name]
        for name in ("Content-Type", "Content-Length", "X-Content-Type-Options", "Content-Security-Policy")
    } == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF)),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == (
        'attachment; filename="wniosek-o-wodomierz-ogrodowy.pdf"; '
        "filename*=UTF-8''Wniosek%20o%20wodomierz%20ogrodowy.pdf"
    )


@pytest.mark.parametrize(
    ("asked", "status", "sent", "counted"),
    [
        ("bytes=0-3", 206, PDF[:4], 1),
        ("bytes=5-", 206, PDF[5:], 0),
        ("bytes=-5", 206, PDF[-5:], 1),
        ("bytes=0-99999", 206, PDF, 1),
        ("bytes=9999-", 416, b"", 0),
        ("bytes=7-3", 200, PDF, 0),
        ("bytes=0-1,4-5", 200, PDF, 1),
        ("lines=1-2", 200, PDF, 1),
        ("bytes=-", 200, PDF, 1),
        ("bytes=" + "9" * 40 + "-", 200, PDF, 1),
    ],
)
def test_ranges(
    asked: str, status: int, sent: bytes, counted: int, client: Client, document: DocumentTemplate
) -> None:
    response = client.get(document.download_url, headers={"range": asked})
    body = response.getvalue()
    assert (response.status_code, body) == (status, sent)
    assert sum(DownloadCount.objects.values_list("downloads", flat=True)) == counted


def test_head_is_not_counted(client: Client, document: DocumentTemplate) -> None:
    response = client.head(document.download_url)
    assert (response.status_code, response["Content-Length"]) == (200, str(len(PDF)))
    assert not DownloadCount.objects.exists()
    assert not Event.objects.filter(kind="e_dokument.downloaded").exists()


def test_a_lost_file_is_not_found(client: Client, document: DocumentTemplate) -> None:
    assert document.file is not None
    document.file.file.storage.delete(str(document.file.file.name))
    assert client.get(document.download_url).status_code == 404
    assert not DownloadCount.objects.exists()


def test_the_proxy_sends_the_bytes_where_it_can(
    client: Client, document: DocumentTemplate, settings: Any
) -> None:
    settings.EBOK_X_ACCEL_PREFIX = "/prywatne/"
    response = client.get(document.download_url)
    assert document.file is not None
    assert response["X-Accel-Redirect"] == f"/prywatne/e_dokument/{document.file.file.name}"
    assert response.content == b""
    assert DownloadCount.objects.get().downloads == 1


@pytest.mark.feature("J06")
def test_earlier_versions_can_be_shown_or_hidden(
    client: Client, site: Site, document: DocumentTemplate
) -> None:
    old = document.versions.get()
    later = make_document(site, "inny", content=PDF + b"%2")
    document.file, document.version = later.file, "2"
    document.save()
    path = f"/dokumenty/wodomierz/pobierz/{old.pk}/"
    assert "Wersja 1" in client.get("/dokumenty/wodomierz/").content.decode()
    assert client.get(path).getvalue() == PDF
    DocumentSettings.objects.update_or_create(site=site, defaults={"show_history": False})
    assert "Wersja 1" not in client.get("/dokumenty/wodomierz/").content.decode()
    assert client.get(path).status_code == 404
    assert client.get(f"/dokumenty/wodomierz/pobierz/{9 * 10**30}/").status_code == 404


def test_a_version_of_another_document_is_not_found(
    client: Client, site: Site, document: DocumentTemplate
) -> None:
    secret = make_document(site, "szkic", live=False, content=PDF + b"%2")
    assert client.get(f"/dokumenty/wodomierz/pobierz/{secret.versions.get().pk}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_through_public_pages(
    method: str, client: Client, document: DocumentTemplate
) -> None:
    for path in (LIST, document.get_absolute_url(), document.download_url):
        assert getattr(client, method)(path).status_code == 405
    assert DocumentTemplate.objects.get().changed_at - document.changed_at < timedelta(seconds=1)

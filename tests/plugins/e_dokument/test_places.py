"""Where the module shows itself: insets, cards, status board, admin; and that it all goes with the switch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.operations.demo_world import World
from ebok.ports import StatusLight
from ebok_plugins.e_dokument import demo, queries, status
from ebok_plugins.e_dokument.blocks import DocumentsBlock
from ebok_plugins.e_dokument.models import (
    Application,
    ApplicationForm,
    DocumentCategory,
    DocumentTemplate,
    Question,
)
from ebok_plugins.e_dokument.testing import PDF, make_document, make_form

ADMIN = "/admin/snippets/e_dokument"


@pytest.fixture
def page_request(rf: RequestFactory, site: Site) -> Any:
    """A request for a page of the default site."""
    return rf.get("/", headers={"host": "localhost"})


def drawn(value: dict[str, Any], request: Any) -> list[str]:
    block = DocumentsBlock()
    context = block.get_context(block.to_python(value), parent_context={"request": request})
    return [document.slug for document in context["rows"]]


# The inset -----------------------------------------------------------------------------------


@pytest.mark.feature("A07")
def test_inset_shows_chosen_documents_in_their_order(site: Site, e_dokument: None, page_request: Any) -> None:
    one, two, draft = (make_document(site, slug, live=slug != "c") for slug in "abc")
    chosen = [two.pk, draft.pk, one.pk]
    items = [{"type": "item", "value": pk, "id": str(pk)} for pk in chosen]
    assert drawn({"documents": items, "rows": 5}, page_request) == ["b", "a"]


def test_inset_shows_a_category_or_all(site: Site, e_dokument: None, page_request: Any) -> None:
    category = DocumentCategory.objects.create(name="Ceny", slug="ceny", order=1)
    make_document(site, "taryfa", category=category)
    make_document(site, "inny")
    assert drawn({"category": category.pk, "rows": 5}, page_request) == ["taryfa"]
    assert drawn({"rows": 5}, page_request) == ["taryfa", "inny"]
    assert drawn({"rows": 1}, page_request) == ["taryfa"]


@pytest.mark.parametrize("count", [1, 30])
def test_inset_takes_one_query(
    count: int, site: Site, e_dokument: None, page_request: Any, assert_queries: Callable[[int], Any]
) -> None:
    for place in range(count):
        make_document(site, f"wzor-{place}")
    Site.find_for_request(page_request)
    block = DocumentsBlock()
    value = block.to_python({"rows": 30})
    with assert_queries(1):
        block.render(value, context={"request": page_request})


def test_inset_row_downloads_the_file(document: DocumentTemplate, page_request: Any) -> None:
    block = DocumentsBlock()
    body = block.render(block.to_python({"heading": "Nasze wzory"}), context={"request": page_request})
    assert 'href="/dokumenty/wodomierz/pobierz/"' in body
    assert "Nasze wzory" in body
    assert "PDF, 1\xa0KB" in body


# The status board ----------------------------------------------------------------------------


def test_status_names_documents_nobody_can_use(site: Site, e_dokument: None) -> None:
    assert status.documents(site).light is StatusLight.OK
    old = make_document(site, "dawny", valid_to=date(2020, 1, 1))
    assert status.documents(site).light is StatusLight.WARNING
    assert "1 opublikowany dokument już nie obowiązuje" in str(status.documents(site).sentence)
    empty = make_document(site, "pusty")
    DocumentTemplate.objects.filter(pk=empty.pk).update(file=None)
    assert "nie ma pliku ani wniosku online" in str(status.documents(site).sentence)
    make_form(empty)
    old.unpublish()
    assert status.documents(site).light is StatusLight.OK


def test_status_names_applications_that_wait(site: Site, application: Application) -> None:
    assert status.applications(site).light is StatusLight.OK
    with time_machine.travel(application.sent_at + timedelta(days=8)):
        assert str(status.applications(site).sentence) == "1 wniosek czeka ponad 7 dni."


def test_status_says_whether_files_are_scanned(site: Site, settings: Any) -> None:
    assert "nie jest podłączony" in str(status.antivirus(site).sentence)
    settings.EBOK_ANTIVIRUS = "builtins.bool"
    assert "przechodzą przez skaner" in str(status.antivirus(site).sentence)


# The Wagtail admin ---------------------------------------------------------------------------


@pytest.fixture
def admin(superuser: User, signed_in: Callable[[User], Client]) -> Client:
    """The browser of somebody who may do everything."""
    return signed_in(superuser)


def document_data(site: Site, category: DocumentCategory, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Wniosek o rozwiązanie umowy",
        "slug": "",
        "site": site.pk,
        "category": category.pk,
        "description": "Gdy się wyprowadzasz.",
        "language": "pl",
        "version": "1",
        "valid_from": "",
        "valid_to": "",
        **changes,
    }


@pytest.mark.feature("J06", "A07")
def test_an_editor_publishes_a_document(admin: Client, client: Client, site: Site, e_dokument: None) -> None:
    category = DocumentCategory.objects.create(name="Umowy", slug="umowy")
    data = document_data(
        site, category, upload=SimpleUploadedFile("Wniosek.PDF", PDF), **{"action-publish": "1"}
    )
    response = admin.post(f"{ADMIN}/documenttemplate/add/", data)
    assert response.status_code == 302, response.context["form"].errors
    document = DocumentTemplate.objects.get()
    assert (document.slug, document.live) == ("wniosek-o-rozwiazanie-umowy", True)
    assert document.file is not None
    assert (document.file.original_name, document.file.size) == ("Wniosek.PDF", len(PDF))
    body = client.get(document.download_url).getvalue()
    assert body == PDF
    kept = admin.post(
        f"{ADMIN}/documenttemplate/edit/{document.pk}/",
        document_data(site, category, slug=document.slug, title="Nowy tytuł", **{"action-publish": "1"}),
    )
    assert kept.status_code == 302
    document.refresh_from_db()
    assert (document.title, document.file.sha256) == ("Nowy tytuł", document.versions.get().file.sha256)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"upload": SimpleUploadedFile("a.pdf", b"<html>")}, "upload"),
        ({"upload": SimpleUploadedFile("a.exe", PDF)}, "upload"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "valid_to"),
        ({"title": ""}, "title"),
    ],
)
def test_what_cannot_be_published_is_said(
    changes: dict[str, Any], field: str, admin: Client, site: Site, e_dokument: None
) -> None:
    category = DocumentCategory.objects.create(name="Umowy", slug="umowy")
    data = document_data(site, category, **{"action-publish": "1"}, **changes)
    response = admin.post(f"{ADMIN}/documenttemplate/add/", data)
    assert field in response.context["form"].errors
    assert not DocumentTemplate.objects.exists()


def test_two_documents_of_a_site_cannot_share_an_address(
    admin: Client, site: Site, document: DocumentTemplate
) -> None:
    data = document_data(site, document.category, slug=document.slug, **{"action-publish": "1"})
    response = admin.post(f"{ADMIN}/documenttemplate/add/", data)
    assert response.status_code == 200
    assert DocumentTemplate.objects.count() == 1


@pytest.mark.feature("G18")
def test_an_editor_makes_the_questions(admin: Client, client: Client, document: DocumentTemplate) -> None:
    rows = (("Imię i nazwisko", "name", ""), ("Gdzie", "choice", "w domu\nw ogrodzie"))
    data: dict[str, Any] = {
        "title": "Wniosek",
        "template": document.pk,
        "questions-TOTAL_FORMS": "2",
        "questions-INITIAL_FORMS": "0",
        "questions-MIN_NUM_FORMS": "0",
        "questions-MAX_NUM_FORMS": "1000",
        "action-publish": "1",
    }
    for place, (label, kind, options) in enumerate(rows):
        for name, value in (("label", label), ("kind", kind), ("options", options), ("ORDER", place + 1)):
            data[f"questions-{place}-{name}"] = value
    response = admin.post(f"{ADMIN}/applicationform/add/", data)
    assert response.status_code == 302, response.context["form"].errors
    assert list(Question.objects.values_list("label", flat=True)) == ["Imię i nazwisko", "Gdzie"]
    assert "w ogrodzie" in client.get(document.application_url).content.decode()


def test_a_choice_needs_answers(document: DocumentTemplate) -> None:
    question = Question(form=make_form(document), label="Gdzie", kind="choice", options="w domu\n\nw domu\n")
    with pytest.raises(Exception, match="co najmniej dwie odpowiedzi"):
        question.full_clean()


@pytest.mark.parametrize("model", ["documenttemplate", "applicationform", "documentcategory"])
def test_admin_screens_are_there_only_while_the_module_is_on_somewhere(
    model: str, admin: Client, form: ApplicationForm, disable: Callable[..., None]
) -> None:
    row = {
        "documenttemplate": form.template,
        "applicationform": form,
        "documentcategory": form.template.category,
    }
    paths = [f"{ADMIN}/{model}/", f"{ADMIN}/{model}/add/", f"{ADMIN}/{model}/edit/{row[model].pk}/"]
    paths.append(f"/admin/snippets/choose/e_dokument/{model}/")
    assert [admin.get(path).status_code for path in paths] == [200] * 4
    assert "e-Dokument" in admin.get("/admin/").content.decode()
    disable("e_dokument")
    assert [admin.get(path).status_code for path in paths] == [404] * 4
    assert f"{ADMIN}/documenttemplate/" not in admin.get("/admin/").content.decode()


def test_preview_shows_the_draft(
    document: DocumentTemplate, form: ApplicationForm, as_user: Any, superuser: Any
) -> None:
    original = as_user(superuser).get("/admin/").wsgi_request
    for thing in (document, form):
        thing.title = "Szkic tytułu"
        response = thing.make_preview_request(original_request=original)
        assert response.status_code == 200
        text = response.render().content.decode().replace("\xa0", " ")
        assert "Szkic tytułu" in text
        # Wagtail's bar, whose accessibility checks the editor asks for.
        assert "<wagtail-userbar" in text


# The switch ----------------------------------------------------------------------------------


@pytest.mark.feature("N01")
def test_switching_off_hides_everything_and_on_brings_it_back(
    client: Client,
    document: DocumentTemplate,
    form: ApplicationForm,
    enable: Callable[..., None],
    disable: Callable[..., None],
) -> None:
    paths = ["/dokumenty/", "/en/dokumenty/", "/dokumenty/wodomierz/", "/dokumenty/wodomierz/wniosek/"]
    assert [client.get(path).status_code for path in paths] == [200] * 4
    disable("e_dokument")
    assert [client.get(path).status_code for path in [*paths, document.download_url]] == [404] * 5
    enable("e_dokument")
    assert [client.get(path).status_code for path in paths] == [200] * 4
    assert "wodomierz" in client.get("/dokumenty/").content.decode()


# The demo ------------------------------------------------------------------------------------


@pytest.mark.feature("A07")
def test_the_demo_has_twenty_documents_three_forms_and_two_applications(
    site: Site, locales: dict[str, Any], e_dokument: None, client: Client
) -> None:
    with time_machine.travel("2026-05-14 12:00+02:00"):
        from django.utils import timezone

        world = World(site=site, polish=locales["pl"], english=locales["en"], now=timezone.localtime())
        for _time in range(2):
            demo.load(world)
        counts = (
            queries.published(site).count(),
            ApplicationForm.objects.filter(live=True).count(),
            Application.objects.count(),
        )
        assert counts == (20, 3, 2)
        kinds = {document.file.extension for document in queries.published(site) if document.file}
        assert kinds == {"pdf", "docx", "odt"}
        assert queries.published(site).get(slug="taryfa-na-kolejny-rok").is_upcoming
        assert client.get("/dokumenty/").status_code == 200

"""Insets in real pages: drawn, edited in the real admin, kept when their module is gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex, Revision

from ebok.accounts.models import User
from ebok.plugins.insets import KEPT
from ebok.plugins.registry import registry
from ebok.testing.samples import SampleWorld, populate
from page_types.announcements import AnnouncementPage
from page_types.blocks import PictureBlock, TableBlock
from page_types.standard import StandardPage
from snippets.reusable.models import ReusableInset
from tests.page_types.conftest import Town

GONE = {
    "type": "e_gaz__prices",
    "value": {"rows": [1, {"ż": None}]},
    "id": "b0000000-0000-4000-8000-000000000001",
}


def block(name: str, value: Any) -> dict[str, Any]:
    return {"type": f"page_types__{name}", "value": value}


@pytest.fixture
def draw(client: Client, town: Town) -> Callable[..., str]:
    """`draw(block, …)`: the body of a page made of these blocks, hard spaces as plain ones."""

    def make(*blocks: dict[str, Any]) -> str:
        page = town.plant(StandardPage, f"strona-{StandardPage.objects.count()}", body=json.dumps(blocks))
        answer = client.get(f"/{page.slug}/")
        assert answer.status_code == 200
        return answer.text.split('<div class="eb-body">')[1].split("</main>")[0].replace("\xa0", " ")

    return make


@pytest.fixture
def image(db: None) -> Any:
    out = BytesIO()
    Picture.new("RGB", (40, 20), "teal").save(out, "PNG")
    return get_image_model().objects.create(title="Rzeka", file=ContentFile(out.getvalue(), "rzeka.png"))


# Drawing ----------------------------------------------------------------------------------


@pytest.mark.feature("J07")
def test_text_note_and_questions(draw: Any) -> None:
    text = draw(
        block("text", "<h2>Nagłówek</h2><p>Treść.</p>"),
        block("note", {"tone": "due", "sentence": "Uważaj.", "text": "<p>Zakręć wodę.</p>"}),
        block(
            "accordion", {"heading": "Pytania", "items": [{"question": "Dlaczego?", "answer": "<p>Bo.</p>"}]}
        ),
    )
    assert "<h2" in text
    assert "eb-note--due" in text
    assert "<b>Uważaj.</b>" in text
    assert "<details" in text


@pytest.mark.feature("J07")
def test_a_table_has_caption_and_headings(draw: Any) -> None:
    table = {
        "columns": [{"type": "text", "heading": "Kto"}, {"type": "number", "heading": "Cena"}],
        "rows": [{"values": ["dom", "5.12"]}, {"values": ["firma", None]}],
        "caption": "",
    }
    text = draw(block("table", {"caption": "Ceny", "table": table, "row_headings": True, "note": "brutto"}))
    assert "<caption>Ceny</caption>" in text
    assert '<th role="columnheader" scope="col">Kto</th>' in text
    assert '<th role="rowheader" scope="row">dom</th>' in text
    assert 'data-label="Cena">–</td>' in text


@pytest.mark.feature("J07")
# Wagtail leaves the temporary file of a new rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_picture_speaks_or_is_silent(draw: Any, image: Any) -> None:
    words = {"image": image.pk, "alt": "Rzeka nocą", "decorative": False, "caption": "Struga"}
    text = draw(block("picture", words), block("picture", {**words, "alt": "", "decorative": True}))
    assert 'alt="Rzeka nocą"' in text
    assert 'alt=""' in text
    assert "<figcaption" in text


@pytest.mark.feature("J06", "J07")
def test_downloads_tiles_hours_and_contact(draw: Any, town: Town, enable: Callable[..., None]) -> None:
    enable("client_zone")
    file = get_document_model().objects.create(title="Regulamin", file=ContentFile(b"x" * 2048, "r.pdf"))
    town.plant(StandardPage, "cel", title="Cel")
    target = StandardPage.objects.get(slug="cel")
    tile = {"icon": "card", "hint": "", "link": {"title": "Zapłać", "page": target.pk, "address": ""}}
    away = {"icon": "drop", "hint": "", "link": {"title": "Konto", "page": None, "address": "/moje-konto/"}}
    hours = {"days": ["6"], "opens": "09:00:00", "closes": "12:00:00"}
    card = {"name": "Biuro", "phone": "994", "email": "", "place": "", "note": ""}
    text = draw(
        block("downloads", {"heading": "Pliki", "files": [{"file": file.pk, "title": ""}]}),
        block("tiles", {"heading": "", "tiles": [tile, away]}),
        block("opening_hours", {"heading": "Sobota", "hours": [hours]}),
        block("contact_card", card),
    )
    for expected in (
        "Regulamin",
        "PDF",
        'href="/cel/"',
        'href="/moje-konto/"',
        "9:00–12:00",
        'href="tel:994"',
    ):
        assert expected in text


@pytest.mark.feature("J07")
def test_what_is_new(draw: Any, announce: Callable[..., AnnouncementPage]) -> None:
    announce("nowina", title="Nowina")
    text = draw(
        block("latest_announcements", {"heading": "Nowe", "count": 2}),
        block("current_outages", {"heading": "Awarie", "planned": True}),
    )
    assert 'href="/aktualnosci/nowina/"' in text
    assert "Woda płynie wszędzie" in text


@pytest.mark.parametrize("name", ["tiles", "downloads", "reusable", "picture"])
def test_what_an_inset_points_to_may_be_gone(draw: Any, name: str, town: Town) -> None:
    link = {"title": "X", "page": 999999, "address": ""}
    gone = {
        "tiles": {"heading": "", "tiles": [{"icon": "card", "hint": "", "link": link}]},
        "downloads": {"heading": "", "files": [{"file": 999999, "title": "X"}]},
        "reusable": {"inset": 999999},
        "picture": {"image": 999999, "alt": "X", "decorative": False, "caption": ""},
    }[name]
    draw(block(name, gone))


def test_pictures_and_tables_must_be_readable(image: Any) -> None:
    picture = PictureBlock()
    for alt, decorative in (("", False), ("Rzeka", True)):
        value = picture.to_python({"image": image.pk, "alt": alt, "decorative": decorative, "caption": ""})
        with pytest.raises(ValidationError):
            picture.clean(value)
    table = TableBlock()
    columns = {"columns": [{"type": "text", "heading": ""}], "rows": [{"values": ["x"]}], "caption": ""}
    with pytest.raises(ValidationError):
        table.clean(table.to_python({"caption": "C", "table": columns, "row_headings": True, "note": ""}))


# Reusable insets --------------------------------------------------------------------------


@pytest.fixture
def reusable(town: Town) -> ReusableInset:
    inset = ReusableInset(
        name="Ostrzeżenie",
        locale=town.locales["pl"],
        body=json.dumps([block("text", "<p>Uwaga, oszuści.</p>")]),
    )
    inset.save()
    inset.save_revision().publish()
    return inset


@pytest.mark.feature("J07")
def test_one_inset_stands_on_many_pages_and_changes_everywhere(
    client: Client, town: Town, reusable: ReusableInset
) -> None:
    pages = [
        town.plant(StandardPage, slug, body=json.dumps([block("reusable", {"inset": reusable.pk})]))
        for slug in ("jeden", "dwa")
    ]
    reusable.body = reusable._meta.get_field("body").to_python(
        json.dumps([block("text", "<p>Nowe słowa.</p>")])
    )
    reusable.save_revision().publish()
    for page in pages:
        assert "Nowe słowa." in client.get(f"/{page.slug}/").text
    reusable.unpublish()
    for page in pages:
        assert "Nowe słowa." not in client.get(f"/{page.slug}/").text


@pytest.mark.feature("J07")
def test_where_an_inset_is_used(
    reference_index: None, town: Town, reusable: ReusableInset, signed_in: Any, superuser: User
) -> None:
    page = town.plant(
        StandardPage,
        "jeden",
        title="Strona ze wstawką",
        body=json.dumps([block("reusable", {"inset": reusable.pk})]),
    )
    (use,) = ReferenceIndex.get_grouped_references_to(reusable)
    assert use[0].pk == page.pk
    shown = signed_in(superuser).get(f"/admin/snippets/snippets/reusableinset/usage/{reusable.pk}/")
    assert "Strona ze wstawką" in shown.text


def test_an_inset_inside_itself_ends(client: Client, town: Town, reusable: ReusableInset) -> None:
    reusable.body = reusable._meta.get_field("body").to_python(
        json.dumps([block("text", "<p>Raz.</p>"), block("reusable", {"inset": reusable.pk})])
    )
    reusable.save_revision().publish()
    town.plant(StandardPage, "petla", body=json.dumps([block("reusable", {"inset": reusable.pk})]))
    assert client.get("/petla/").text.count("Raz.") == 1


def test_an_inset_expires_by_its_schedule(client: Client, town: Town, reusable: ReusableInset) -> None:
    from django.core.management import call_command

    town.plant(StandardPage, "jeden", body=json.dumps([block("reusable", {"inset": reusable.pk})]))
    reusable.expire_at = timezone.now() - timedelta(minutes=1)
    reusable.save()
    call_command("publish_scheduled", verbosity=0)
    assert "oszuści" not in client.get("/jeden/").text


def test_an_inset_can_be_previewed_and_edited(
    reusable: ReusableInset, signed_in: Any, superuser: User
) -> None:
    browser = signed_in(superuser)
    assert browser.get(f"/admin/snippets/snippets/reusableinset/edit/{reusable.pk}/").status_code == 200
    assert reusable.get_preview_template(RequestFactory().get("/"), "") == "snippets/reusable/preview.html"
    original = browser.get("/admin/").wsgi_request
    preview = reusable.make_preview_request(original_request=original, preview_mode="")
    assert "Uwaga, oszuści." in preview.text
    # Wagtail's bar, whose accessibility checks the editor asks for.
    assert "<wagtail-userbar" in preview.text


# Kept when the module is gone --------------------------------------------------------------


def plant_raw(town: Town, *blocks: dict[str, Any]) -> StandardPage:
    """A page whose stored stream holds exactly these blocks, as if their module had been there."""
    page = town.plant(StandardPage, "kartka", title="Kartka", body="[]")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE page_types_standardpage SET body = %s WHERE page_ptr_id = %s",
            [json.dumps(blocks), page.pk],
        )
    return StandardPage.objects.get(pk=page.pk)


def stored(page: StandardPage) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM page_types_standardpage WHERE page_ptr_id = %s", [page.pk])
        found = cursor.fetchone()[0]
    return json.loads(found) if isinstance(found, str) else found


def as_posted(page: StandardPage, browser: Client) -> dict[str, Any]:
    """What the editor's form sends back unchanged: title, slug and the stream's own form state."""
    state = page.body.stream_block.get_form_state(page.body)
    sent: dict[str, Any] = {"title": page.title, "slug": page.slug, "lead": "", "body-count": str(len(state))}
    for place, child in enumerate(state):
        value = child["value"]
        sent |= {
            f"body-{place}-deleted": "",
            f"body-{place}-order": str(place),
            f"body-{place}-type": child["type"],
            f"body-{place}-id": child["id"] or "",
            f"body-{place}-value": value if child["type"] == KEPT else _draft(value),
        }
    return sent


def _draft(_value: Any) -> str:
    """A rich text as the editor sends it."""
    text = {
        "key": "a1",
        "text": "Treść.",
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    return json.dumps({"blocks": [text], "entityMap": {}})


@pytest.mark.feature("J07")
@pytest.mark.parametrize("action", ["action-publish", "autosave"])
def test_an_unknown_block_survives_the_real_editor(
    town: Town, signed_in: Any, superuser: User, action: str
) -> None:
    """Through the admin's own form, saved by hand and by autosave (which sends JSON answers back)."""
    page = plant_raw(town, block("text", "<p>Treść.</p>"), GONE)
    browser = signed_in(superuser)
    address = f"/admin/pages/{page.pk}/edit/"
    assert (
        "jej treść zachowujemy" in browser.get(address).text.lower()
        or browser.get(address).status_code == 200
    )
    posted = as_posted(page, browser)
    if action == "autosave":
        saved = browser.post(address, posted, headers={"accept": "application/json"})
        assert saved.status_code == 200, saved.text
        Revision.objects.filter(object_id=str(page.pk)).latest("pk").publish()
    else:
        assert browser.post(address, {**posted, action: "1"}).status_code == 302
    kinds = [child["type"] for child in stored(page)]
    assert kinds == ["page_types__text", "e_gaz__prices"]
    assert stored(page)[1] == GONE


@pytest.mark.feature("J07")
def test_an_unknown_block_survives_revisions_and_copies(town: Town) -> None:
    page = plant_raw(town, GONE)
    page.save_revision().publish()
    assert stored(page) == [GONE]
    draft = page.save_revision()
    assert draft.as_object().body.stream_block.get_prep_value(draft.as_object().body) == [GONE]
    copied = page.copy(update_attrs={"slug": "kopia"})
    assert [(child["type"], child["value"]) for child in stored(copied)] == [(GONE["type"], GONE["value"])]


def test_an_unknown_block_is_not_drawn(client: Client, town: Town) -> None:
    plant_raw(town, GONE, block("text", "<p>Reszta strony.</p>"))
    text = client.get("/kartka/").text
    assert "Reszta strony." in text
    assert "e_gaz" not in text


@pytest.mark.feature("J07", "N01")
def test_an_inset_of_a_switched_off_module_comes_back(
    client: Client, town: Town, enable: Any, disable: Any, world: SampleWorld
) -> None:
    value: dict[str, Any] = {"heading": "Dokumenty wstawki", "documents": [], "category": None, "rows": 5}
    page = town.plant(
        StandardPage, "wzory", body=json.dumps([{"type": "e_dokument__documents", "value": value}])
    )
    enable("e_dokument")
    populate(world, 1, [registry.plugin("e_dokument")])
    there = client.get("/wzory/").text
    disable("e_dokument")
    gone = client.get("/wzory/").text
    enable("e_dokument")
    again = client.get("/wzory/").text
    assert ("Dokumenty wstawki" in there, "Dokumenty wstawki" in gone, "Dokumenty wstawki" in again) == (
        True,
        False,
        True,
    )
    assert stored(page)[0]["value"]["heading"] == "Dokumenty wstawki"


@pytest.mark.feature("J01")
def test_the_editor_works_on_every_page_type(town: Town, signed_in: Any, superuser: User) -> None:
    from page_types.base import BasePage
    from page_types.chrome import concrete_types

    browser = signed_in(superuser)
    for model in concrete_types(BasePage):
        name = model._meta.model_name
        parent = town.home
        if not model.can_create_at(parent):
            continue
        page = browser.get(f"/admin/pages/add/page_types/{name}/{parent.pk}/")
        assert page.status_code == 200, name

"""The demo's base world, its order, its files, and when it refuses."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import filetype
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image
from pypdf import PdfReader
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.operations import demo_files, demo_loading
from ebok.operations.demo_loading import BrokenChapter, base_world, in_order, load
from ebok.operations.demo_world import ACCOUNTS, DEMO_PASSWORD, World
from ebok.operations.models import DemoChapter
from ebok.plugins.activation import blockers_of_enabling, enabled_keys, is_enabled
from ebok.plugins.permissions import allowed
from ebok.plugins.registry import registry

NOW = datetime(2026, 5, 14, 10, tzinfo=UTC)


def silent(_line: str) -> None:
    """Say nothing."""


@pytest.fixture
def world(db: None) -> World:
    return base_world(now=NOW, say=silent)


@pytest.fixture
def no_chapters(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """No demo.py but those put in here, owner key to load function."""
    chapters: dict[str, Any] = {}

    def found(owner: Any, name: str) -> Any:
        assert name == "demo"
        return SimpleNamespace(load=chapters[owner.key]) if owner.key in chapters else None

    monkeypatch.setattr(demo_loading, "submodule", found)
    return chapters


# The base --------------------------------------------------------------------------------


def test_base_world_twice_is_the_same(world: World) -> None:
    before = (User.objects.count(), Site.objects.count())
    User.objects.filter(email="klient@lipowo.example").update(first_name="Zmieniona")
    again = base_world(now=NOW, say=silent)
    assert (User.objects.count(), Site.objects.count()) == before
    assert again.site == world.site
    assert again.users["client"].first_name == "Zmieniona", "what people changed stays"
    assert sorted(world.users) == ["administrator", "client", "editor", "employee", "manager", "technician"]


def test_everybody_gets_in_where_they_belong(world: World) -> None:
    users = {role: User.objects.get(pk=user.pk) for role, user in world.users.items()}
    assert allowed(users["employee"], "employee_zone.enter")
    assert allowed(users["technician"], "mobile_zone.enter")
    assert not allowed(users["client"], "employee_zone.enter")
    assert not allowed(users["editor"], "employee_zone.enter")
    assert users["editor"].has_perm("wagtailadmin.access_admin")
    # The door to the registers, without any right to content behind it.
    assert users["employee"].has_perm("wagtailadmin.access_admin")
    assert not users["employee"].has_perm("wagtailcore.add_site")
    assert users["administrator"].is_superuser
    assert all(user.check_password(DEMO_PASSWORD) for user in users.values())


def test_one_can_sign_in(world: World, client: Client) -> None:
    for account in ACCOUNTS:
        assert client.login(email=account.email, password=DEMO_PASSWORD), account.email


# Order and chapters ----------------------------------------------------------------------


def test_plugins_come_after_what_they_need() -> None:
    order = [owner.key for owner in in_order(registry.owners)]
    for plugin in registry.plugins:
        for needed in (*plugin.requires, *plugin.enhances):
            if needed in order:
                assert order.index(needed) < order.index(plugin.key)
    assert sorted(order) == sorted(owner.key for owner in registry.owners)


@pytest.mark.django_db
def test_each_chapter_is_loaded_once(no_chapters: dict[str, Any]) -> None:
    calls: list[str] = []
    no_chapters["client_zone"] = lambda world: calls.append(world.site.hostname)
    assert load(now=NOW, say=silent) == 2  # the base and this one
    assert load(now=NOW, say=silent) == 0
    assert len(calls) == 1
    assert load(now=NOW, say=silent, again=True) == 1


@pytest.mark.django_db
def test_every_plugin_is_on_afterwards(no_chapters: dict[str, Any]) -> None:
    load(now=NOW, say=silent)
    site = Site.objects.get(is_default_site=True)
    on = enabled_keys(site)
    off = [plugin for plugin in registry.plugins if plugin.key not in on]
    assert all(blockers_of_enabling(site, plugin) for plugin in off), "only what needs settings first is off"
    assert {"client_zone", "employee_zone", "mobile_zone", "e_dokument"} <= on


@pytest.mark.django_db
def test_a_switch_people_moved_stays(no_chapters: dict[str, Any], disable: Callable[..., None]) -> None:
    """A second `make demo` keeps what was switched off."""
    no_chapters["client_zone"] = lambda _world: None
    load(now=NOW, say=silent)
    disable("client_zone")
    load(now=NOW, say=silent)
    site = Site.objects.get(is_default_site=True)
    assert not is_enabled(site, "client_zone")


@pytest.mark.django_db
def test_a_broken_chapter_is_named_and_leaves_nothing_half_done(no_chapters: dict[str, Any]) -> None:
    def fall(_world: World) -> None:
        DemoChapter.objects.create(owner="half")
        raise ValueError("no water")

    no_chapters["client_zone"] = fall
    with pytest.raises(BrokenChapter, match=r"ebok_plugins\.client_zone/demo\.py: ValueError: no water"):
        load(now=NOW, say=silent)
    assert not DemoChapter.objects.filter(owner__in=["half", "client_zone"]).exists()
    no_chapters["client_zone"] = lambda _world: None
    assert load(now=NOW, say=silent) == 1


@pytest.mark.django_db
def test_command_refuses_outside_the_demo(settings: Any, no_chapters: dict[str, Any]) -> None:
    settings.EBOK_DEMO = False
    with pytest.raises(CommandError, match="not demo settings"):
        call_command("load_demo")
    assert not User.objects.filter(email__endswith="@lipowo.example").exists()
    call_command("load_demo", i_know=True, stdout=StringIO())
    assert User.objects.filter(email__endswith="@lipowo.example").count() == len(ACCOUNTS)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["nonsense", "2026-02-30T10:00", "10:00"])
def test_command_refuses_a_wrong_moment(no_chapters: dict[str, Any], moment: str) -> None:
    with pytest.raises(CommandError, match="is not a moment"):
        call_command("load_demo", now=moment)


@pytest.mark.django_db
def test_command_hands_on_the_moment(no_chapters: dict[str, Any]) -> None:
    moments: list[datetime] = []
    no_chapters["client_zone"] = lambda world: moments.append(world.now)
    out = StringIO()
    call_command("load_demo", now="2026-05-14T12:00", stdout=out)
    assert moments == [NOW]
    assert "Demo content loaded (2 parts)." in out.getvalue()


def test_fresh_only_with_demo_settings(settings: Any) -> None:
    settings.EBOK_DEMO = False
    with pytest.raises(CommandError, match="demo settings only"):
        call_command("ebok_prepare", fresh=True)


# Files -----------------------------------------------------------------------------------


def test_pictures_and_documents_are_made_once(world: World) -> None:
    first, second = world.picture("Zapora nad Lipą"), world.picture("Zapora nad Lipą")
    assert first == second
    assert Path(first.file.name).name.startswith("zapora-nad-lipa")
    documents = [
        world.document("Wniosek", ["Treść"], extension=kind) for kind in ("pdf", "docx", "odt", "pdf")
    ]
    assert documents[0] == documents[3]
    assert get_document_model().objects.filter(title="Wniosek").count() == 3
    assert get_image_model().objects.filter(title="Zapora nad Lipą").count() == 1


def test_pictures_are_the_same_every_time_and_differ_by_subject() -> None:
    one = demo_files.picture_file("Rzeka", size=(160, 90))
    assert one == demo_files.picture_file("Rzeka", size=(160, 90))
    assert one != demo_files.picture_file("Wieża", size=(160, 90))
    assert Image.open(io.BytesIO(one)).size == (160, 90)


@pytest.mark.parametrize(
    ("make", "extension"),
    [(demo_files.pdf_file, "pdf"), (demo_files.docx_file, "docx"), (demo_files.odt_file, "odt")],
)
def test_files_are_what_they_say(make: Callable[..., bytes], extension: str) -> None:
    content = make("Wniosek & <umowa>", ["Zażółć gęślą jaźń.", 'Cytat "x" \\ #y'])
    assert filetype.guess(content).extension == extension
    assert content == make("Wniosek & <umowa>", ["Zażółć gęślą jaźń.", 'Cytat "x" \\ #y'])


def test_pdf_text_is_text_and_never_markup() -> None:
    content = demo_files.pdf_file("Tytuł", ['#import "x" $a$ "koniec" \\'])
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert '#import "x" $a$ "koniec" \\' in " ".join(text.split())

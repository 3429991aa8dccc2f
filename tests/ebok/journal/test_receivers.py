"""What happens in the CMS and at the switchboard is in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.log_actions import log, registry
from wagtail.models import Page, Site

from ebok.accounts.models import User
from ebok.journal import kinds, receivers
from ebok.journal.models import Detail, Event
from ebok.plugins.activation import disable, enable, is_enabled

pytestmark = [pytest.mark.django_db, pytest.mark.feature("K01")]


def journal(prefix: str = "journal.") -> list[tuple[str, str, str]]:
    """(kind, text, who), oldest first."""
    events = Event.objects.filter(kind__startswith=prefix).order_by("moment", "id")
    details = {detail.event_id: detail for detail in Detail.objects.all()}
    return [(event.kind, details[event.id].text, details[event.id].actor_label) for event in events]


@pytest.fixture
def page(site: Site) -> Page:
    page: Page = site.root_page.add_child(instance=Page(title="Cennik", slug="cennik-testowy", live=False))
    return page


def test_an_editor_s_day_with_a_page(page: Page, superuser: User, site: Site) -> None:
    page.save_revision(user=superuser, log_action=True).publish(user=superuser)
    page.refresh_from_db()
    page.unpublish(user=superuser)
    other = site.root_page.add_child(instance=Page(title="Dział", slug="dzial-testowy"))
    page.refresh_from_db()
    page.move(other, pos="last-child", user=superuser)
    page.refresh_from_db()
    number = str(page.pk)
    page.delete(user=superuser)
    who = "Zofia (super@example.org)"
    kinds = [(kind, actor) for kind, _text, actor in journal("journal.page_")]
    assert kinds == [
        ("journal.page_created", receivers.PORTAL),
        ("journal.page_changed", who),
        ("journal.page_published", who),
        ("journal.page_unpublished", who),
        ("journal.page_created", receivers.PORTAL),
        ("journal.page_moved", who),
        ("journal.page_deleted", who),
    ]
    texts = [text for _kind, text, _actor in journal("journal.page_")]
    assert texts[2] == "Opublikowano: strona „Cennik”"
    assert texts[5].startswith("Przeniesiono: strona „Cennik”. Przesunięto z ")
    assert texts[6] == "Usunięto: strona „Cennik”"
    published = Event.objects.get(kind="journal.page_published")
    assert (published.site_id, published.object_type, published.object_id) == (
        site.pk,
        "wagtailcore.page",
        number,
    )


def test_the_clock_publishes_and_withdraws(page: Page, superuser: User) -> None:
    now = timezone.now()
    page.go_live_at, page.expire_at = now + timedelta(minutes=2), now + timedelta(hours=2)
    page.save_revision(user=superuser).publish(user=superuser)
    assert journal("journal.page_")[-1][0] == "journal.page_scheduled"
    for later in (timedelta(minutes=3), timedelta(hours=3)):
        with time_machine.travel(now + later, tick=False):
            call_command("publish_scheduled", verbosity=0)
    assert [(kind, who) for kind, _text, who in journal("journal.page_")][-2:] == [
        ("journal.page_published", "zegar"),
        ("journal.page_unpublished", "zegar"),
    ]


def test_an_uploaded_document_and_the_address_it_came_from(
    superuser: User, signed_in: Callable[[User], Client], runtime_dir: Any
) -> None:
    answer = signed_in(superuser).post(
        reverse("wagtaildocs:add"),
        {"title": "Wniosek", "file": ContentFile(b"text", name="wniosek.txt"), "collection": 1, "tags": ""},
        headers={"user-agent": "Firefox"},
        REMOTE_ADDR="192.0.2.7",
    )
    assert answer.status_code == 302
    event = Event.objects.get(kind="journal.file_uploaded")
    detail = Detail.objects.get(event_id=event.id)
    document = get_document_model().objects.get()
    assert (event.actor_id, event.object_id) == (superuser.pk, str(document.pk))
    assert detail.text == "Utworzono: dokument „Wniosek”"
    assert (detail.address, detail.device) == ("192.0.2.7", "Firefox")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("wagtail.create", "item_created"),
        ("wagtail.edit", "item_changed"),
        ("wagtail.publish", "item_published"),
        ("wagtail.unpublish", "item_unpublished"),
        ("wagtail.delete", "item_deleted"),
        ("wagtail.lock", "item_changed"),
    ],
)
def test_other_records_of_the_admin(action: str, kind: str, superuser: User) -> None:
    row = Redirect.objects.create(old_path="/stare", redirect_link="/nowe")
    log(row, action, user=superuser)
    assert [(found, who) for found, _text, who in journal("journal.item_")] == [
        (f"journal.{kind}", "Zofia (super@example.org)")
    ]


def test_what_a_command_does_is_done_by_the_portal() -> None:
    log(Redirect.objects.create(old_path="/stare", redirect_link="/nowe"), "wagtail.create")
    assert journal()[0][2] == receivers.PORTAL


def test_talk_between_editors_is_no_event() -> None:
    entry = SimpleNamespace(action="wagtail.comments.create")
    receivers.log_entry_written(Redirect, entry, created=True)
    assert journal() == []


def test_every_action_leads_to_a_declared_kind() -> None:
    declared = {kind.key for kind in kinds.declared()}
    models = (Page, Redirect, get_document_model(), None)
    actions = [action for action, _label in registry.get_choices()] + ["somebody.else.did"]
    assert {
        f"journal.{receivers.kind_of(action, model)}" for action in actions for model in models
    } <= declared


def test_switching_a_module_is_recorded(site: Site, superuser: User) -> None:
    if is_enabled(site, "client_zone"):
        disable(site, "client_zone")
    enable(site, "client_zone", actor=superuser)
    kind, text, who = journal("journal.module_switched")[-1]
    assert (kind, who) == ("journal.module_switched", "Zofia (super@example.org)")
    assert text.startswith("Włączono moduł „")
    event = Event.objects.filter(kind="journal.module_switched").latest("moment")
    assert Detail.objects.get(event_id=event.id).payload == {"plugin": "client_zone", "enabled": True}
    disable(site, "client_zone")
    assert journal("journal.module_switched")[-1][1].startswith("Wyłączono moduł „")

"""Texts are changed in the administration, checked, previewed, and used from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from ebok.accounts import roles
from ebok.accounts.models import User
from ebok.journal.models import Detail, Event
from ebok.notifications.models import Message, MessageTemplate
from ebok.notifications.services import send
from ebok.ports import MessageKind
from ebok.testing.people import person
from ebok.testing.queries import exactly_queries
from tests.ebok.notifications.conftest import INVOICE, VALUES

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/admin/wiadomosci/teksty/"
EMAIL = f"{LIST}{INVOICE.key}/pl/email/"
SMS = f"{LIST}{INVOICE.key}/pl/sms/"
TYPED = {"subject": "Nowa faktura {number}", "body": "Do zapłaty {amount}.", "action": "Zobacz"}


@pytest.fixture
def admin(signed_in: SignIn, administrator: User) -> Client:
    """An administrator's browser."""
    return signed_in(administrator)


@pytest.mark.feature("D09")
def test_a_changed_text_is_used(
    admin: Client, site: Site, client_user: User, django_capture_on_commit_callbacks: Any
) -> None:
    """For the portal, too; the journal keeps both wordings; what was stored before keeps its words."""
    with django_capture_on_commit_callbacks(execute=True):
        old = send(INVOICE.key, site=site, user=client_user, values=VALUES)
    assert admin.post(EMAIL, TYPED).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        new = send(INVOICE.key, site=site, user=client_user, values=VALUES)
    assert [message.subject for message in new] == ["Nowa faktura FV/7/2026"] * 2
    old[0].refresh_from_db()
    assert old[0].subject == "Faktura FV/7/2026"
    assert {letter.subject for letter in mail.outbox} == {"Faktura FV/7/2026", "Nowa faktura FV/7/2026"}
    event = Event.objects.get(kind="notifications.template_changed")
    assert Detail.objects.get(event_id=event.pk).payload["before"]["subject"] == "Faktura {number}"
    assert Detail.objects.get(event_id=event.pk).payload["after"]["subject"] == "Nowa faktura {number}"
    # English has its own.
    (english, _portal) = send(INVOICE.key, site=site, user=client_user, values=VALUES, language="en")
    assert english.subject == "Faktura FV/7/2026"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("body", "Kwota {kwota}", "{kwota}"),
        ("subject", "Faktura {number", "{number"),
        ("body", "{number.__class__}", "{number.__class__}"),
        ("body", "{0}", "{0}"),
        ("body", "{{ amount }}", "{ amount }"),
        ("action", "{nie ma}", "{nie ma}"),
    ],
)
def test_unknown_places_are_refused(admin: Client, field: str, text: str, said: str) -> None:
    """With a sentence that names them and what may be used; nothing is stored."""
    response = admin.post(EMAIL, {**TYPED, field: text})
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "Możesz użyć: {number}, {amount}." in page
    assert MessageTemplate.objects.count() == 0


def test_code_is_text(admin: Client, site: Site, client_user: User) -> None:
    """Template tags and markup are what was typed, nothing more."""
    assert admin.post(EMAIL, {**TYPED, "body": "<script>x</script> %(a)s $number"}).status_code == 302
    (letter, _portal) = send(INVOICE.key, site=site, user=client_user, values=VALUES)
    assert letter.body == "<script>x</script> %(a)s $number"
    shown = admin.get(f"{EMAIL}podglad/").content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in shown


@pytest.mark.parametrize(
    "wrong",
    [{"subject": ""}, {"body": " "}, {"subject": "x" * 201}, {"body": "x" * 10_001}, {"action": "\0"}],
)
def test_wrong_texts(admin: Client, wrong: dict[str, str]) -> None:
    """Empty, too long, unreadable."""
    assert admin.post(EMAIL, {**TYPED, **wrong}).status_code == 422
    assert MessageTemplate.objects.count() == 0


def test_a_text_message_is_short(admin: Client) -> None:
    """It has a body and nothing else."""
    assert admin.post(SMS, {"body": "x" * 601}).status_code == 422
    assert admin.post(SMS, {"body": "Faktura {number}"}).status_code == 302
    assert MessageTemplate.objects.get().body == "Faktura {number}"


def test_restoring(admin: Client, site: Site, client_user: User) -> None:
    """The standard text counts again, and that is an event."""
    admin.post(EMAIL, TYPED)
    assert "zmieniony" in admin.get(LIST).content.decode()
    assert admin.post(EMAIL, {"do": "restore"}).status_code == 302
    assert admin.post(EMAIL, {"do": "restore"}).status_code == 302
    (letter, _portal) = send(INVOICE.key, site=site, user=client_user, values=VALUES)
    assert letter.subject == "Faktura FV/7/2026"
    assert Event.objects.filter(kind="notifications.template_restored").count() == 1


def test_saving_what_is_there_changes_nothing(admin: Client) -> None:
    """No row, no event."""
    same = {"subject": INVOICE.subject, "body": INVOICE.body, "action": INVOICE.action}
    assert admin.post(EMAIL, same).status_code == 302
    assert (MessageTemplate.objects.count(), Event.objects.filter(kind__startswith="notif").count()) == (0, 0)


def test_previews(admin: Client) -> None:
    """Sample values, each channel, in a frame that runs nothing; what is typed is shown and not stored."""
    shown = admin.get(f"{EMAIL}podglad/")
    assert "Mamy dla Ciebie fakturę FV/1/2026" in shown.content.decode().replace("\xa0", " ")
    assert "script" not in shown["Content-Security-Policy"]
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    typed = admin.post(f"{EMAIL}podglad/", {**TYPED, "body": "Razem {amount}"}).content.decode()
    assert "Razem 12,30 zł" in typed.replace("\xa0", " ")
    assert "{kwota}" in admin.post(f"{EMAIL}podglad/", {**TYPED, "body": "{kwota}"}).content.decode()
    assert "1 część" in admin.get(f"{SMS}podglad/").content.decode()
    assert "[ Zobacz fakturę ]" in admin.get(f"{LIST}{INVOICE.key}/en/portal/podglad/").content.decode()
    assert MessageTemplate.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}nikt.nic/pl/email/",
        f"{LIST}{INVOICE.key}/de/email/",
        f"{LIST}{INVOICE.key}/pl/fax/",
        f"{LIST}?serwis=999999",
        f"{LIST}?serwis=abc",
        f"{LIST}?serwis={'9' * 40}",
    ],
)
def test_no_such_text(admin: Client, address: str) -> None:
    """404."""
    assert admin.get(address).status_code == 404


def test_only_with_the_right(signed_in: SignIn, editor: User, employee: User) -> None:
    """An editor is sent away, and nothing changes."""
    for user in (editor, employee):
        browser = signed_in(user)
        for address in (LIST, EMAIL, f"{EMAIL}podglad/"):
            assert browser.get(address).status_code in (302, 403)
        browser.post(EMAIL, TYPED)
    assert MessageTemplate.objects.count() == 0


@pytest.mark.parametrize("count", [1, 30])
def test_queries_of_the_list(signed_in: SignIn, kinds: list[MessageKind], count: int) -> None:
    """The same with one kind and with thirty."""
    kinds[:] = [
        MessageKind(key=f"notifications.kind{number}", title="x", group=INVOICE.group, subject="s", body="b")
        for number in range(count)
    ]
    browser = signed_in(person("szef@example.org", groups=[roles.ADMINISTRATORS]))
    browser.get(LIST)
    with exactly_queries(TEXTS_QUERIES):
        browser.get(LIST)
    assert reverse("ebok_message_texts") == LIST
    assert Message.objects.count() == 0


TEXTS_QUERIES = 15

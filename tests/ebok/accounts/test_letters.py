"""Letters about the account: in the utility's look and words, HTML and text, Polish and English."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from lxml import html as lxml_html
from wagtail.models import Site

from ebok.accounts.adapter import PortalAccountAdapter
from ebok.accounts.letters import LETTERS, OWN_LETTERS, write
from ebok.accounts.models import User
from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.notifications.channels.letters import letter_of
from ebok.notifications.kinds import kind_of
from ebok.notifications.models import Message, State
from ebok.notifications.states import failed, send_again
from ebok.notifications.templates_store import store_template
from ebok.notifications.texts import Texts
from ebok.testing.letters import sent_letters
from ebok.testing.people import PASSWORD

pytestmark = pytest.mark.django_db

CONTEXT: dict[str, Any] = {
    "email": "anna@example.org",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "gone@example.org",
    "activate_url": "https://lipowo.example/konto/confirm-email/abc/?a=1&b=2",
    "password_reset_url": "https://lipowo.example/konto/password/reset/key/1-abc/",
    "ip": "192.0.2.7",
    "user_agent": "<script>alert(1)</script>",
    "timestamp": timezone.now(),
}


@pytest.fixture(autouse=True)
def lipowo(site: Site) -> Site:
    ThemeSettings.objects.create(site=site, short_name="Wodociągi Lipowo", brand="#6b2f8a")
    OrganisationSettings.objects.create(
        site=site, legal_name="Wodociągi w Lipowie", street="Wodna 1", city="Lipowo", phone="67 200 19 90"
    )
    return site


def letter(name: str, request: Any = None, **more: Any) -> tuple[str, str, str]:
    """(subject, text, HTML) in the active language."""
    write(name, "anna@example.org", {**CONTEXT, **more}, request)
    message = letter_of(Message.objects.latest("pk"))
    assert message.to == ["anna@example.org"]
    [alternative] = message.alternatives
    assert alternative[1] == "text/html"
    return str(message.subject), str(message.body), str(alternative[0])


def test_every_letter_of_allauth_has_our_words() -> None:
    """An allauth that sends a new letter shows itself here."""
    templates = Path(allauth.__file__).parent / "templates"
    names = {
        str(file.relative_to(templates)).removesuffix("_subject.txt")
        for app in ("account", "mfa", "socialaccount")
        for file in (templates / app / "email").glob("*_subject.txt")
    }
    assert names == set(LETTERS)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("name", LETTERS | OWN_LETTERS)
def test_a_letter_is_whole_in_both_languages(name: str, language: str) -> None:
    request = RequestFactory().get("/")
    with translation.override(language):
        subject, text, html = letter(name, request, code="ABCD-1234" if name.endswith("_code") else "")
    page = lxml_html.document_fromstring(html)
    assert page.get("lang") == language
    assert page.findtext(".//h1").replace("\xa0", " ") == subject
    words = (LETTERS | OWN_LETTERS)[name]
    with translation.override(language):
        given = {**CONTEXT, "code": "ABCD-1234"}
        said = [str(sentence) % given for sentence in words.sentences] + [str(words.closing)]
        if words.notice:
            said += [gettext("If it was not you, set a new password at once and call us."), "192.0.2.7"]
    written = page.text_content().replace("\xa0", " ")
    assert [part for part in said if part not in text or part not in written] == []
    if words.notice:
        assert CONTEXT["user_agent"] in text
        assert CONTEXT["user_agent"] in written
    assert "Wodociągi Lipowo" in html
    assert "#6b2f8a" in html or not (words.action or words.notice)
    assert "Wodna 1" in text
    assert re.search(r"%\(|\{[a-z_]+\}", text + subject) is None
    assert "<script" not in html
    assert page.xpath("//img | //link | //script") == [], "nothing that would be fetched"
    if words.action:
        address = CONTEXT[words.address]
        assert address in text
        assert address in page.xpath("//a/@href")


def test_without_a_request_the_default_site_signs() -> None:
    _subject, text, html = letter("account/email/password_reset_key")
    assert "Wodociągi w Lipowie" in text
    assert "Wodociągi Lipowo" in html


def test_a_letter_nobody_has_words_for_is_sent_as_allauth_words_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ebok.accounts.adapter.LETTERS", {})
    request = RequestFactory().get("/")
    with request_context(request):
        PortalAccountAdapter(request).send_mail(
            "account/email/login_code",
            "a@example.org",
            {**CONTEXT, "code": "1", "current_site": SimpleNamespace(name="x", domain="x")},
        )
    [sent] = mail.outbox
    assert getattr(sent, "alternatives", []) == []
    assert sent.body
    assert not Message.objects.exists()


def test_an_administrator_words_it(lipowo: Site, administrator: User) -> None:
    kind = kind_of("accounts.password_reset_key")
    texts = Texts(subject="Nowe hasło", body="Kliknij, {email}.", action="Dalej")
    store_template(kind, texts, site=lipowo, language="pl", channel="email", actor=administrator)
    subject, text, _html = letter("account/email/password_reset_key")
    assert subject == "Nowe hasło"
    assert "Kliknij, anna@example.org." in text
    assert CONTEXT["password_reset_url"] in text


# What lets somebody in ----------------------------------------------------------------------


def test_links_are_forgotten_once_they_are_sent(client: Client, client_user: User) -> None:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    client.post("/konto/password/reset/", {"email": client_user.email})
    stored = Message.objects.get()
    assert "/password/reset/key/" in stored.url
    [sent] = sent_letters()
    assert "/password/reset/key/" in sent.body
    stored.refresh_from_db()
    assert (stored.state, stored.address) == (State.SENT, client_user.email)
    assert (stored.subject, stored.body, stored.url, stored.values) == ("", "", "", {})


def test_links_given_up_are_forgotten_and_never_sent_again(administrator: User) -> None:
    letter("account/email/password_reset_key")
    message = Message.objects.get()
    failed(message, "550 no such user", is_final=True)
    message.refresh_from_db()
    assert (message.state, message.url, message.body) == (State.FAILED, "", "")
    assert not send_again(message, actor=administrator)


def test_nobody_reads_them_in_the_outbox(signed_in: Callable[[User], Client], administrator: User) -> None:
    letter("account/email/login_code", code="SEKRET-1")
    Message.objects.update(subject="SEKRET-2", state=State.FAILED)
    browser, outbox = signed_in(administrator), reverse("ebok_outbox")
    page = browser.get(outbox).content.decode()
    assert "SEKRET" not in page
    assert "anna@example.org" in page
    assert 'name="message"' not in page
    browser.post(outbox, {"message": Message.objects.get().pk})
    assert Message.objects.get().state == State.FAILED


def test_a_mail_server_that_is_down_delays_and_loses_nothing(
    client: Client, client_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)

    def down(*_args: object, **_more: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMessage, "send", down)
        assert client.post("/konto/password/reset/", {"email": client_user.email}).status_code == 302
        assert sent_letters() == []
    assert Message.objects.get().state == State.WAITING
    Message.objects.update(next_try=timezone.now())
    [sent] = sent_letters()
    assert sent.to == [client_user.email]


# Sent for real -----------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), [("", "pl"), ("/en", "en")])
def test_asking_for_a_new_password(client: Client, client_user: User, prefix: str, language: str) -> None:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    client.post(f"{prefix}/konto/password/reset/", {"email": client_user.email})
    [sent] = sent_letters()
    assert isinstance(sent, EmailMultiAlternatives)
    with translation.override(language):
        assert sent.subject == str(LETTERS["account/email/password_reset_key"].subject)
    link = re.search(r"https?://testserver(\S+/password/reset/key/\S+)", str(sent.body))
    assert link is not None
    assert link[1].startswith(f"{prefix}/konto/")
    assert client.get(link[1], follow=True).status_code == 200
    assert "Wodociągi Lipowo" in str(sent.alternatives[0][0])


def test_asking_with_an_address_nobody_has_tells_nothing_on_the_page(client: Client) -> None:
    client.post("/konto/password/reset/", {"email": "nikt@example.org"})
    [sent] = sent_letters()
    assert sent.subject == "Nie ma konta z tym adresem"
    assert "nikt@example.org" in str(sent.body)


def test_a_changed_password_is_told(client_user: User, signed_in: Callable[[User], Client]) -> None:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    client = Client(headers={"user-agent": "Testowa/1.0 & <b>"})
    client.post(reverse("account_login"), {"login": client_user.email, "password": PASSWORD})
    new = "Zupełnie-Inne-2026"
    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    [sent] = sent_letters()
    assert sent.subject == "Hasło zostało zmienione"
    assert "127.0.0.1" in str(sent.body)
    assert "Testowa/1.0 & <b>" in str(sent.body)
    assert isinstance(sent, EmailMultiAlternatives)
    assert "Testowa/1.0 &amp; &lt;b&gt;" in str(sent.alternatives[0][0])
    assert "http://testserver/konto/password/reset/" in str(sent.body)


def test_our_adapter_is_the_one_in_use() -> None:
    assert isinstance(get_adapter(), PortalAccountAdapter)

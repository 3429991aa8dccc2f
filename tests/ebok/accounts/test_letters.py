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
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from lxml import html as lxml_html
from wagtail.models import Site

from ebok.accounts.adapter import PortalAccountAdapter
from ebok.accounts.letters import LETTERS, subject_of
from ebok.accounts.models import User
from ebok.look.models import OrganisationSettings, ThemeSettings
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
    """(subject, text, HTML)"""
    message = PortalAccountAdapter(request).render_mail(
        name, "anna@example.org", {**CONTEXT, "request": request, **more}
    )
    assert isinstance(message, EmailMultiAlternatives)
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
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_whole_in_both_languages(name: str, language: str) -> None:
    request = RequestFactory().get("/")
    with translation.override(language):
        subject, text, html = letter(name, request, code="ABCD-1234" if name.endswith("_code") else "")
    page = lxml_html.document_fromstring(html)
    assert page.get("lang") == language
    assert page.findtext(".//h1").replace("\xa0", " ") == subject
    words = LETTERS[name]
    with translation.override(language):
        said = [str(sentence) % CONTEXT for sentence in words.sentences] + [str(words.closing)]
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
    assert "%(" not in text + html + subject
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
    context = {**CONTEXT, "current_site": SimpleNamespace(name="x", domain="x")}
    message = PortalAccountAdapter().render_mail("account/email/login_code", "a@example.org", context)
    assert getattr(message, "alternatives", []) == []
    assert message.body


# Sent for real -----------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), [("", "pl"), ("/en", "en")])
def test_asking_for_a_new_password(client: Client, client_user: User, prefix: str, language: str) -> None:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    client.post(f"{prefix}/konto/password/reset/", {"email": client_user.email})
    [sent] = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    with translation.override(language):
        assert sent.subject == subject_of(LETTERS["account/email/password_reset_key"])
    link = re.search(r"https?://testserver(\S+/password/reset/key/\S+)", str(sent.body))
    assert link is not None
    assert link[1].startswith(f"{prefix}/konto/")
    assert client.get(link[1], follow=True).status_code == 200
    assert "Wodociągi Lipowo" in str(sent.alternatives[0][0])


def test_asking_with_an_address_nobody_has_tells_nothing_on_the_page(client: Client) -> None:
    client.post("/konto/password/reset/", {"email": "nikt@example.org"})
    [sent] = mail.outbox
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
    [sent] = mail.outbox
    assert sent.subject == "Hasło zostało zmienione"
    assert "127.0.0.1" in str(sent.body)
    assert "Testowa/1.0 & <b>" in str(sent.body)
    assert isinstance(sent, EmailMultiAlternatives)
    assert "Testowa/1.0 &amp; &lt;b&gt;" in str(sent.alternatives[0][0])
    assert "http://testserver/konto/password/reset/" in str(sent.body)


def test_our_adapter_is_the_one_in_use() -> None:
    assert isinstance(get_adapter(), PortalAccountAdapter)

"""The demo's mailbox: everything that was sent can be read there, and only in a demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.notifications import demo_mailbox
from ebok.notifications.delivery import deliver_due
from ebok.notifications.models import DemoItem, State
from ebok.notifications.services import send
from ebok.settings import base, dev
from tests.ebok.notifications.conftest import INVOICE, VALUES

pytestmark = pytest.mark.django_db
PAGE = "/skrzynka/"


@pytest.fixture
def demo(settings: Any) -> None:
    """A portal with demo settings."""
    settings.EBOK_DEMO_MAILBOX = True
    settings.EMAIL_BACKEND = "ebok.notifications.demo_mailbox.MailboxBackend"


def test_what_was_sent_is_there(
    demo: None, client: Client, site: Site, awake: None, client_user: User
) -> None:
    """E-mail with its HTML in a frame, text messages, letters with their file."""
    send(INVOICE.key, site=site, user=client_user, values=VALUES, url="https://bok.example/f/7/")
    (short,) = send(INVOICE.key, site=site, phone="600100200", values=VALUES)
    deliver_due()
    short.refresh_from_db()
    assert short.state == State.SENT
    demo_mailbox.keep(
        "letter", "Anna Kowalska", subject="List", file=("list.pdf", "application/pdf", b"%PDF-1")
    )
    page = client.get(PAGE)
    assert page["Cache-Control"] == "no-store"
    for said in ("Faktura FV/7/2026", "+48600100200", "Anna Kowalska"):
        assert said in page.content.decode()
    assert "Anna Kowalska" not in client.get(f"{PAGE}?co=sms").content.decode()
    letter = DemoItem.objects.get(medium="email")
    one = client.get(f"{PAGE}{letter.pk}/").content.decode()
    assert f'src="/skrzynka/{letter.pk}/html/"' in one
    assert 'href="https://bok.example/f/7/"' in one
    framed = client.get(f"{PAGE}{letter.pk}/html/")
    assert '<base target="_blank">' in framed.content.decode()
    assert "script-src" not in framed["Content-Security-Policy"]
    assert "default-src 'none'" in framed["Content-Security-Policy"]
    paper = DemoItem.objects.get(medium="letter")
    file = client.get(f"{PAGE}{paper.pk}/plik/")
    assert (file.content, file["Content-Disposition"]) == (b"%PDF-1", 'attachment; filename="list.pdf"')


def test_letters_of_other_senders_too(demo: None, client: Client, runtime_dir: Path) -> None:
    """Whatever goes through Django's mail; the files are written as before, and text stays text."""
    message = EmailMultiAlternatives("<b>Kod</b>", "Kod: 123 <script>", to=["a@example.org", "b@example.org"])
    message.attach("plik.txt", "treść", "text/plain")
    message.send()
    item = DemoItem.objects.get()
    assert (item.recipient, item.html, item.file_name) == ("a@example.org, b@example.org", "", "plik.txt")
    one = client.get(f"{PAGE}{item.pk}/").content.decode()
    assert "<script>" not in one.split("<main")[1].split("</main>")[0]
    assert "&lt;b&gt;Kod&lt;/b&gt;" in one
    assert client.get(f"{PAGE}{item.pk}/html/").status_code == 404
    assert list((runtime_dir / "mail").iterdir())


def test_outside_of_a_demo_there_is_none(client: Client, site: Site) -> None:
    """Neither the page nor the keeping; production cannot turn it on by accident."""
    demo_mailbox.keep("sms", "+48600100200", text="x")
    assert DemoItem.objects.count() == 0
    item = DemoItem.objects.create(medium="sms", recipient="x", text="tajne")
    for address in (PAGE, f"{PAGE}{item.pk}/", f"{PAGE}{item.pk}/html/", f"{PAGE}{item.pk}/plik/"):
        assert client.get(address).status_code == 404
    assert base.EBOK_DEMO_MAILBOX is False
    assert dev.EBOK_DEMO_MAILBOX is dev.EBOK_DEMO


def test_only_the_newest_stay(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo runs for months."""
    monkeypatch.setattr(demo_mailbox, "KEPT", 3)
    for number in range(5):
        demo_mailbox.keep("sms", "x", text=str(number))
    assert list(DemoItem.objects.order_by("pk").values_list("text", flat=True)) == ["2", "3", "4"]


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_no_such_item(demo: None, client: Client, pk: str) -> None:
    """404."""
    assert client.get(f"{PAGE}{pk}/").status_code == 404


def test_empty(demo: None, client: Client) -> None:
    """A friendly word."""
    assert "Nic jeszcze nie wysłano" in client.get(f"{PAGE}?co=nonsense").content.decode()

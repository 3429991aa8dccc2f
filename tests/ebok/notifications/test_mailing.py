"""Messages to many people: stored by the database, sent in batches, called off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import CharField, F, JSONField, QuerySet, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.journal.models import Event
from ebok.notifications.channels.prepared import NotPlain, PreparedLetter, header_words
from ebok.notifications.delivery import claim, deliver_due
from ebok.notifications.inbox import inbox_of
from ebok.notifications.mailings import WrongRecipients, cancel_mailing, fill
from ebok.notifications.models import Choice, Mailing, MailingState, Message, Refusal, State
from ebok.notifications.texts import texts_in
from ebok.testing.people import person
from ebok.testing.queries import exactly_queries
from tests.ebok.notifications.conftest import INVOICE, NOTICE, Gate
from tests.ebok.notifications.smtp_server import Server

pytestmark = pytest.mark.django_db


def recipients(values: Any = None) -> QuerySet[Any, Any]:
    """Everybody, as a mailing wants them; `values` stand in place of a number made of the person's."""
    found = User.objects.filter(email__startswith="osoba")
    number = Concat(Value("FV/"), Cast("pk", CharField()))
    made = JSONObject(number=number, amount=Value("10,00 zł"))
    return found.annotate(
        user_id=F("pk"),
        key=Cast("pk", CharField()),
        values_json=made if values is None else Value(values, output_field=JSONField()),
        url=Value("https://bok.example/f/?a=1&b=2"),
        phone=Value("+48600100200"),
    ).values_list("user_id", "email", "language", "key", "values_json", "url", "phone")


@pytest.fixture
def people(db: None) -> list[User]:
    """Three people: Polish, English, and one who has chosen no e-mail."""
    made = [person(f"osoba{number}@example.org") for number in range(3)]
    User.objects.filter(pk=made[1].pk).update(language="en")
    Choice.objects.create(user=made[2], group=INVOICE.group, channel="email", is_wanted=False)
    return made


def begin(site: Site, campaign: str = "2026-11", **more: Any) -> Mailing:
    """Fill a mailing of invoices."""
    return fill(
        INVOICE.key,
        site=site,
        **{"recipients": recipients(), "campaign_key": campaign, "title": "Faktury listopadowe", **more},
    )


def addresses() -> list[str]:
    """Who waits for, or has got, an e-mail."""
    return list(Message.objects.filter(channel="email").order_by("pk").values_list("address", flat=True))


@pytest.mark.feature("D09")
def test_everybody_gets_one(site: Site, people: list[User]) -> None:
    """By their choices; an event says that it began and what was stored."""
    mailing = begin(site)
    assert sorted(addresses()) == ["osoba0@example.org", "osoba1@example.org"]
    assert Message.objects.filter(channel="portal").count() == 3
    assert Message.objects.filter(channel="sms").count() == 0
    assert (mailing.total, mailing.in_portal, mailing.state) == (2, 3, MailingState.RUNNING)
    assert Event.objects.filter(kind="notifications.mailing_begun").count() == 1
    deliver_due()
    mailing.refresh_from_db()
    assert (mailing.sent, mailing.failed, mailing.state) == (2, 0, MailingState.DONE)
    assert {letter.subject for letter in mail.outbox} == {f"Faktura FV/{people[n].pk}" for n in (0, 1)}
    portal = inbox_of(people[2]).get()
    assert texts_in(portal, "portal").subject == f"Faktura FV/{people[2].pk}"


def test_filled_again_doubles_nothing(site: Site, people: list[User]) -> None:
    """And adds those who are new, in the words of the first time."""
    begin(site)
    assert begin(site).total == 2
    deliver_due()
    person("osoba9@example.org")
    mailing = begin(site)
    assert (mailing.total, mailing.sent, mailing.state) == (3, 2, MailingState.RUNNING)
    deliver_due()
    mailing.refresh_from_db()
    assert (mailing.sent, mailing.state) == (3, MailingState.DONE)
    assert len(mail.outbox) == len({tuple(letter.to) for letter in mail.outbox}) == 3
    assert Event.objects.filter(kind="notifications.mailing_begun").count() == 1
    begin(site, campaign="2026-12")
    assert Mailing.objects.count() == 2


def test_text_messages_and_bare_addresses(site: Site, people: list[User], gate: Gate) -> None:
    """SMS for those who chose it; addresses without an account unless they refused; duties to all."""
    Choice.objects.create(user=people[0], group=INVOICE.group, channel="sms", is_wanted=True)
    begin(site)
    deliver_due()
    assert gate.sent == [
        ("+48600100200", f"Faktura FV/{people[0].pk}: 10,00 zl", gate.sent[0][2]),
    ]
    Refusal.objects.create(address="osoba1@example.org", group=INVOICE.group)
    everybody = User.objects.filter(email__startswith="osoba").annotate(
        user_id=Cast(Value(None), output_field=Message._meta.get_field("id")),
        key=F("email"),
        values_json=Value({"number": "1", "amount": "2"}, output_field=JSONField()),
        url=Value(""),
    )
    bare = everybody.values_list("user_id", "email", "language", "key", "values_json", "url")
    mailing = fill(INVOICE.key, site=site, recipients=bare, campaign_key="bez kont", title="x")
    found = Message.objects.filter(mailing=mailing).order_by("address")
    assert [(m.channel, m.address, m.user_id) for m in found] == [
        ("email", "osoba0@example.org", None),
        ("email", "osoba2@example.org", None),
    ]
    duty = fill(NOTICE.key, site=site, recipients=recipients(), campaign_key="ważne", title="Ważne")
    assert Message.objects.filter(mailing=duty, channel="email").count() == 3


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(site: Site, count: int) -> None:
    """The database fills the mailing, however many there are."""
    for number in range(count):
        person(f"osoba{number}@example.org")
    with exactly_queries(FILL_QUERIES):
        begin(site)
    assert Message.objects.filter(channel="email").count() == count


FILL_QUERIES = 19


def test_wrong_recipients(site: Site) -> None:
    """A query that selects something else is refused before anything is stored."""
    with pytest.raises(WrongRecipients):
        begin(site, recipients=User.objects.values_list("pk", "email"))
    assert Mailing.objects.count() == 0


def test_calling_off(site: Site, people: list[User]) -> None:
    """What a worker holds still goes, the rest does not; twice is once."""
    mailing = begin(site)
    (held,) = claim(1, worker="worker")
    assert cancel_mailing(mailing, actor=people[0]) == 1
    assert cancel_mailing(mailing, actor=people[0]) == 0
    mailing.refresh_from_db()
    assert (mailing.state, mailing.cancelled) == (MailingState.CANCELLED, 1)
    assert Event.objects.filter(kind="notifications.mailing_cancelled").count() == 1
    Message.objects.filter(pk=held.pk).update(next_try=timezone.now() - timedelta(seconds=1))
    deliver_due()
    assert len(mail.outbox) == 1


def test_after_calling_off_newcomers_make_it_run_again(site: Site, people: list[User]) -> None:
    """Who was called off stays so; a mailing that sends something is never shown as called off."""
    mailing = begin(site)
    assert cancel_mailing(mailing, actor=people[0]) == 2
    assert begin(site).state == MailingState.CANCELLED
    person("osoba7@example.org")
    assert begin(site).state == MailingState.RUNNING
    assert Event.objects.filter(kind="notifications.mailing_begun").count() == 2
    deliver_due()
    assert [letter.to for letter in mail.outbox] == [["osoba7@example.org"]]
    mailing.refresh_from_db()
    assert (mailing.state, mailing.sent, mailing.cancelled) == (MailingState.DONE, 1, 2)


def test_what_is_urgent_goes_first(site: Site, people: list[User]) -> None:
    """A mailing never stands in the way of a message somebody waits for."""
    from ebok.notifications.services import send

    begin(site)
    send(NOTICE.key, site=site, user=people[0])
    assert claim(1, worker="worker")[0].kind == NOTICE.key


# A real mail server ----------------------------------------------------------------------------


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    """A mail server on this machine, and the portal set up for it."""
    with Server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 10
        settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "Wodociągi Lipowo <bok@lipowo.example>"
        yield server


def test_prepared_letters_read_like_others(site: Site, people: list[User], smtp: Server) -> None:
    """Subject, sender, text and HTML in Polish; one connection for all; links differ by person."""
    begin(site)
    deliver_due()
    assert smtp.rules.connections == 1
    assert sorted(smtp.recipients) == ["osoba0@example.org", "osoba1@example.org"]
    first = next(letter for letter in smtp.rules.letters if letter.recipient == "osoba0@example.org")
    parsed = first.parsed
    assert parsed["Subject"] == f"Faktura FV/{people[0].pk}"
    assert parsed["From"] == "Wodociągi Lipowo <bok@lipowo.example>"
    assert parsed["To"] == "osoba0@example.org"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert f"{people[0].pk}." in parsed["List-Unsubscribe"] or "u" in parsed["List-Unsubscribe"]
    for part in ("plain", "html"):
        said = first.part(part).replace("\xa0", " ")
        assert "Mamy dla Ciebie fakturę" in said
        assert "10,00 zł" in said
        assert str(parsed["List-Unsubscribe"]).strip("<>") in said
    assert "https://bok.example/f/?a=1&b=2" in first.part("plain")
    assert 'href="https://bok.example/f/?a=1&amp;b=2"' in first.part("html")
    assert all(len(line) <= 998 for line in first.raw.split(b"\r\n"))
    assert len({letter.parsed["Message-ID"] for letter in smtp.rules.letters}) == 2
    assert not [letter for letter in smtp.rules.letters if b"\n" in letter.raw.replace(b"\r\n", b"")]


@pytest.mark.parametrize(
    "value",
    [
        "<b>&\"'</b>",
        ".\r\n.\r\nx",
        "=?utf-8?b?x?=",
        "{number}",
        "ł" * 400,
        "x" * 3000,
        "💧",
        "\ue000number\ue001",
    ],
)
def test_values_are_only_text(site: Site, people: list[User], smtp: Server, value: str) -> None:
    """Whatever they hold: no markup, no header, no second letter, no broken line."""
    query = recipients({"number": value, "amount": value})
    begin(site, recipients=query)
    deliver_due()
    assert len(smtp.rules.letters) == 2
    for letter in smtp.rules.letters:
        assert letter.parsed["To"] == letter.recipient
        assert letter.parsed.keys().count("Subject") == 1
        shown = " ".join(value.split())
        assert " ".join(str(letter.parsed["Subject"]).split()) == f"Faktura {shown}"[:300]
        assert "<b>&" not in letter.part("html")
        assert all(len(line) <= 998 for line in letter.raw.split(b"\r\n"))


def test_a_missing_value_fails_one_letter(site: Site, people: list[User], smtp: Server) -> None:
    """Not the mailing; the portal shows a dash."""
    query = recipients({"number": "1"})
    mailing = begin(site, recipients=query)
    deliver_due()
    mailing.refresh_from_db()
    assert (mailing.sent, mailing.failed, mailing.state) == (0, 2, MailingState.DONE)
    assert "–" in texts_in(inbox_of(people[0]).get(), "portal", missing="–").body


def test_refusals_of_the_server(site: Site, smtp: Server) -> None:
    """4xx is tried again, 5xx is final, a broken connection is opened anew; the others get theirs."""
    for number in range(6):
        person(f"osoba{number}@example.org")
    once: set[str] = set()

    def on_rcpt(address: str) -> str:
        if address.startswith("osoba1"):
            return "550 5.1.1 No such user"
        if address.startswith("osoba2") and address not in once:
            once.add(address)
            return "451 4.7.1 Greylisted, try again"
        if address.startswith("osoba3") and address not in once:
            once.add(address)
            return "drop"
        return "250 OK"

    smtp.rules.on_rcpt = on_rcpt
    smtp.rules.on_data = lambda address: "552 5.3.4 Too big" if address.startswith("osoba4") else "250 OK"
    mailing = begin(site)
    deliver_due()
    found = dict(Message.objects.filter(channel="email").values_list("address", "state"))
    assert found == {
        "osoba0@example.org": State.SENT,
        "osoba1@example.org": State.FAILED,
        "osoba2@example.org": State.WAITING,
        "osoba3@example.org": State.WAITING,
        "osoba4@example.org": State.FAILED,
        "osoba5@example.org": State.SENT,
    }
    assert "5.1.1 No such user" in Message.objects.get(address="osoba1@example.org").error
    Message.objects.filter(state=State.WAITING).update(next_try=timezone.now())
    deliver_due()
    mailing.refresh_from_db()
    assert (mailing.sent, mailing.failed, mailing.state) == (4, 2, MailingState.DONE)
    assert sorted(smtp.recipients) == [f"osoba{number}@example.org" for number in (0, 2, 3, 5)]


def test_a_server_that_is_down(site: Site, people: list[User], settings: Any) -> None:
    """Everything waits; nothing is lost."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    mailing = begin(site)
    deliver_due()
    mailing.refresh_from_db()
    assert (mailing.sent, mailing.failed) == (0, 0)
    assert set(Message.objects.filter(channel="email").values_list("state", "attempts")) == {("waiting", 1)}


def test_the_providers_limit(site: Site, people: list[User], smtp: Server, settings: Any) -> None:
    """So many a minute, and not more."""
    import time

    settings.EBOK_EMAILS_PER_MINUTE = 120
    begin(site)
    begun = time.monotonic()
    deliver_due()
    assert len(smtp.rules.letters) == 2
    assert time.monotonic() - begun >= 0.5


def test_single_messages_over_smtp(site: Site, client_user: User, smtp: Server, settings: Any) -> None:
    """With the sender that names the message, when returned letters are read."""
    from ebok.notifications.services import send

    settings.EBOK_BOUNCE_ADDRESS = "zwroty@lipowo.example"
    send(NOTICE.key, site=site, user=client_user)
    deliver_due()
    (letter,) = smtp.rules.letters
    message = Message.objects.get(channel="email")
    assert letter.sender.startswith(f"zwroty+{message.pk}.")
    assert letter.parsed["From"] == "Wodociągi Lipowo <bok@lipowo.example>"


# Prepared bytes ----------------------------------------------------------------------------------


def test_strange_addresses_go_the_long_way(site: Site, people: list[User]) -> None:
    """Nothing but plain addresses is put into bytes."""
    mailing = begin(site)
    prepared = PreparedLetter(mailing, INVOICE, "pl")
    message = Message.objects.filter(channel="email").prefetch_related("mailing", "site")[0]
    for address in ("żółw@example.org", "a@example.org\r\nBcc: x@example.org", "a" * 260):
        message.address = address
        with pytest.raises(NotPlain):
            prepared.bytes_for(message)


@pytest.mark.parametrize(
    "text", ["", "Faktura", "Ważne: zażółć gęślą jaźń " * 5, "💧" * 40, "x" * 200, "=?x?="]
)
def test_headers_can_be_read_back(text: str) -> None:
    """Any subject, and no line is too long."""
    import email
    import email.policy

    raw = f"Subject: {header_words(text)}\r\n\r\n".encode("ascii")
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert " ".join(str(read["Subject"]).split()) == " ".join(text.split())
    assert json.dumps(text)

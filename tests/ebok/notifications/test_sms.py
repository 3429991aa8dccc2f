"""Text messages through SMSAPI, against a gate of our own on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Site

from ebok.notifications.delivery import deliver_due
from ebok.notifications.models import DemoItem, Message, MessageSettings, Receipt, State
from ebok.notifications.receipts import judge_waiting
from ebok.notifications.sealing import seal_of
from ebok.notifications.services import send
from ebok.notifications.sms_text import (
    WrongNumber,
    is_short_alphabet,
    normal_number,
    parts_of,
    without_accents,
)
from ebok.plugins.channels import channel_for
from tests.ebok.notifications.conftest import INVOICE, VALUES

PHONE = "600 100 200"
Answer = Callable[[dict[str, str]], tuple[int, bytes]]


class Smsapi:
    """A gate that answers as SMSAPI does, or as it is told."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.tokens: list[str] = []
        self.answer: Answer = self.accept

    def accept(self, fields: dict[str, str]) -> tuple[int, bytes]:
        """Take it; refuse a known `idx` when asked to check."""
        known = [asked["idx"] for asked in self.asked[:-1] if asked.get("check_idx") == "1"]
        if fields.get("idx") in known:
            return 200, json.dumps({"error": 53, "message": "Not unique idx"}).encode()
        one = {"id": f"MSG{len(self.asked)}", "points": 0.16, "number": fields["to"], "status": "QUEUE"}
        return 200, json.dumps({"count": 1, "list": [one]}).encode()


@pytest.fixture
def smsapi(settings: Any) -> Iterator[Smsapi]:
    """The gate, set up for the portal."""
    gate = Smsapi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            sent = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            fields = {name: values[0] for name, values in sent.items()}
            gate.asked.append(fields)
            gate.tokens.append(self.headers["Authorization"])
            status, body = gate.answer(fields) if self.path == "/sms.do" else (404, b"")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.EBOK_SMSAPI_TOKEN = "sekret"
    settings.EBOK_SMSAPI_URLS = [f"http://127.0.0.1:{server.server_port}"]
    yield gate
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def message(site: Site, awake: None) -> Message:
    """A text message that waits, on a site without quiet hours."""
    (made,) = send(INVOICE.key, site=site, phone=PHONE, values=VALUES)
    return made


@pytest.mark.feature("D09")
def test_a_message_is_handed_over(smsapi: Smsapi, message: Message, site: Site) -> None:
    """With the token, the number of the country, our name for it and where to tell what became of it."""
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.gate_reference, message.parts) == (State.SENT, "MSG1", 1)
    (asked,) = smsapi.asked
    assert smsapi.tokens == ["Bearer sekret"]
    assert asked["to"] == "48600100200"
    assert asked["message"] == "Faktura FV/7/2026: 99,00 zl"
    assert (asked["idx"], asked["check_idx"], asked["format"]) == (f"ebok-{message.pk}", "1", "json")
    assert asked["notify_url"] == f"http://localhost:8000/webhooks/sms/{seal_of('smsapi')}/"
    assert "from" not in asked


def test_sender_and_letters_are_settings(smsapi: Smsapi, site: Site) -> None:
    """Polish letters cost room, so they stay only where the utility wants them."""
    MessageSettings.objects.update_or_create(
        site=site,
        defaults={
            "sms_sender": "Wodociagi",
            "sms_keeps_letters": True,
            "sms_quiet_since": None,
            "sms_quiet_until": None,
        },
    )
    send(INVOICE.key, site=site, phone=PHONE, values={**VALUES, "number": "x" * 60})
    deliver_due()
    assert smsapi.asked[0]["from"] == "Wodociagi"
    assert smsapi.asked[0]["message"].endswith("99,00 zł")
    assert Message.objects.get().parts == 2


def test_a_lost_answer_does_not_double(smsapi: Smsapi, message: Message) -> None:
    """The gate knows our name for it and says so; then it is sent."""

    def lost(fields: dict[str, str]) -> tuple[int, bytes]:
        smsapi.answer = smsapi.accept
        return 502, b"Bad gateway"

    smsapi.answer = lost
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.WAITING, 1)
    Message.objects.update(next_try=message.created_at)
    deliver_due()
    message.refresh_from_db()
    assert message.state == State.SENT
    assert len(smsapi.asked) == 2


def test_the_backup_address_is_asked(smsapi: Smsapi, message: Message, settings: Any) -> None:
    """When nobody answers at the first."""
    settings.EBOK_SMSAPI_URLS = ["http://127.0.0.1:9", *settings.EBOK_SMSAPI_URLS]
    deliver_due()
    message.refresh_from_db()
    assert message.state == State.SENT


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((200, b'{"error": 13, "message": "No correct phonenumbers"}'), State.FAILED),
        ((200, b'{"error": 103, "message": "Insufficient credits"}'), State.WAITING),
        ((401, b'{"error": 101, "message": "Authorization failed"}'), State.WAITING),
        ((200, b'{"count": 1, "list": [{"id": "1", "error": 13, "number": "1"}]}'), State.FAILED),
        ((200, b'{"count": 0, "list": []}'), State.WAITING),
        ((200, b'{"list": "x"}'), State.WAITING),
        ((200, b'{"error": [1]}'), State.WAITING),
        ((200, b"[]"), State.WAITING),
        ((200, b"ERROR:101"), State.WAITING),
        ((200, b"\xff\xfe"), State.WAITING),
        ((200, b""), State.WAITING),
        ((302, b""), State.WAITING),
        ((500, b"<html>"), State.WAITING),
    ],
)
def test_refusals_and_nonsense(
    smsapi: Smsapi, message: Message, answer: tuple[int, bytes], state: str
) -> None:
    """A wrong number is final; money, limits and faults may pass. What was said is kept."""
    smsapi.answer = lambda _fields: answer
    deliver_due()
    message.refresh_from_db()
    assert message.state == state
    assert message.error
    assert message.gate_reference == ""


def test_a_wrong_number_never_leaves(smsapi: Smsapi, site: Site, awake: None) -> None:
    """And is not tried again."""
    (made,) = send(INVOICE.key, site=site, phone="12345", values=VALUES)
    deliver_due()
    made.refresh_from_db()
    assert (made.state, smsapi.asked) == (State.FAILED, [])


# Receipts ----------------------------------------------------------------------------------


def call(client: Client, **fields: str) -> Any:
    """What the gate calls."""
    return client.get(f"/webhooks/sms/{seal_of('smsapi')}/", fields)


@pytest.mark.parametrize(
    ("status", "state", "told_as"),
    [
        ("404", State.DELIVERED, "delivered"),
        ("DELIVERED", State.DELIVERED, "delivered"),
        ("405", State.FAILED, "failed"),
        ("402", State.FAILED, "failed"),
        ("403", State.SENT, None),
        ("409", State.SENT, None),
        ("999", State.SENT, None),
    ],
)
def test_receipts(
    smsapi: Smsapi,
    message: Message,
    client: Client,
    told: list[tuple[str, str]],
    status: str,
    state: str,
    told_as: str | None,
) -> None:
    """Stored, judged, told once; the gate hears OK however often it calls."""
    deliver_due()
    for _again in range(2):
        assert call(client, MsgId="MSG1", status=status, idx=f"ebok-{message.pk}").content == b"OK"
    message.refresh_from_db()
    assert message.state == state
    assert [word for _channel, word in told if word not in ("stored", "sent")] == (
        [told_as] if told_as else []
    )
    assert Receipt.objects.exclude(judged_at=None).count() == 2


def test_several_receipts_in_one_call(smsapi: Smsapi, message: Message, site: Site, client: Client) -> None:
    """Joined by commas, by our name or by the gate's, by POST as well."""
    (second,) = send(INVOICE.key, site=site, phone=PHONE, values=VALUES)
    deliver_due()
    client.post(
        f"/webhooks/sms/{seal_of('smsapi')}/",
        {"MsgId": "unknown,MSG2", "status": "404,405", "idx": f"ebok-{message.pk},"},
    )
    message.refresh_from_db()
    second.refresh_from_db()
    assert (message.state, second.state) == (State.DELIVERED, State.FAILED)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MsgId": "", "status": ""},
        {"MsgId": "MSG1"},
        {"idx": "ebok-" + "9" * 40, "status": "404", "MsgId": ","},
        {"idx": "ebok-x", "status": "404", "MsgId": "nobody"},
        {"MsgId": "x" * 5000, "status": "404," * 500, "idx": "ł" * 500},
    ],
)
def test_nonsense_receipts(smsapi: Smsapi, message: Message, client: Client, fields: dict[str, str]) -> None:
    """Stored all the same; nothing changes, nothing breaks."""
    deliver_due()
    assert call(client, **fields).content == b"OK"
    message.refresh_from_db()
    assert message.state == State.SENT
    assert Receipt.objects.count() == 1


def test_strangers_are_not_heard(message: Message, client: Client) -> None:
    """Without the seal nothing is stored."""
    answer = client.get("/webhooks/sms/zgaduje/", {"MsgId": "MSG1", "status": "404"})
    assert answer.status_code == 404
    assert Receipt.objects.count() == 0


def test_interrupted_judging_goes_on(smsapi: Smsapi, message: Message) -> None:
    """The timer finds what was stored and not judged."""
    deliver_due()
    Receipt.objects.create(gate="notifications.smsapi", fields={"MsgId": "MSG1", "status": "404"})
    assert judge_waiting() == 1
    assert judge_waiting() == 0
    message.refresh_from_db()
    assert message.state == State.DELIVERED


# The demo ----------------------------------------------------------------------------------


def test_the_demo_keeps_text_messages(settings: Any, message: Message, site: Site) -> None:
    """Where there is no token; with one the real gate is used."""
    assert channel_for("sms", site) is None
    settings.EBOK_DEMO_MAILBOX = True
    deliver_due()
    item = DemoItem.objects.get()
    assert (item.medium, item.recipient, item.text) == (
        "sms",
        "+48600100200",
        "Faktura FV/7/2026: 99,00 zl",
    )
    settings.EBOK_SMSAPI_TOKEN = "sekret"
    found = channel_for("sms", site)
    assert found is not None
    assert found.key == "notifications.smsapi"


# Counting and numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("ł" * 134, 2),
        ("ł" * 135, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 152 letters and an extended one do not fit into 153: it begins the second part.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("💧" * 35, 1),
        ("💧" * 36, 2),
    ],
)
def test_parts(text: str, parts: int) -> None:
    """As the network counts them."""
    assert parts_of(text) == parts


def test_polish_without_accents() -> None:
    """Every letter fits into the short alphabet, and the rest is spelled."""
    assert without_accents("Zażółć gęślą jaźń — „tak”… 5 zł") == 'Zazolc gesla jazn - "tak"... 5 zl'
    assert without_accents("ŁÓDŹ „x” – 5 m³") == 'LODZ "x" - 5 m3'


@given(st.text(alphabet="aąbcćdeęłnńoósśzźżAĄĆĘŁŃÓŚŹŻ „”–… 0123456789€{}"))
def test_polish_texts_become_short(text: str) -> None:
    """Whatever is written in Polish."""
    assert is_short_alphabet(without_accents(text))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("600100200", "+48600100200"),
        ("600 100 200", "+48600100200"),
        ("(58) 301-02-03", "+48583010203"),
        ("+48 600 100 200", "+48600100200"),
        ("0048600100200", "+48600100200"),
        ("48600100200", "+48600100200"),
        ("+49 170 1234567", "+491701234567"),
    ],
)
def test_numbers(typed: str, number: str) -> None:
    """As people write them."""
    assert normal_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "12345", "+48 123", "000", "abc", "600100200x", "+48 0600100200", "9" * 30]
)
def test_wrong_numbers(typed: str) -> None:
    """Refused before a gate is asked."""
    with pytest.raises(WrongNumber):
        normal_number(typed)

"""A kind of message, a gate for text messages, and what was told about messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from wagtail.models import Site

from ebok.notifications.models import Message, MessageSettings
from ebok.notifications.signals import message_changed
from ebok.plugins.registry import registry
from ebok.ports import MessageGroup, MessageKind, NotSent, Placeholder
from ebok.ports.messages import SMS

INVOICE = MessageKind(
    key="notifications.invoice",
    title="Faktura wystawiona",
    group=MessageGroup.BILLS,
    subject="Faktura {number}",
    body="Mamy dla Ciebie fakturę {number}.\n\nKwota: {amount}.",
    sms="Faktura {number}: {amount}",
    action="Zobacz fakturę",
    channels=("email", "sms", "portal"),
    default_channels=("email", "portal"),
    values=(
        Placeholder(name="number", description="numer", sample="FV/1/2026"),
        Placeholder(name="amount", description="kwota", sample="12,30 zł"),
    ),
)
NOTICE = MessageKind(
    key="notifications.duty",
    title="Ważne",
    group=MessageGroup.ACCOUNT,
    subject="Ważne",
    body="Ważna wiadomość.",
    sms="Wazne",
    channels=("email", "sms", "portal"),
    default_channels=("portal",),
    is_duty=True,
    transactional=True,
)
VALUES = {"number": "FV/7/2026", "amount": "99,00 zł"}


class Gate:
    """A gate for text messages that keeps what it was given, or refuses as it is told."""

    key = "notifications.test_gate"
    title = "Bramka"
    medium = SMS

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.refusal: NotSent | None = None

    def serves(self, site: Site) -> bool:
        """Always set up."""
        return True

    def send(self, address: str, text: str, *, site: Site, reference: str = "") -> str:
        """Keep it, or refuse."""
        if self.refusal is not None:
            raise self.refusal
        self.sent.append((address, text, reference))
        return f"gate-{len(self.sent)}"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> list[MessageKind]:
    """The kinds that are declared; a test may add to them."""
    declared = [INVOICE, NOTICE]
    _contribute(monkeypatch, "message_kinds", declared)
    return declared


@pytest.fixture
def awake(site: Site) -> None:
    """The site knows no quiet hours, so text messages go at whatever hour the tests run."""
    MessageSettings.objects.update_or_create(
        site=site, defaults={"sms_quiet_since": None, "sms_quiet_until": None}
    )


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch, awake: None) -> Gate:
    """The only gate for text messages."""
    made = Gate()
    _contribute(monkeypatch, "message_channels", [made])
    return made


def _contribute(monkeypatch: pytest.MonkeyPatch, name: str, items: list[Any]) -> None:
    room = next(owner for owner in registry.owners if owner.key == "notifications")
    real: Callable[[str], list[Any]] = registry.contributions
    monkeypatch.setattr(
        registry,
        "contributions",
        lambda asked: [(room, item) for item in items] if asked == name else real(asked),
    )


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """(channel, state) of everything told about messages."""
    heard: list[tuple[str, str]] = []

    def hear(sender: type[Message], *, message: Message, state: str, **_more: Any) -> None:
        heard.append((message.channel, state))

    message_changed.connect(hear)
    yield heard
    message_changed.disconnect(hear)

"""SMSAPI.pl: handing a text message over, and reading its receipts."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.notifications.addresses import address_of
from ebok.notifications.models import MessageSettings
from ebok.notifications.sealing import seal_of
from ebok.notifications.sms_text import WrongNumber, normal_number
from ebok.ports import NotSent
from ebok.ports.messages import SMS

logger = logging.getLogger(__name__)

TIMEOUT = (5, 15)
MOST_ANSWER = 100_000
ALREADY_SENT = 53
FINAL = frozenset({11, 12, 13, 17, 94})
"""Refused for its text or its number. All other errors may pass: credit, limits, faults."""

DELIVERED = frozenset({"404", "DELIVERED"})
UNDELIVERED = frozenset(
    {"401", "402", "405", "406", "407", "NOT_FOUND", "EXPIRED", "UNDELIVERED", "FAILED", "REJECTED"}
)


class SmsApi:
    """The gate of SMSAPI.pl, set up by its token."""

    key = "notifications.smsapi"
    title = gettext_lazy("SMSAPI.pl")
    medium = SMS

    def serves(self, site: Site) -> bool:
        """Whether there is a token."""
        return bool(settings.EBOK_SMSAPI_TOKEN)

    def send(self, address: str, text: str, *, site: Site, reference: str = "") -> str | None:
        """Hand it over. With a reference the gate refuses to send the same twice. Raises `NotSent`."""
        try:
            number = normal_number(address)
        except WrongNumber:
            raise NotSent(_("This is no telephone number."), is_final=True) from None
        fields = {
            "to": number.removeprefix("+"),
            "message": text,
            "format": "json",
            "encoding": "utf-8",
            "details": "1",
        }
        sender = MessageSettings.for_site(site).sms_sender
        if sender:
            fields["from"] = sender
        if reference:
            fields.update(idx=reference, check_idx="1", notify_url=receipt_url(site))
        return _message_name(_asked(fields))


def receipt_url(site: Site) -> str:
    """Where the gate tells what became of a message; its seal is known to the gate alone."""
    return address_of(site, "notifications_sms_receipt", seal=seal_of("smsapi"))


def _asked(fields: Mapping[str, str]) -> Mapping[str, Any]:
    """The gate's answer; the backup address is asked when the first does not answer."""
    problem = ""
    for base in settings.EBOK_SMSAPI_URLS:
        try:
            answer = requests.post(
                f"{base.rstrip('/')}/sms.do",
                data=fields,
                headers={"Authorization": f"Bearer {settings.EBOK_SMSAPI_TOKEN}"},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.ConnectionError as error:
            # Nothing was said to it, or the line broke: the idx keeps the second address from doubling.
            problem = type(error).__name__
            continue
        except requests.RequestException as error:
            raise NotSent(type(error).__name__) from None
        if answer.status_code >= 500:
            problem = f"HTTP {answer.status_code}"
            continue
        return _read(answer.content[:MOST_ANSWER], answer.status_code)
    raise NotSent(problem or _("The gate does not answer."))


def _read(content: bytes, status: int) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        raise NotSent(f"HTTP {status}") from None
    if not isinstance(found, dict):
        raise NotSent(f"HTTP {status}")
    return found


def _message_name(answer: Mapping[str, Any]) -> str | None:
    """The gate's name of the message. Raises `NotSent` for a refusal, whole or of the number."""
    listed = answer.get("list")
    one = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    error = answer.get("error") or one.get("error")
    if error:
        code = int(error) if str(error).isdecimal() else 0
        if code == ALREADY_SENT:
            # A try before this one has come through, though its answer was lost.
            return None
        words = str(answer.get("message") or answer.get("error_message") or "")[:200]
        raise NotSent(f"SMSAPI {error} {words}".strip(), is_final=code in FINAL)
    if not one.get("id"):
        raise NotSent(_("The gate's answer could not be read."))
    return str(one["id"])[:100]


@dataclass(frozen=True)
class Receipt:
    """What became of one message: its name at the gate and with us, and the word for it."""

    gate_reference: str
    reference: str
    status: str

    @property
    def is_delivered(self) -> bool:
        """It is on the telephone."""
        return self.status in DELIVERED

    @property
    def is_undelivered(self) -> bool:
        """It will never be there."""
        return self.status in UNDELIVERED


def receipts_in(fields: Mapping[str, str]) -> Iterator[Receipt]:
    """The receipts of one call; several come joined by commas."""
    names = fields.get("MsgId", "").split(",")
    states = fields.get("status", "").split(",")
    ours = fields.get("idx", "").split(",")
    for place, name in enumerate(names):
        status = states[place] if place < len(states) else ""
        reference = ours[place] if place < len(ours) else ""
        if name.strip() or reference.strip():
            yield Receipt(name.strip()[:100], reference.strip()[:100], status.strip().upper()[:20])

"""Common Alerting Protocol 1.2 (OASIS): one message for each publication, in Polish and English.

A first publication is an Alert, a later one an Update, the end and a withdrawal a Cancel;
the last two name all earlier messages in `references`. A message never changes once it is issued,
and each has an address of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils import timezone

from snippets.outages.feeds.issued import Issued
from snippets.outages.feeds.links import Links, xml_text
from snippets.outages.models import Message
from snippets.outages.rules import Effect, State

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
CONTENT_TYPE = "application/cap+xml"
LANGUAGE_TAGS = {"pl": "pl-PL", "en": "en"}
LONGEST_HEADLINE = 160
"""Characters; CAP asks for no more, since some ways of telling are that short."""

_SEVERITY = {
    Effect.DO_NOT_DRINK: "Severe",
    Effect.NO_WATER: "Moderate",
    Effect.CLOUDY: "Minor",
    Effect.LOW_PRESSURE: "Minor",
    Effect.NO_CHANGE: "Minor",
}
_URGENCY = {
    State.PLANNED: "Future",
    State.ONGOING: "Immediate",
    State.ENDED: "Past",
    State.WITHDRAWN: "Past",
}
_RESPONSE = {
    State.PLANNED: "Prepare",
    State.ONGOING: "Monitor",
    State.ENDED: "AllClear",
    State.WITHDRAWN: "AllClear",
}


def message(uid: str, told: Sequence[Issued], links: Links) -> bytes:
    """The last of the messages `told` about the outage `uid`; the others are those it refers to."""
    issued, earlier = told[-1], told[:-1]
    alert = ET.Element("alert", {"xmlns": NAMESPACE})
    _put(alert, "identifier", identifier(uid, issued.number, links))
    _put(alert, "sender", links.host)
    _put(alert, "sent", _time(issued.sent))
    _put(alert, "status", "Actual")
    _put(alert, "msgType", str(issued.kind))
    _put(alert, "scope", "Public")
    if earlier and issued.kind != Message.ALERT:
        named = (f"{links.host},{identifier(uid, past.number, links)},{_time(past.sent)}" for past in earlier)
        _put(alert, "references", " ".join(named))
    _put(alert, "incidents", uid)
    for language, _name in settings.LANGUAGES:
        _put_info(
            alert, issued, language, web=links.page(uid, language), sender=links.organisation or links.host
        )
    return bytes(ET.tostring(alert, encoding="utf-8", xml_declaration=True))


def identifier(uid: str, number: str, links: Links) -> str:
    """The name of one message: no spaces, commas or angle brackets in it."""
    return f"{links.host}-{uid}-{number}"


def _put_info(alert: ET.Element, issued: Issued, language: str, *, web: str, sender: str) -> None:
    """One <info>; the elements come in the order of the schema."""
    info = ET.SubElement(alert, "info")
    facts, texts, state = issued.facts, issued.facts["texts"][language], issued.state
    _put(info, "language", LANGUAGE_TAGS.get(language, language))
    _put(info, "category", "Infra")
    _put(info, "event", texts["event"])
    _put(info, "responseType", _RESPONSE[state])
    _put(info, "urgency", _URGENCY[state])
    _put(info, "severity", _SEVERITY[Effect(facts["effect"])])
    _put(info, "certainty", "Observed" if state in (State.ONGOING, State.ENDED) else "Likely")
    _put(info, "effective", _time(issued.sent))
    _put(info, "onset", _time(datetime.fromisoformat(facts["starts_at"])))
    if facts["over_at"]:
        _put(info, "expires", _time(datetime.fromisoformat(facts["over_at"])))
    _put(info, "senderName", sender)
    _put(info, "headline", texts["headline"][:LONGEST_HEADLINE])
    _put(info, "description", texts["description"])
    # Who is told that it is over has no use for places with water.
    points = [] if state in (State.ENDED, State.WITHDRAWN) else texts["points"]
    _put(info, "instruction", "\n".join(part for part in (texts["advice"], *points) if part))
    _put(info, "web", web)
    area = ET.SubElement(info, "area")
    _put(area, "areaDesc", texts["area"])
    for value in facts["codes"]:
        code = ET.SubElement(area, "geocode")
        _put(code, "valueName", "TERYT-ULIC")
        _put(code, "value", value)


def _put(parent: ET.Element, name: str, text: str) -> None:
    """Append a child element; an empty text is left out."""
    if text:
        ET.SubElement(parent, name).text = xml_text(text)


def _time(moment: datetime) -> str:
    """Local time with its offset and whole seconds, as the schema's pattern wants it."""
    return timezone.localtime(moment).replace(microsecond=0).isoformat()

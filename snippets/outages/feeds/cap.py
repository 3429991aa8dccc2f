"""Common Alerting Protocol 1.2 (OASIS): one message for each publication, in Polish and English.

A first publication is an Alert, a later one an Update, the end and a withdrawal a Cancel;
the last two name all earlier messages in `references`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from django.utils import timezone, translation

from snippets.outages import presentation
from snippets.outages.feeds.atom import changed_at
from snippets.outages.feeds.links import Links, xml_text
from snippets.outages.models import Message, Outage, OutagePublication
from snippets.outages.rules import Effect, State

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
CONTENT_TYPE = "application/cap+xml"

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


def message(outage: Outage, publications: Sequence[OutagePublication], links: Links, now: datetime) -> bytes:
    """The current message about the outage. `publications` are all of its own, oldest first."""
    alert = ET.Element("alert", {"xmlns": NAMESPACE})
    newest = publications[-1] if publications else None
    sent = newest.moment if newest else changed_at(outage)
    kind = newest.message if newest else Message.ALERT
    state = outage.state(now)
    earlier = publications[:-1]
    # An outage that ran out by itself was not published again, yet the message must say it is over.
    if state is State.ENDED and kind != Message.CANCEL and newest is not None:
        kind, sent, earlier = Message.CANCEL, outage.over_at or sent, publications
    number = f"{newest.sequence if newest else 0}{'-end' if earlier is publications and newest else ''}"
    _put(alert, "identifier", identifier(outage, number, links))
    _put(alert, "sender", links.host)
    _put(alert, "sent", _time(sent))
    _put(alert, "status", "Actual")
    _put(alert, "msgType", str(kind))
    _put(alert, "scope", "Public")
    if earlier and kind != Message.ALERT:
        named = (
            f"{links.host},{identifier(outage, str(past.sequence), links)},{_time(past.moment)}"
            for past in earlier
        )
        _put(alert, "references", " ".join(named))
    _put(alert, "incidents", outage.uid)
    for language, tag in (("pl", "pl-PL"), ("en", "en")):
        with translation.override(language):
            _put_info(alert, outage, language=tag, state=state, links=links, sent=sent)
    return bytes(ET.tostring(alert, encoding="utf-8", xml_declaration=True))


def identifier(outage: Outage, number: str, links: Links) -> str:
    """The name of one message: no spaces, commas or angle brackets in it."""
    return f"{links.host}-{outage.uid}-{number}"


def _put_info(
    alert: ET.Element, outage: Outage, *, language: str, state: State, links: Links, sent: datetime
) -> None:
    """One <info> in the active language; the elements come in the order of the schema."""
    info = ET.SubElement(alert, "info")
    certain = state is State.ONGOING or state is State.ENDED
    _put(info, "language", language)
    _put(info, "category", "Infra")
    _put(info, "event", presentation.kind_title(outage.kind))
    _put(info, "responseType", _RESPONSE[state])
    _put(info, "urgency", _URGENCY[state])
    _put(info, "severity", _SEVERITY[Effect(outage.effect)])
    _put(info, "certainty", "Observed" if certain else "Likely")
    _put(info, "effective", _time(sent))
    _put(info, "onset", _time(outage.starts_at))
    if outage.over_at:
        _put(info, "expires", _time(outage.over_at))
    _put(info, "senderName", links.organisation or links.host)
    _put(info, "headline", presentation.headline(outage)[:160])
    _put(info, "description", presentation.in_language(outage, "cause").text or presentation.headline(outage))
    _put(info, "instruction", _instruction(outage, sent))
    _put(info, "web", links.page(outage.uid))
    _put_area(info, outage, links)


def _instruction(outage: Outage, now: datetime) -> str:
    parts = [presentation.in_language(outage, "advice").text]
    for point in outage.water_points.all():
        place = presentation.in_language(point, "place").text
        parts.append(f"{place}: {presentation.hours_of(point, now)}")
    return "\n".join(part for part in parts if part)


def _put_area(info: ET.Element, outage: Outage, links: Links) -> None:
    area = ET.SubElement(info, "area")
    rows = list(outage.streets.all())
    described = "; ".join(f"{row.street} {row.numbers_label}" for row in rows)
    _put(area, "areaDesc", described or presentation.headline(outage) or links.host)
    for row in rows:
        if row.street.sym and row.street.sym_ul:
            code = ET.SubElement(area, "geocode")
            _put(code, "valueName", "TERYT-ULIC")
            _put(code, "value", f"{row.street.sym}-{row.street.sym_ul}")


def _put(parent: ET.Element, name: str, text: str) -> None:
    """Append a child element; an empty text is left out."""
    if text:
        ET.SubElement(parent, name).text = xml_text(text)


def _time(moment: datetime) -> str:
    """Local time with its offset and whole seconds, as the schema's pattern wants it."""
    return timezone.localtime(moment).replace(microsecond=0).isoformat()

"""iCalendar (RFC 5545): an outage keeps its UID for life, SEQUENCE counts its publications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from snippets.outages import presentation
from snippets.outages.feeds.atom import changed_at
from snippets.outages.feeds.links import Links, xml_text
from snippets.outages.models import Outage

if TYPE_CHECKING:
    from icalendar import Event


def calendar(outages: Iterable[Outage], links: Links, name: str) -> bytes:
    """The notices as events; called-off ones are CANCELLED so that calendars strike them out."""
    # Slow to load, and most processes never write a calendar.
    from icalendar import Calendar  # noqa: PLC0415

    written = Calendar()
    written.add("prodid", "-//e-BOK//awarie//PL")
    written.add("version", "2.0")
    written.add("calscale", "GREGORIAN")
    written.add("method", "PUBLISH")
    written.add("x-wr-calname", xml_text(name))
    written.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for outage in outages:
        written.add_component(_event(outage, links))
    return bytes(written.to_ical())


def _event(outage: Outage, links: Links) -> Event:
    from icalendar import Event  # noqa: PLC0415 (see above)

    event = Event()
    changed = changed_at(outage).astimezone(UTC).replace(microsecond=0)
    event.add("uid", f"{outage.uid}@{links.host}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", outage.sequence)
    event.add("dtstart", outage.starts_at.astimezone(UTC).replace(microsecond=0))
    end = outage.ended_at or outage.current_end
    if end and end > outage.starts_at:
        event.add("dtend", end.astimezone(UTC).replace(microsecond=0))
    event.add("summary", xml_text(presentation.headline(outage)))
    event.add("description", xml_text(_description(outage)))
    places = presentation.in_language(outage, "places").text
    if places:
        event.add("location", xml_text(places))
    event.add("url", links.page(outage.uid))
    event.add("categories", [outage.kind.upper()])
    event.add("status", "CANCELLED" if outage.withdrawn_at else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _description(outage: Outage) -> str:
    parts = [
        presentation.in_language(outage, "cause").text,
        presentation.in_language(outage, "advice").text,
        *(
            gettext("Water point: %(place)s") % {"place": presentation.in_language(point, "place").text}
            for point in outage.water_points.all()
        ),
    ]
    return "\n".join(part for part in parts if part)

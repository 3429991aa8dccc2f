"""Feeds, read back by independent libraries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
import xmlschema
from icalendar import Calendar
from wagtail.models import Site

from snippets.outages import queries
from snippets.outages.feeds import atom, cap, listing
from snippets.outages.feeds.calendar import calendar
from snippets.outages.feeds.links import Links
from snippets.outages.models import Outage, OutageUpdate, WaterPoint
from tests.snippets.outages.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]
LINKS = Links("https://lipowo.example/awarie/", "lipowo.example", "Wodociągi Lipowo")
SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parents[2] / "samples" / "cap" / "CAP-v1.2.xsd"))
CAP = {"c": cap.NAMESPACE}
AWKWARD = "Pękła <rura> & zawór\x0b „na” 5 m, potem\nulica\x00".replace("\x00", "")


def told(outage: Outage) -> ET.Element:
    """The CAP message about the outage, valid against the official schema."""
    text = cap.message(outage, list(outage.publications.all()), LINKS, NOW)
    SCHEMA.validate(text.decode())
    return ET.fromstring(text)


def text(alert: ET.Element, name: str) -> str | None:
    """A text of the message; "info/…" looks into the Polish part."""
    return alert.findtext("/".join(f"c:{part}" for part in name.split("/")), namespaces=CAP)


@pytest.mark.feature("A03")
def test_atom(site: Site, outage: Make) -> None:
    made = outage(cause=AWKWARD)
    gone = outage(starts_at=NOW + DAY, expected_end=NOW + 2 * DAY, streets=[("Krótka", "")])
    gone.unpublish()
    feed = feedparser.parse(atom.all_notices(queries.for_feeds(site), LINKS, NOW))
    assert feed.bozo == 0
    assert [entry.id for entry in feed.entries] == [
        f"tag:lipowo.example,2026:awaria:{gone.uid}",
        f"tag:lipowo.example,2026:awaria:{made.uid}",
    ]
    assert [entry.title for entry in feed.entries] == [
        "Odwołane: Brak wody: ul. Krótka",
        "Brak wody: ul. Lipowa",
    ]
    assert feed.entries[1].link == f"https://lipowo.example/awarie/{made.uid}/"
    assert feed.feed.id == "tag:lipowo.example,2026:awaria:all"


@pytest.mark.django_db
def test_an_empty_feed_is_valid_and_steady(site: Site) -> None:
    first = atom.all_notices(queries.for_feeds(site), LINKS, NOW)
    assert feedparser.parse(first).bozo == 0
    assert first == atom.all_notices(queries.for_feeds(site), LINKS, NOW + DAY)


@pytest.mark.feature("A06")
def test_atom_of_one_outage_has_an_entry_for_each_step(outage: Make) -> None:
    steps = [
        OutageUpdate(moment=NOW - HOUR, status="reported", text="Dziękujemy."),
        OutageUpdate(moment=NOW - HOUR / 2, status="crew", text=AWKWARD),
    ]
    made = outage(updates=steps)
    feed = feedparser.parse(atom.one_notice(made, LINKS, NOW))
    assert feed.bozo == 0
    assert [entry.title for entry in feed.entries] == [
        "Ekipa na miejscu",
        "Zgłoszenie",
        "Brak wody: ul. Lipowa",
    ]
    assert feed.entries[1].id == f"tag:lipowo.example,2026:awaria:{made.uid}:20260514T122000"


def events(outages: list[Outage]) -> list[dict[str, object]]:
    """The events of a calendar as plain values."""
    parsed = Calendar.from_ical(calendar(outages, LINKS, "Awarie"))
    return [
        {name: event.decoded(name) for name in ("uid", "sequence", "status", "dtstart", "summary")}
        | {"end": event.decoded("dtend") if "dtend" in event else None}
        for event in parsed.walk("VEVENT")
    ]


@pytest.mark.feature("A05")
def test_calendar_keeps_the_id_and_counts_on(outage: Make) -> None:
    made = outage(kind="planned", starts_at=NOW + 8 * DAY, expected_end=NOW + 8 * DAY + HOUR, cause=AWKWARD)
    first = events([made])
    assert first == [
        {
            "uid": f"{made.uid}@lipowo.example",
            "sequence": 0,
            "status": "CONFIRMED",
            "dtstart": NOW + 8 * DAY,
            "end": NOW + 8 * DAY + HOUR,
            "summary": "Brak wody: ul. Lipowa",
        }
    ]
    made.unpublish()
    made.refresh_from_db()
    assert events([made]) == [{**first[0], "sequence": 1, "status": "CANCELLED"}]


def test_calendar_without_an_end(outage: Make) -> None:
    assert [event["end"] for event in events([outage(expected_end=None)])] == [None]


@pytest.mark.feature("A03")
@pytest.mark.parametrize("kind", ["failure", "planned", "restriction", "substitute"])
@pytest.mark.parametrize("effect", ["no-water", "low-pressure", "cloudy", "do-not-drink", "no-change"])
def test_cap_is_valid_for_every_kind(outage: Make, kind: str, effect: str) -> None:
    made = outage(
        kind=kind, effect=effect, cause=AWKWARD, advice="", water_points=[WaterPoint(place="Rynek")]
    )
    alert = told(made)
    assert [info.findtext("c:language", namespaces=CAP) for info in alert.findall("c:info", CAP)] == [
        "pl-PL",
        "en",
    ]
    assert (text(alert, "msgType"), text(alert, "info/category")) == ("Alert", "Infra")


def test_cap_update_and_cancel_name_what_they_replace(outage: Make) -> None:
    made = outage()
    alert = told(made)
    name = f"lipowo.example-{made.uid}-0"
    assert (text(alert, "identifier"), text(alert, "references")) == (name, None)
    made.save_revision().publish()
    made.refresh_from_db()
    update = told(made)
    reference = f"lipowo.example,{name},2026-05-14T13:20:00+02:00"
    assert (text(update, "msgType"), text(update, "references")) == ("Update", reference)
    made.unpublish()
    made.refresh_from_db()
    cancel = told(made)
    assert (text(cancel, "msgType"), text(cancel, "info/responseType")) == ("Cancel", "AllClear")
    assert text(cancel, "references") == (
        f"{reference} lipowo.example,lipowo.example-{made.uid}-1,2026-05-14T13:20:00+02:00"
    )
    assert text(cancel, "incidents") == made.uid


def test_cap_says_it_is_over_when_time_ran_out(outage: Make) -> None:
    made = outage(kind="planned", starts_at=NOW - 3 * HOUR, expected_end=NOW - HOUR)
    alert = told(made)
    assert (text(alert, "msgType"), text(alert, "info/urgency")) == ("Cancel", "Past")
    assert text(alert, "sent") == "2026-05-14T12:20:00+02:00"
    assert (
        text(alert, "references") == f"lipowo.example,lipowo.example-{made.uid}-0,2026-05-14T13:20:00+02:00"
    )


def test_cap_index_leads_to_the_messages(site: Site, outage: Make) -> None:
    made = outage()
    feed = feedparser.parse(atom.cap_index(queries.for_feeds(site), LINKS, NOW))
    links = {link.get("type"): link.href for link in feed.entries[0].links}
    assert (feed.bozo, links[cap.CONTENT_TYPE]) == (0, f"https://lipowo.example/awarie/cap/{made.uid}.xml")


@pytest.mark.feature("A04")
def test_json_tells_water_points_and_ranges(site: Site, outage: Make) -> None:
    outage(
        streets=[("Lipowa", "2-40 parzyste; 41")],
        water_points=[
            WaterPoint(
                place="Rynek", kind="tanker", opens_at=NOW, latitude="52.220000", longitude="18.250000"
            )
        ],
    )
    rows = queries.with_details(queries.for_feeds(site))
    told_of = listing.listing(rows, LINKS, NOW)["outages"][0]
    assert told_of["streets"][0]["ranges"] == [
        {"first": "2", "last": "40", "side": "even"},
        {"first": "41", "last": "41", "side": "both"},
    ]
    assert told_of["water_points"] == [
        {
            "kind": "tanker",
            "place": "Rynek",
            "hint": "",
            "opens_at": "2026-05-14T13:20:00+02:00",
            "closes_at": None,
            "latitude": 52.22,
            "longitude": 18.25,
        }
    ]
    assert (told_of["state"], told_of["starts_at"]) == ("ongoing", "2026-05-14T12:20:00+02:00")

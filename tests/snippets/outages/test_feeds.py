"""Feeds, read back by independent libraries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
import xmlschema
from icalendar import Calendar
from wagtail.models import Site

from snippets.outages import queries
from snippets.outages.feeds import atom, cap, listing
from snippets.outages.feeds.calendar import calendar
from snippets.outages.feeds.issued import messages
from snippets.outages.feeds.links import Links
from snippets.outages.models import Outage, OutageUpdate, WaterPoint
from tests.snippets.outages.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]
LINKS = Links("https://lipowo.example/awarie/", "lipowo.example", "Wodociągi Lipowo")
SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parents[2] / "samples" / "cap" / "CAP-v1.2.xsd"))
CAP = {"c": cap.NAMESPACE}
AWKWARD = "Pękła <rura> & zawór\x0b „na” 5 m, potem\nulica\x00".replace("\x00", "")


def all_told(outage: Outage, now: datetime = NOW) -> list[ET.Element]:
    """Every CAP message about the outage, oldest first, each valid against the official schema."""
    issued = messages(outage, list(outage.publications.all()), now)
    texts = [cap.message(outage.uid, issued[:place], LINKS) for place in range(1, len(issued) + 1)]
    for text in texts:
        SCHEMA.validate(text.decode())
    return [ET.fromstring(text) for text in texts]


def told(outage: Outage) -> ET.Element:
    """The newest CAP message about the outage."""
    return all_told(outage)[-1]


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


@pytest.mark.feature("A03", "J05")
def test_cap_update_and_cancel_name_what_they_replace(outage: Make) -> None:
    made = outage()
    made.save_revision().publish()
    made.refresh_from_db()
    made.unpublish()
    made.refresh_from_db()
    alert, update, cancel = all_told(made)
    names = [f"lipowo.example-{made.uid}-{number}" for number in (0, 1, 2)]
    assert [text(message, "identifier") for message in (alert, update, cancel)] == names
    assert [text(message, "msgType") for message in (alert, update, cancel)] == ["Alert", "Update", "Cancel"]
    sent = "2026-05-14T13:20:00+02:00"
    first, second = (f"lipowo.example,{name},{sent}" for name in names[:2])
    assert text(alert, "references") is None
    assert text(update, "references") == first
    assert text(cancel, "references") == f"{first} {second}"
    assert (text(cancel, "info/responseType"), text(cancel, "incidents")) == ("AllClear", made.uid)


def test_a_cap_message_stays_what_it_was(outage: Make, clock: Any) -> None:
    """An Update does not change the Alert, nor does time: programs keep messages by their names."""
    made = outage(
        kind="planned",
        starts_at=NOW + 8 * DAY,
        expected_end=NOW + 8 * DAY + HOUR,
        cause="Wymiana zasuwy.",
        water_points=[WaterPoint(place="Rynek")],
    )
    (before,) = all_told(made)
    clock.move_to(NOW + DAY)
    made.cause, made.expected_end = "Wymiana rury.", NOW + 8 * DAY + 2 * HOUR
    made.water_points.set([])
    made.save_revision().publish()
    made.refresh_from_db()
    alert, update, over = all_told(made, NOW + 9 * DAY)
    assert ET.tostring(alert) == ET.tostring(before)
    assert text(alert, "info/description") == "Wymiana zasuwy."
    assert "Rynek" in (text(alert, "info/instruction") or "")
    assert (text(update, "info/description"), text(update, "info/urgency")) == ("Wymiana rury.", "Future")
    assert (text(over, "msgType"), text(over, "info/instruction")) == ("Cancel", None)
    assert text(over, "sent") == "2026-05-22T15:20:00+02:00"


def test_an_end_that_passed_before_a_new_notice_is_among_what_it_replaces(outage: Make, clock: Any) -> None:
    made = outage(kind="planned", starts_at=NOW, expected_end=NOW + HOUR)
    clock.move_to(NOW + 2 * HOUR)
    made.expected_end = NOW + 5 * HOUR
    made.save_revision().publish()
    made.refresh_from_db()
    told_so_far = all_told(made, NOW + 2 * HOUR)
    numbers = [(text(message, "identifier") or "").split("-", 2)[2] for message in told_so_far]
    assert numbers == ["0", "0-end", "1"]
    assert len((text(told_so_far[2], "references") or "").split()) == 2


def test_cap_says_it_is_over_when_time_ran_out(outage: Make) -> None:
    made = outage(kind="planned", starts_at=NOW - 3 * HOUR, expected_end=NOW - HOUR)
    alert = told(made)
    assert (text(alert, "msgType"), text(alert, "info/urgency")) == ("Cancel", "Past")
    # Never before the message it takes back.
    assert text(alert, "sent") == "2026-05-14T13:20:00+02:00"
    assert (
        text(alert, "references") == f"lipowo.example,lipowo.example-{made.uid}-0,2026-05-14T13:20:00+02:00"
    )


def test_cap_index_leads_to_every_message(site: Site, outage: Make, clock: Any) -> None:
    made = outage()
    clock.move_to(NOW + HOUR)
    made.unpublish()
    feed = feedparser.parse(
        atom.cap_index(queries.with_publications(queries.for_feeds(site)), LINKS, NOW + HOUR)
    )
    links = [
        {link.get("type"): link.href for link in entry.links}[cap.CONTENT_TYPE] for entry in feed.entries
    ]
    assert feed.bozo == 0
    assert links == [f"https://lipowo.example/awarie/cap/{made.uid}-{number}.xml" for number in (1, 0)]
    assert [entry.title for entry in feed.entries] == [f"Odwołane: {made.headline}", made.headline]
    assert len({entry.id for entry in feed.entries}) == 2


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

"""The open notices as JSON, for the applications and assistants of other people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from snippets.outages import presentation
from snippets.outages.feeds.atom import BEGINNING, changed_at
from snippets.outages.feeds.links import Links
from snippets.outages.models import Outage
from snippets.outages.numbers import Numbers


def listing(outages: Iterable[Outage], links: Links, now: datetime) -> dict[str, Any]:
    """Everything public about the notices; times are ISO 8601 with the zone.

    `updated` is the newest change, not this moment, so that the same notices give the same bytes.
    """
    rows = list(outages)
    return {
        "updated": _time(max((changed_at(outage) for outage in rows), default=BEGINNING)),
        "organisation": links.organisation,
        "outages": [_outage(outage, links, now) for outage in rows],
    }


def _outage(outage: Outage, links: Links, now: datetime) -> dict[str, Any]:
    return {
        "id": outage.uid,
        "sequence": outage.sequence,
        "url": links.page(outage.uid),
        "cap_url": links.newest_cap(outage.uid),
        "kind": outage.kind,
        "effect": outage.effect,
        "state": outage.state(now).value,
        "headline": presentation.headline(outage),
        "starts_at": _time(outage.starts_at),
        "expected_end": _time(outage.current_end),
        "ended_at": _time(outage.ended_at),
        "cause": presentation.in_language(outage, "cause").text,
        "advice": presentation.in_language(outage, "advice").text,
        "streets": [
            {
                "locality": row.street.locality,
                "street": row.street.label,
                "teryt": {"sym": row.street.sym, "sym_ul": row.street.sym_ul},
                "numbers": row.numbers_label,
                "ranges": _ranges(row.ranges),
            }
            for row in outage.streets.all()
        ],
        "water_points": [
            {
                "kind": point.kind,
                "place": presentation.in_language(point, "place").text,
                "hint": presentation.in_language(point, "description").text,
                "opens_at": _time(point.opens_at),
                "closes_at": _time(point.closes_at),
                "latitude": None if point.latitude is None else float(point.latitude),
                "longitude": None if point.longitude is None else float(point.longitude),
            }
            for point in outage.water_points.all()
        ],
        "updates": [
            {
                "moment": _time(update.moment),
                "status": update.status,
                "text": presentation.in_language(update, "text").text,
            }
            for update in outage.updates.all()
        ],
    }


def _ranges(numbers: Numbers) -> list[dict[str, str | None]]:
    return [
        {
            "first": str(span.first),
            "last": None if span.last is None else str(span.last),
            "side": span.side.value,
        }
        for span in numbers.spans
    ]


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else timezone.localtime(moment).replace(microsecond=0).isoformat()

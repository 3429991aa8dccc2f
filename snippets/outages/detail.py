"""Everything the public page of one outage shows, gathered for its template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from snippets.outages import presentation
from snippets.outages.models import Outage, OutageSettings, OutageStreet, Street, WaterPoint
from snippets.outages.plans import MOST_ROADS, Plan, draw, plan_frame, read_line


def detail_context(
    outage: Outage,
    now: datetime,
    index_url: str = "",
    draw_plan: Callable[[Outage, datetime], Plan | None] | None = None,
) -> dict[str, Any]:
    """The variables of `snippets/outages/detail.html`. `draw_plan` replaces `plan_of` where plans are kept.

    `index_url` is the address of the list the outage belongs to; without it (in a preview)
    the links that need it are left out.
    """
    steps = presentation.timeline_of(outage, now)
    kept = max(len(steps) - presentation.MOST_STEPS, 0)
    rows = list(outage.streets.all())
    points = points_of(outage, now)
    plan = None
    if points:
        plan = draw_plan(outage, now) if draw_plan else plan_of(rows, points)
    return {
        "outage": outage,
        "title": presentation.headline(outage),
        "tag": presentation.tag_of(outage, now),
        "answer": presentation.answer_of(outage, now),
        "cause": presentation.in_language(outage, "cause"),
        "advice": presentation.in_language(outage, "advice"),
        "checked_at": presentation.checked_at(outage),
        "points": points,
        "plan": plan,
        "rows": rows,
        "streets_title": presentation.streets_title(outage),
        "steps": steps[kept:],
        "earlier_steps": steps[:kept],
        "delivery_phone": _delivery_phone(outage),
        "index_url": index_url,
        "calendar_street": str(rows[0].street) if len(rows) == 1 else "",
        "is_open": outage.state(now) in {presentation.rules.State.PLANNED, presentation.rules.State.ONGOING},
    }


def _delivery_phone(outage: Outage) -> str:
    """Read together with the outage on public pages; a preview asks for it."""
    if hasattr(outage, "delivery_phone"):
        return outage.delivery_phone or ""
    return OutageSettings.for_site(outage.site).delivery_phone


def plan_of(rows: list[OutageStreet], points: list[dict[str, Any]]) -> Plan | None:
    """A plan of the closed streets and the water points; None where no course is known. One query."""
    lines = [line for row in rows if len(line := read_line(row.street.line)) > 1]
    pins = [
        (point["number"], (float(point["lat"]), float(point["lon"])))
        for point in points
        if point["lat"] is not None and point["lon"] is not None
    ]
    frame = plan_frame(lines, pins)
    if frame is None:
        return None
    south, west, north, east = frame
    near = Street.objects.filter(south__lte=north, north__gte=south, west__lte=east, east__gte=west)
    near = near.exclude(pk__in=[row.street_id for row in rows])
    roads = near.values_list("line", flat=True)[:MOST_ROADS]
    return draw(frame, lines, [read_line(line) for line in roads], pins)


def points_of(outage: Outage, now: datetime) -> list[dict[str, Any]]:
    """The water points, numbered, as `components/map.html` takes them."""
    return [
        {
            "number": number,
            "title": presentation.in_language(point, "place").text,
            "meta": _point_meta(point, now),
            "kind": point.kind,
            "lat": point.latitude,
            "lon": point.longitude,
        }
        for number, point in enumerate(outage.water_points.all(), start=1)
    ]


def _point_meta(point: WaterPoint, now: datetime) -> str:
    """Hours and hint on one line: "dziś 12:30–20:00 · weź czyste naczynie"."""
    hint = presentation.in_language(point, "description").text
    hours = presentation.hours_of(point, now)
    return f"{hours} · {hint}" if hint else hours

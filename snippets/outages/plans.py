"""The drawn plan of an outage: closed streets, streets around, numbered water points.

Pure geometry. It needs neither scripts nor map tiles; where a street's course is not known
there is no plan, since a guessed one would mislead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
"""Latitude and longitude in degrees."""
Box = tuple[float, float, float, float]
"""South, west, north, east."""

WIDTH, HEIGHT = 420, 300
MARGIN = 0.22
"""Room left around the closed streets, as a part of their extent."""
SMALLEST = 0.0016
"""Degrees of latitude a plan shows at least: a few houses, not one doorstep."""
MOST_ROADS = 60
"""Streets drawn around the closed ones."""

_DIGITS = {
    "0": "M-5 0a5 8 0 1 0 10 0a5 8 0 1 0-10 0",
    "1": "M-4-4.5L1-9V9",
    "2": "M-5-4c0-7 11-7 11 0 0 5-11 6-11 12H6",
    "3": "M-5-7c4-3 10-1 9 3-1 3-5 3-5 3s6 0 6 4.500c0 5-8 6-11 2",
    "4": "M3 9V-9L-6 4H6",
    "5": "M5-8H-4L-5 0c3-2 10-2 10 3.500S-1 10-5 6",
    "6": "M4-8C-4-7-6 0-5 4c1 6 10 5 10-.5S-3-2-5 3",
    "7": "M-5-8H5L-1 9",
    "8": "M0-1c-6 0-6-8 0-8s6 8 0 8c-7 0-7 10 0 10s7-10 0-10",
    "9": "M-4 8C4 7 6 0 5-4c-1-6-10-5-10 .5S3 2 5-3",
}
"""Strokes of the digits around the middle of a pin, so that the plan needs no font."""


@dataclass(frozen=True)
class Pin:
    """A water point on the plan: where it is and the strokes of its number."""

    x: float
    y: float
    strokes: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Plan:
    """Path data for the drawing, in units of the view box."""

    closed: str
    roads: str
    pins: tuple[Pin, ...]
    width: int = WIDTH
    height: int = HEIGHT


def read_line(text: str) -> list[Point]:
    """The points of a course; reading stops at the first that makes no sense."""
    points: list[Point] = []
    for word in text.split():
        first, comma, second = word.partition(",")
        try:
            latitude, longitude = float(first), float(second)
        except ValueError:
            break
        if not comma or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            break
        points.append((latitude, longitude))
    return points


def box_of(points: Sequence[Point]) -> Box | None:
    """The smallest box around the points; None for none."""
    if not points:
        return None
    latitudes, longitudes = [point[0] for point in points], [point[1] for point in points]
    return min(latitudes), min(longitudes), max(latitudes), max(longitudes)


def plan_frame(lines: Sequence[Sequence[Point]], pins: Sequence[tuple[int, Point]]) -> Box | None:
    """What the plan shows: closed streets and water points with a margin, in the shape of the drawing.

    None when no closed street has a course.
    """
    if not lines:
        return None
    box = box_of([point for line in lines for point in line] + [place for _, place in pins])
    if box is None:
        return None
    south, west, north, east = box
    squeeze = max(math.cos(math.radians((south + north) / 2)), 0.01)
    tall = max(north - south, SMALLEST) * (1 + 2 * MARGIN)
    wide = max(east - west, SMALLEST / squeeze) * (1 + 2 * MARGIN)
    # One degree of longitude is shorter than one of latitude; streets must not look stretched.
    tall = max(tall, wide * squeeze * HEIGHT / WIDTH)
    wide = tall / squeeze * WIDTH / HEIGHT
    middle, centre = (south + north) / 2, (west + east) / 2
    return middle - tall / 2, centre - wide / 2, middle + tall / 2, centre + wide / 2


def draw(
    frame: Box,
    closed: Iterable[Sequence[Point]],
    roads: Iterable[Sequence[Point]],
    pins: Iterable[tuple[int, Point]],
) -> Plan:
    """The plan of a frame. Closed streets lie on roads of their own."""
    closed_lines = list(closed)
    return Plan(
        closed=_paths(frame, closed_lines),
        roads=_paths(frame, [*roads, *closed_lines]),
        pins=tuple(_pin(frame, number, place) for number, place in pins),
    )


def _project(frame: Box, point: Point) -> tuple[float, float]:
    south, west, north, east = frame
    return (
        round((point[1] - west) / (east - west) * WIDTH, 1),
        round((north - point[0]) / (north - south) * HEIGHT, 1),
    )


def _paths(frame: Box, lines: Iterable[Sequence[Point]]) -> str:
    return " ".join(filter(None, (_path([_project(frame, point) for point in line]) for line in lines)))


def _path(line: Sequence[tuple[float, float]]) -> str:
    """The part of a line that lies on the drawing. Nothing may reach out of it: whatever measures the
    page by its elements, screen magnifiers among them, would find the street on top of other texts."""
    drawn: list[str] = []
    last: tuple[float, float] | None = None
    for start, end in pairwise(line):
        piece = _clipped(start, end)
        if piece is None:
            continue
        if piece[0] != last:
            drawn.append("M{:g} {:g}".format(*piece[0]))
        drawn.append("L{:g} {:g}".format(*piece[1]))
        last = piece[1]
    return "".join(drawn)


def _clipped(
    start: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The piece of a segment inside the drawing, None when there is none (Liang and Barsky's way)."""
    across, down = end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for step, room in (
        (-across, start[0]),
        (across, WIDTH - start[0]),
        (-down, start[1]),
        (down, HEIGHT - start[1]),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first >= last:
        return None

    def at(part: float) -> tuple[float, float]:
        return round(start[0] + part * across, 1), round(start[1] + part * down, 1)

    return at(first), at(last)


def _pin(frame: Box, number: int, place: Point) -> Pin:
    x, y = _project(frame, place)
    digits = str(number)[:2]
    start = -6.5 * (len(digits) - 1)
    return Pin(x, y, tuple((start + 13 * at, _DIGITS[digit]) for at, digit in enumerate(digits)))

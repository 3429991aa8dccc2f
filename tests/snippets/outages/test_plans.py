"""The drawn plan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.outages.plans import HEIGHT, WIDTH, box_of, draw, plan_frame, read_line

LINE = [(52.2278, 18.2542), (52.2278, 18.2605)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("52.1,18.2 52.3,18.4", [(52.1, 18.2), (52.3, 18.4)]),
        ("", []),
        ("52.1", []),
        ("52.1,18.2 nowhere", [(52.1, 18.2)]),
        ("91,0", []),
        ("nan,1", []),
        ("inf,1", []),
    ],
)
def test_reads_a_course(text: str, expected: list[tuple[float, float]]) -> None:
    assert read_line(text) == expected


def test_no_course_no_plan() -> None:
    assert plan_frame([], [(1, (52.0, 18.0))]) is None
    assert box_of([]) is None


@given(st.floats(-80, 80), st.floats(-179, 178), st.floats(0.0001, 0.5), st.floats(0.0001, 0.5))
def test_everything_lies_on_the_drawing(south: float, west: float, tall: float, wide: float) -> None:
    line = [(south, west), (south + tall, west + wide)]
    frame = plan_frame([line], [(12, (south, west))])
    assert frame is not None
    plan = draw(frame, [line], [], [(12, (south, west))])
    numbers = [float(word) for word in plan.closed.replace("M", "").replace("L", " ").split()]
    assert all(0 <= x <= WIDTH for x in numbers[::2])
    assert all(0 <= y <= HEIGHT for y in numbers[1::2])
    assert [len(pin.strokes) for pin in plan.pins] == [2]


def test_streets_around_are_roads_and_the_closed_one_lies_on_a_road() -> None:
    frame = plan_frame([LINE], [])
    assert frame is not None
    plan = draw(frame, [LINE], [[(52.22, 18.257), (52.24, 18.257)], [(52.2, 18.2)]], [])
    assert plan.roads.count("M") == 2
    assert plan.closed.count("M") == 1


def test_streets_end_where_the_drawing_ends() -> None:
    frame = (0.0, 0.0, 1.0, 1.0)
    crossing = [(0.5, -1.0), (0.5, 2.0)]
    corner = [(2.0, 0.5), (0.5, 0.5), (0.5, 2.0)]
    leaving_and_coming_back = [(0.5, 0.5), (0.5, 1.5), (0.0, 1.5), (0.0, 0.5)]
    outside = [(2.0, 2.0), (3.0, 3.0)]
    plan = draw(frame, [], [crossing, corner, leaving_and_coming_back, outside], [])
    assert plan.roads == "M0 150L420 150 M210 0L210 150L420 150 M210 150L420 150M420 300L210 300"

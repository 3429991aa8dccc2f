"""Opening hours, charts, maps and the style page."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ebok.accounts.models import User
from ebok.look import icons
from ebok.look.charts import Point, bar_chart
from ebok.look.checks import navigation_icons
from ebok.look.opening import Hours, open_until
from ebok.look.style_guide import sections

TEMPLATES = icons.OUR_TEMPLATES
MONDAY = Hours(frozenset({1}), time(8), time(17))
REST = Hours(frozenset({2, 3, 4, 5}), time(7, 30), time(15, 30))


def test_days_are_joined_to_ranges() -> None:
    with translation.override("pl"):
        assert [MONDAY.label, REST.label] == ["poniedziałek", "wtorek–piątek"]
        assert Hours(frozenset({6, 7}), time(9), time(12)).label == "sobota, niedziela"
    assert REST.written == "7:30–15:30"


@pytest.mark.parametrize(
    ("moment", "closes"),
    [
        (datetime(2026, 5, 11, 8, 0), time(17)),
        (datetime(2026, 5, 11, 17, 0), None),
        (datetime(2026, 5, 12, 7, 29), None),
        (datetime(2026, 5, 12, 15, 29), time(15, 30)),
        (datetime(2026, 5, 16, 12, 0), None),
    ],
)
def test_the_office_is_open_or_not(moment: datetime, closes: time | None) -> None:
    assert open_until([MONDAY, REST], moment) == closes


def test_bars_start_at_zero_and_leave_air_above_the_highest() -> None:
    chart = bar_chart(
        [Point("maj", "maj", 12, 6), Point("czerwiec", "cze", 0)],
        title="t",
        unit="m³",
        period_label="Miesiąc",
        series="teraz",
        now_label="ostatni",
    )
    first, last = chart.bars
    assert (first.top, first.height, first.reference_top) == ("7.7", "92.3", "53.9")
    assert (last.top, last.height, last.reference_top, last.is_now) == ("100.0", "0.0", None, True)


def test_a_chart_without_values_and_with_a_correction_is_drawn() -> None:
    chart = bar_chart([Point("maj", "maj", -3)], title="t", unit="m³", period_label="M", series="s")
    assert (chart.bars[0].height, chart.bars[0].value_text) == ("0.0", "\u22123")
    assert bar_chart([], title="t", unit="m³", period_label="M", series="s").bars == []


def test_a_map_carries_places_and_leaves_the_rest_to_the_list() -> None:
    points = [
        {"number": 1, "title": '"><script>', "lat": 52.41, "lon": 16.93},
        {"number": 2, "title": "Bez miejsca", "lat": None, "lon": None},
    ]
    page = engines["django"].from_string('{% include "components/map.html" with id="m" label="Punkty" %}')
    with_map = page.render({"points": points, "map_tiles": "/tiles/{z}/{x}/{y}.png"})
    assert "&quot;number&quot;: 1" in with_map
    assert "&quot;number&quot;: 2" not in with_map
    assert "Bez miejsca" in with_map
    assert "<script>" not in with_map
    assert "data-eb-map" not in page.render({"points": points, "map_tiles": ""})


def test_every_icon_is_one_drawing_without_colour_of_its_own() -> None:
    names = icons.names()
    assert len(names) > 60
    for name in names:
        paths = icons.drawing(name) or ""
        assert paths.startswith("<"), name
        assert "#" not in paths, name


def test_navigation_names_only_icons_that_exist() -> None:
    assert navigation_icons() == []


def test_every_include_of_the_catalogue_exists() -> None:
    for section in sections():
        for sample in section.samples:
            assert (TEMPLATES / sample.template).exists(), sample.template


def test_every_component_has_its_place_in_the_catalogue_or_in_another_component() -> None:
    shown = {sample.template for section in sections() for sample in section.samples}
    sources = "".join(
        file.read_text()
        for folder in ("components", "look", "public", "zones")
        for file in (TEMPLATES / folder).glob("*.html")
    )
    sources += (TEMPLATES / "base.html").read_text()
    for file in (TEMPLATES / "components").glob("*.html"):
        name = f"components/{file.name}"
        assert (
            name in shown
            or f'"{name}"' in sources
            or file.name in {"htmx.html", "table.html", "filters.html"}
        ), name


@pytest.mark.django_db
def test_the_style_page_is_for_people_of_the_admin(client: Client) -> None:
    url = reverse("ebok_style")
    assert client.get(url).status_code == 302
    client.force_login(User.objects.create_user(email="klient@lipowo.example", password="dluga-fraza-2026"))
    assert client.get(url).status_code == 302
    client.force_login(
        User.objects.create_superuser(email="admin@lipowo.example", password="dluga-fraza-2026")
    )
    response = client.get(url)
    assert response.status_code == 200
    assert "components/timeline.html" in response.content.decode()

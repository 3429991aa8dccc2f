"""The public pages of outages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from wagtail.models import Locale, Page, Site
from xmlschema import XMLSchema

from page_types.home import HomePage
from page_types.outage_pages import OutageIndexPage
from snippets.outages.models import Outage, OutageSettings, OutageUpdate, Street, WaterPoint
from tests.snippets.outages.conftest import NOW, clock, outage, street  # noqa: F401 (fixtures)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Outage]
Exactly = Callable[[int], AbstractContextManager[Any]]
CAP_SCHEMA = XMLSchema(str(Path(__file__).parents[1] / "samples" / "cap" / "CAP-v1.2.xsd"))


@pytest.fixture
def index(site: Site, root_page: Page, locales: dict[str, Locale]) -> OutageIndexPage:
    """The list of outages, in Polish and English."""
    home = root_page.add_child(instance=HomePage(title="Lipowo", slug="lipowo", locale=locales["pl"]))
    site.root_page = home
    site.hostname = "testserver"
    site.save()
    page = home.add_child(instance=OutageIndexPage(title="Awarie", slug="awarie", locale=locales["pl"]))
    for original, slug in ((home, "lipowo-en"), (page, "outages")):
        translated = original.copy_for_translation(locales["en"])
        translated.slug = slug
        translated.save_revision().publish()
    return page


@pytest.fixture
def visit(index: OutageIndexPage) -> Callable[..., Any]:
    """`visit("adres/")`: the answer under the index page."""
    client = Client()
    return lambda path="", root="/awarie/": client.get(f"{root}{path}")


@pytest.mark.feature("A03", "A06")
def test_list_groups_what_is_going_on_planned_and_past(visit: Any, outage: Make) -> None:  # noqa: F811
    outage(streets=[("Trwająca", "")])
    outage(streets=[("Planowana", "")], kind="planned", starts_at=NOW + 8 * DAY, expected_end=NOW + 9 * DAY)
    outage(streets=[("Dawna", "")], starts_at=NOW - 2 * DAY, ended_at=NOW - DAY)
    text = visit().text.split("<main")[1].replace("\xa0", " ")
    expected = [
        "Dzieje się teraz",
        "ul. Trwająca",
        "Planowane prace</h2>",
        "ul. Planowana",
        "Zakończone awarie i prace",
        "ul. Dawna",
    ]
    assert sorted(expected, key=text.index) == expected


@pytest.mark.django_db
def test_quiet_times(visit: Any, clock: Any) -> None:  # noqa: F811
    assert "Wszędzie płynie woda" in visit().text


@pytest.mark.feature("A04", "A06")
def test_page_of_an_outage_says_when_water_is_back(visit: Any, outage: Make, site: Site) -> None:  # noqa: F811
    settings = OutageSettings.for_site(site)
    settings.delivery_phone = "994"
    settings.save()
    made = outage(
        streets=[("Lipowa", "2-40 parzyste")],
        cause="Pękła rura.",
        water_points=[
            WaterPoint(place="Rynek", opens_at=NOW, closes_at=NOW + HOUR, description="weź naczynie")
        ],
        updates=[OutageUpdate(moment=NOW - HOUR, status="crew", text="Jesteśmy.")],
    )
    text = visit(f"{made.uid}/").text
    for words in (
        "Woda wróci około",
        ">15:20<",
        "dziś, czwartek",
        "Pękła rura.",
        "Rynek",
        "dziś 13:20–14:20 · weź naczynie",
        "Zadzwoń: 994",
        "2–40, parzyste",
        "Ekipa na miejscu",
        "ok. 15:20",
    ):
        assert words in text.replace("\xa0", " "), words


def test_english_page_marks_what_is_not_translated(visit: Any, outage: Make) -> None:  # noqa: F811
    made = outage(cause="Pękła rura.", advice="Nabierz wody.", advice_en="Keep some water.")
    text = visit(f"{made.uid}/", "/en/outages/").text.replace("\xa0", " ")
    assert "No water: ul. Lipowa" in text
    assert '<p class="eb-meta" lang="pl">Pękła rura.</p>' in text
    assert '<p class="eb-meta">Keep some water.</p>' in text


@pytest.mark.feature("M17")
def test_the_language_link_leads_to_the_same_outage(visit: Any, outage: Make) -> None:  # noqa: F811
    made = outage()

    def link(text: str, language: str) -> str:
        (tag,) = re.findall(rf'<a class="eb-tool"[^>]*hreflang="{language}"[^>]*>', text)
        return unescape(re.findall(r'href="([^"]*)"', tag)[0])

    polish = visit(f"{made.uid}/").text
    assert link(polish, "en") == f"/en/outages/{made.uid}/"
    assert link(visit(f"{made.uid}/", "/en/outages/").text, "pl") == f"/awarie/{made.uid}/"
    assert link(visit().text, "en") == "/en/outages/"
    assert link(visit("adres/").text, "en") == "/en/outages/adres/"
    assert link(visit("adres/?ulica=Lipowa&numer=3").text, "en") == "/en/outages/adres/?ulica=Lipowa&numer=3"
    here = "http://testserver"
    assert f'<link rel="canonical" href="{here}/awarie/{made.uid}/">' in polish
    assert f'<link rel="alternate" hreflang="en" href="{here}/en/outages/{made.uid}/">' in polish


def test_called_off_and_unknown(visit: Any, outage: Make) -> None:  # noqa: F811
    made = outage()
    draft = outage(publish=False)
    made.unpublish()
    assert "odwołany" in visit(f"{made.uid}/").text
    assert visit(f"{draft.uid}/").status_code == 404
    assert visit("aaaaaaaa/").status_code == 404


@pytest.mark.feature("A11")
def test_address_check_without_scripts(visit: Any, outage: Make, street: Any) -> None:  # noqa: F811
    made = outage(streets=[("Lipowa", "2-40 parzyste")], water_points=[WaterPoint(place="Rynek")])
    street("Lipcowa")
    hit, miss = visit("adres/?ulica=lipowa&numer=4").text, visit("adres/?ulica=Lipowa+5").text
    assert (f"/awarie/{made.uid}/" in hit.split("<main")[1], "Rynek" in hit) == (True, True)
    assert "Pod tym adresem nie ma awarii" in miss
    guess = visit("adres/?ulica=lip+4").text
    assert "O którą ulicę chodzi?" in guess
    assert f"?ulica={quote('ul. Lipowa, Lipowo')}&amp;numer=4" in guess
    assert "Nie znamy takiej ulicy" in visit("adres/?ulica=qqqq").text


def test_suggestions_as_json(visit: Any, street: Callable[..., Street]) -> None:  # noqa: F811
    street("Łąkowa")
    street("Lipowa", prefix="al.")
    assert visit("adres/ulice.json?q=lak").json() == {"items": ["ul. Łąkowa, Lipowo"]}
    assert visit("adres/ulice.json?q=l").json() == {"items": []}


BAD = [
    "",
    "x",
    "%FF",
    "A" * 3000,
    "-1",
    "1e999",
    "9" * 400,
    "%F0%9F%9A%B0",
    "'--",
    "%25",
    "../..",
    "<script>",
]


@pytest.mark.parametrize("value", BAD)
def test_bad_input_is_never_a_fault_of_ours(visit: Any, outage: Make, value: str) -> None:  # noqa: F811
    outage()
    for path in (
        f"?starsze={value}",
        f"adres/?ulica={value}&numer={value}",
        f"adres/?ulica=Lipowa&numer={value}",
        f"adres/ulice.json?q={value}",
        f"kalendarz.ics?ulica={value}",
    ):
        response = visit(path)
        assert response.status_code in {200, 404}
        assert "<script>alert" not in response.text


def test_nul_is_refused_before_us_or_ignored(visit: Any, outage: Make) -> None:  # noqa: F811
    outage()
    for path in ("?starsze=%00", "adres/?ulica=Lipowa%00&numer=%00", "adres/ulice.json?q=%00%00", "%00/"):
        assert visit(path).status_code in {200, 400, 404}


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("awarie.json", "application/json"),
        ("atom.xml", "application/atom+xml; charset=utf-8"),
        ("cap.xml", "application/atom+xml; charset=utf-8"),
        ("kalendarz.ics", "text/calendar; charset=utf-8"),
        ("kalendarz.ics?ulica=Lipowa", "text/calendar; charset=utf-8"),
        ("{uid}/atom.xml", "application/atom+xml; charset=utf-8"),
        ("{uid}/kalendarz.ics", "text/calendar; charset=utf-8"),
        ("cap/{uid}.xml", "application/cap+xml"),
        ("cap/{uid}-0.xml", "application/cap+xml"),
    ],
)
def test_feeds_have_addresses_and_may_be_kept(
    visit: Any,
    outage: Make,  # noqa: F811
    path: str,
    content_type: str,
) -> None:
    made = outage()
    response = visit(path.format(uid=made.uid))
    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies


@pytest.mark.feature("A03")
def test_every_cap_message_keeps_its_address(visit: Any, outage: Make, clock: Any) -> None:  # noqa: F811
    """References lead somewhere, also when the notice has left the portal; both languages say the same."""
    made = outage(kind="planned", starts_at=NOW, expected_end=NOW + HOUR)
    made.cause = "Nowe ustalenia."
    made.save_revision().publish()
    alert = visit(f"cap/{made.uid}-0.xml").content
    clock.move_to(NOW + 2 * HOUR)
    made.refresh_from_db()
    made.unpublish()
    numbers = ["0", "1", "1-end"]
    found = [visit(f"cap/{made.uid}-{number}.xml") for number in numbers]
    assert [response.status_code for response in found] == [200, 200, 200]
    assert found[0].content == alert
    for response, number in zip(found, numbers, strict=True):
        CAP_SCHEMA.validate(response.content.decode())
        assert f"<identifier>testserver-{made.uid}-{number}</identifier>" in response.text
        assert visit(f"cap/{made.uid}-{number}.xml", "/en/outages/").content == response.content
    assert f"<web>http://testserver/en/outages/{made.uid}/</web>" in found[0].text
    assert visit(f"cap/{made.uid}.xml").content == found[-1].content
    draft = outage(publish=False)
    for missing in (f"{made.uid}-3", f"{made.uid}-0-end", f"{made.uid}-999999999", draft.uid, "aaaaaaaa-0"):
        assert visit(f"cap/{missing}.xml").status_code == 404, missing


def test_every_page_may_be_kept(visit: Any, outage: Make) -> None:  # noqa: F811
    made = outage()
    for path in ("", f"{made.uid}/", "adres/", "adres/?ulica=Lipowa"):
        response = visit(path)
        assert response["Cache-Control"].startswith("public"), path
        assert "csrfmiddlewaretoken" not in response.text
        assert "wagtail-userbar" not in response.text


def test_calendar_of_one_street_holds_its_works_only(visit: Any, outage: Make) -> None:  # noqa: F811
    there, elsewhere = outage(streets=[("Lipowa", "")]), outage(streets=[("Krótka", "")])
    text = visit("kalendarz.ics?ulica=Lipowa").text
    assert (there.uid in text, elsewhere.uid in text) == (True, False)
    assert visit("kalendarz.ics?ulica=Nieznana").status_code == 404


def test_sitemap_knows_open_outages(index: OutageIndexPage, outage: Make) -> None:  # noqa: F811
    made = outage()
    outage(starts_at=NOW - 2 * DAY, ended_at=NOW - DAY)
    base = "http://testserver/awarie/"
    assert [url["location"] for url in index.get_sitemap_urls()] == [
        base,
        f"{base}adres/",
        f"{base}{made.uid}/",
    ]


def test_a_plan_is_drawn_where_courses_are_known(visit: Any, outage: Make, street: Any) -> None:  # noqa: F811
    street("Lipowa", line="52.2278,18.2542 52.2278,18.2605")
    street("Boczna", line="52.2270,18.2560 52.2290,18.2560")
    point = WaterPoint(place="Rynek", latitude="52.227800", longitude="18.254200")
    drawn = visit(f"{outage(water_points=[point]).uid}/").text
    plain = visit(f"{outage(streets=[('Krótka', '')], water_points=[WaterPoint(place='Rynek')]).uid}/").text
    assert ('<svg class="eb-map"' in drawn, '<svg class="eb-map"' in plain) == (True, False)


@pytest.mark.parametrize("count", [1, 30])
def test_the_same_queries_for_one_and_thirty(
    visit: Any,
    outage: Make,  # noqa: F811
    assert_queries: Exactly,
    street: Callable[..., Street],  # noqa: F811
    count: int,
) -> None:
    street("Kreślona", line="52.2278,18.2542 52.2278,18.2605")
    for number in range(count):
        outage(streets=[("Lipowa", ""), (f"Ulica {number}", "")], water_points=[WaterPoint(place="Rynek")])
        later = NOW + (8 + number) * DAY
        outage(kind="planned", starts_at=later, expected_end=later + HOUR)
        outage(starts_at=NOW - (2 + number) * DAY, ended_at=NOW - DAY)
    made = outage(
        streets=[("Kreślona", "")],
        water_points=[WaterPoint(place="Rynek", latitude="52.227800", longitude="18.254200")],
        updates=[OutageUpdate(moment=NOW, status="crew")],
    )
    visit()
    with assert_queries(PAGE_QUERIES["list"]):
        visit()
    with assert_queries(PAGE_QUERIES["address"]):
        visit("adres/?ulica=Lipowa&numer=3")
    with assert_queries(PAGE_QUERIES["unknown"]):
        visit("adres/?ulica=Qwerty+Asdfg+3")
    with assert_queries(PAGE_QUERIES["outage"]):
        visit(f"{made.uid}/")


PAGE_QUERIES = {"list": 8, "address": 10, "unknown": 9, "outage": 11}
"""Queries of an uncached page; twelve is the limit for any public page."""

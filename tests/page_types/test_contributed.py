"""What modules add to the search page and to the sitemap."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ebok_plugins.e_dokument.testing import make_document
from page_types.outage_pages import OutageIndexPage
from page_types.search import SearchPage
from page_types.standard import StandardPage
from snippets.outages.models import Outage
from tests.page_types.conftest import Town
from tests.snippets.outages.conftest import NOW, clock, outage, street  # noqa: F401 (fixtures)

Switch = Callable[..., None]


@pytest.fixture
def searchable(town: Town, enable: Switch) -> Town:
    """A search page in both languages, and e-Dokument switched on."""
    town.translate(town.plant(SearchPage, "szukaj", no_index=True), "search")
    enable("e_dokument")
    return town


def main(client: Client, address: str) -> str:
    """The main part of a page, with ordinary spaces."""
    return client.get(address).text.split("<main")[1].split("</main")[0].replace("\xa0", " ")


@pytest.mark.feature("J06")
def test_search_finds_documents_by_any_ending_and_without_diacritics(
    client: Client, searchable: Town
) -> None:
    make_document(
        searchable.site, "umowa", title="Umowa o zaopatrzenie w wodę", description="Wzór dla żłobków."
    )
    make_document(searchable.site, "szkic", title="Umowa robocza", live=False)
    for question in ("umowy", "wode zaopatrzenie", "zlobkow", "UMOWA"):
        found = main(client, f"/szukaj/?q={question}")
        assert 'href="/dokumenty/umowa/"' in found, question
        assert "Umowa robocza" not in found, question
        assert "Nic nie pasuje" not in found, question
    assert 'href="/en/dokumenty/umowa/"' in main(client, "/en/search/?q=umowa")
    assert "/dokumenty/" not in main(client, "/szukaj/?q=hydrofor")


def test_many_hits_lead_to_the_list(client: Client, searchable: Town) -> None:
    for number in range(6):
        make_document(searchable.site, f"wzor-{number}", title=f"Wzór & wniosek {number}")
    found = main(client, "/szukaj/?q=wzór+wniosek")
    assert len(re.findall(r'href="/dokumenty/wzor-\d/"', found)) == 5
    (more,) = re.findall(r'href="(/dokumenty/\?[^"]*)"', found)
    assert len(re.findall(r'href="/dokumenty/wzor-\d/"', client.get(more.replace("&amp;", "&")).text)) == 6


def test_outages_that_go_on_come_before_planned_ones(
    client: Client,
    searchable: Town,
    outage: Callable[..., Outage],  # noqa: F811
) -> None:
    searchable.plant(OutageIndexPage, "awarie", title="Awarie")
    later, sooner = (
        outage(
            streets=[("Młyńska", "")],
            kind="planned",
            starts_at=NOW + timedelta(days=days),
            expected_end=NOW + timedelta(days=days, hours=1),
        )
        for days in (12, 9)
    )
    ongoing = outage(streets=[("Młyńska", "2-10")])
    elsewhere = outage(streets=[("Krótka", "")])
    found = main(client, "/szukaj/?q=młyńska")
    rows = re.findall(r'href="/awarie/(\w{8})/"', found)
    assert rows == [ongoing.uid, sooner.uid, later.uid]
    assert f"/awarie/{elsewhere.uid}/" in client.get("/szukaj/?q=młyńska").text


def test_groups_stand_beside_the_first_page_only(client: Client, searchable: Town) -> None:
    make_document(searchable.site, "hydrant", title="Hydrant")
    for number in range(11):
        searchable.plant(StandardPage, f"hydrant-{number}", title=f"Hydrant {number}")
    assert "/dokumenty/hydrant/" in main(client, "/szukaj/?q=hydrant")
    assert "/dokumenty/hydrant/" not in main(client, "/szukaj/?q=hydrant&strona=2")


@pytest.mark.feature("M11")
def test_switched_off_the_module_is_neither_found_nor_listed(
    client: Client, searchable: Town, disable: Switch, enable: Switch
) -> None:
    make_document(searchable.site, "umowa", title="Umowa")

    def seen() -> tuple[bool, bool]:
        return (
            "/dokumenty/umowa/" in main(client, "/szukaj/?q=umowa"),
            "/dokumenty/umowa/" in client.get("/sitemap.xml").text,
        )

    assert seen() == (True, True)
    disable("e_dokument")
    assert seen() == (False, False)
    enable("e_dokument")
    assert seen() == (True, True)


def test_the_sitemap_has_list_and_documents_in_both_languages(client: Client, searchable: Town) -> None:
    document = make_document(searchable.site, "umowa")
    make_document(searchable.site, "szkic", live=False)
    text = client.get("/sitemap.xml").text
    here = "http://testserver"
    found = re.findall(rf"<loc>{here}([^<]*dokumenty[^<]*)</loc>", text)
    assert found == ["/dokumenty/", "/en/dokumenty/", "/dokumenty/umowa/", "/en/dokumenty/umowa/"]
    entry = text.split(f"<loc>{here}/en/dokumenty/umowa/</loc>")[1].split("</url>")[0]
    assert f'hreflang="pl" href="{here}/dokumenty/umowa/"' in entry
    assert f"<lastmod>{timezone.localtime(document.changed_at):%Y-%m-%dT}" in entry


@pytest.mark.parametrize("count", [1, 30])
def test_search_and_sitemap_cost_the_same_for_one_and_thirty(
    client: Client,
    searchable: Town,
    outage: Callable[..., Outage],  # noqa: F811
    assert_queries: Any,
    count: int,
) -> None:
    searchable.plant(OutageIndexPage, "awarie")
    for number in range(count):
        make_document(searchable.site, f"wzor-{number}", title=f"Wzór {number}")
        searchable.plant(StandardPage, f"wzor-{number}", title=f"Wzór {number}")
        outage(streets=[(f"Wzór {number}", "")])
        later = NOW + timedelta(days=9 + number)
        outage(
            streets=[(f"Wzór {number}", "")],
            kind="planned",
            starts_at=later,
            expected_end=later + timedelta(hours=1),
        )
    client.get("/szukaj/?q=wzór")
    with assert_queries(SEARCH_QUERIES):
        client.get("/szukaj/?q=wzór")
    client.get("/sitemap.xml")
    with assert_queries(SITEMAP_QUERIES):
        client.get("/sitemap.xml")


SEARCH_QUERIES = 11
"""The limit of any public page."""
SITEMAP_QUERIES = 14
"""A query for each page type in use in each language, and one for each source of a module."""

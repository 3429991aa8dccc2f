"""Announcements: list, categories, feed, schedule, audience."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import User
from page_types.announcements import (
    AnnouncementIndexPage,
    AnnouncementPage,
    Audience,
    Category,
    board_for_payers,
)
from tests.page_types.conftest import Town

Announce = Callable[..., AnnouncementPage]
ZONE = timezone.get_default_timezone()


def titles(html: str, among: list[str]) -> list[str]:
    """Which of the titles stand on the page, in its order."""
    return sorted((title for title in among if title in html), key=html.index)


@pytest.mark.feature("A01", "A02")
def test_list_shows_the_newest_first_with_category_and_date(client: Client, announce: Announce) -> None:
    announce("pierwszy", title="Pierwszy", date=date(2026, 5, 4))
    announce("drugi", title="Drugi", date=date(2026, 5, 12), lead="Zmiana godzin kasy.")
    page = client.get("/aktualnosci/")
    assert page.status_code == 200
    assert titles(page.text, ["Pierwszy", "Drugi"]) == ["Drugi", "Pierwszy"]
    assert "12\xa0maja\xa02026" in page.text
    assert "Zmiana godzin kasy." in page.text


@pytest.mark.feature("A02")
def test_a_category_narrows_the_list_and_an_unknown_one_does_not(client: Client, announce: Announce) -> None:
    announce("kasa", title="Kasa", category=Category.OFFICE)
    announce("wyniki", title="Wyniki", category=Category.WATER)
    main = client.get("/aktualnosci/?kategoria=biuro").text.split("<main")[1]
    assert titles(main, ["Kasa", "Wyniki"]) == ["Kasa"]
    main = client.get("/aktualnosci/?kategoria=%27%22x").text.split("<main")[1]
    assert set(titles(main, ["Kasa", "Wyniki"])) == {"Kasa", "Wyniki"}


@pytest.mark.parametrize("number", ["2", "0", "-1", "abc", "99999999999999999999", "²"])
def test_odd_page_numbers_give_a_page(client: Client, announce: Announce, number: str) -> None:
    announce("jeden")
    assert client.get("/aktualnosci/", {"strona": number}).status_code == 200


def test_an_empty_list_says_so(client: Client, news_list: AnnouncementIndexPage) -> None:
    assert "Nie ma jeszcze komunikatów" in client.get("/aktualnosci/").text


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_and_thirty(
    client: Client, announce: Announce, news_list: AnnouncementIndexPage, assert_queries: Any, count: int
) -> None:
    for number in range(count):
        page = AnnouncementPage(title=f"Wiadomość {number}", slug=f"w-{number}", locale=news_list.locale)
        AnnouncementIndexPage.objects.get(pk=news_list.pk).add_child(instance=page)
    client.get("/aktualnosci/")
    with assert_queries(8):
        client.get("/aktualnosci/")


@pytest.mark.feature("J05")
def test_publishing_shows_at_once_on_home_list_and_feed(client: Client, announce: Announce) -> None:
    assert "Nowe godziny" not in client.get("/").text
    announce("nowe-godziny", title="Nowe godziny", lead="Od poniedziałku do 17:00.")
    for address in ("/", "/aktualnosci/", "/aktualnosci/nowe-godziny/", "/aktualnosci/atom.xml"):
        assert "Nowe godziny" in client.get(address).text, address


@pytest.mark.feature("J05")
def test_the_feed_is_read_by_an_independent_library(client: Client, announce: Announce) -> None:
    announce("woda", title="Woda & ścieki <nowe>", lead="Lead", date=date(2026, 5, 4))
    response = client.get("/aktualnosci/atom.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert (feed.bozo, feed.version, feed.feed.language) == (False, "atom10", "pl")
    (entry,) = feed.entries
    assert (entry.title, entry.link, entry.summary) == (
        "Woda & ścieki <nowe>",
        "http://testserver/aktualnosci/woda/",
        "Lead",
    )
    assert entry.id == entry.link


@pytest.mark.feature("J03")
def test_an_announcement_appears_and_disappears_by_its_schedule(
    client: Client, town: Town, news_list: AnnouncementIndexPage
) -> None:
    start = datetime(2026, 5, 14, 10, 0, tzinfo=ZONE)
    with time_machine.travel(start, tick=False):
        page = AnnouncementPage(
            title="Krótki komunikat",
            slug="krotki",
            locale=news_list.locale,
            live=False,
            go_live_at=start + timedelta(minutes=2),
            expire_at=start + timedelta(minutes=4),
        )
        news_list.add_child(instance=page)
        page.save_revision(approved_go_live_at=page.go_live_at).publish()
        call_command("publish_scheduled", verbosity=0)
        assert client.get("/aktualnosci/krotki/").status_code == 404
    with time_machine.travel(start + timedelta(minutes=3), tick=False):
        call_command("publish_scheduled", verbosity=0)
        assert client.get("/aktualnosci/krotki/").status_code == 200
        assert "Krótki komunikat" in client.get("/aktualnosci/").text
    with time_machine.travel(start + timedelta(minutes=5), tick=False):
        call_command("publish_scheduled", verbosity=0)
        assert client.get("/aktualnosci/krotki/").status_code == 404
        assert "Krótki komunikat" not in client.get("/aktualnosci/").text


@pytest.mark.feature("G09")
def test_payers_announcements_are_nowhere_in_public(
    client: Client, announce: Announce, town: Town, signed_in: Any, client_user: User
) -> None:
    announce("wszyscy", title="Dla wszystkich")
    announce("platnicy", title="Raty dla klientów", audience=Audience.PAYERS)
    for address in ("/", "/aktualnosci/", "/aktualnosci/atom.xml", "/sitemap.xml"):
        text = client.get(address).text
        assert "Raty dla klientów" not in text, address
        assert "platnicy" not in text, address
    assert client.get("/aktualnosci/platnicy/").status_code == 404
    # The same code path shows an announcement when it may: there is something that could leak.
    assert client.get("/aktualnosci/wszyscy/").status_code == 200


@pytest.mark.feature("G09")
def test_payers_find_them_on_their_board(
    announce: Announce, town: Town, signed_in: Any, client_user: User, enable: Any
) -> None:
    enable("client_zone")
    announce("wszyscy", title="Dla wszystkich", date=date(2026, 5, 1))
    payers = announce("platnicy", title="Raty dla klientów", audience=Audience.PAYERS, date=date(2026, 5, 2))
    browser = signed_in(client_user)
    board = browser.get("/moje-konto/tablica/")
    assert titles(board.text, ["Dla wszystkich", "Raty dla klientów"]) == [
        "Raty dla klientów",
        "Dla wszystkich",
    ]
    assert "Raty dla klientów" in browser.get(f"/moje-konto/tablica/{payers.pk}/").text
    assert "Raty dla klientów" in browser.get("/moje-konto/").text
    # A link to the public address leads a customer to the board.
    assert browser.get("/aktualnosci/platnicy/")["Location"] == f"/moje-konto/tablica/{payers.pk}/"


@pytest.mark.feature("G09")
def test_the_board_is_of_one_site_and_one_language(
    announce: Announce, town: Town, root_page: Any, assert_queries: Any
) -> None:
    polish = announce("platnicy", audience=Audience.PAYERS)
    english = town.translate(polish, "payers", title="Payers")
    other = Site.objects.create(hostname="odpady.example", root_page=root_page.get_children().first())
    with assert_queries(1):
        assert list(board_for_payers(town.site, "pl")) == [polish]
    assert list(board_for_payers(town.site, "en")) == [english]
    assert list(board_for_payers(other, "pl")) == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_board_costs_the_same_for_one_and_thirty(
    town: Town,
    news_list: AnnouncementIndexPage,
    signed_in: Any,
    client_user: User,
    enable: Any,
    assert_queries: Any,
    count: int,
) -> None:
    enable("client_zone")
    for number in range(count):
        page = AnnouncementPage(
            title=f"W {number}", slug=f"w-{number}", locale=news_list.locale, audience=Audience.PAYERS
        )
        AnnouncementIndexPage.objects.get(pk=news_list.pk).add_child(instance=page)
    browser = signed_in(client_user)
    browser.get("/moje-konto/tablica/")
    with assert_queries(8):
        browser.get("/moje-konto/tablica/")

"""Finding pages, what surrounds them, languages, caching, the sitemap."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from ebok.accounts.models import User
from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.plugins.mounting import reserved_slugs
from page_types.home import HomePage
from page_types.search import SearchPage
from page_types.site_map import SiteMapPage
from page_types.standard import StandardPage
from tests.page_types.conftest import Town

MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.mark.feature("A01", "M16", "M17")
def test_a_page_is_found_however_deep_and_draws_on_the_server(client: Client, town: Town) -> None:
    above = town.plant(StandardPage, "ceny", title="Ceny")
    below = town.plant(StandardPage, "faktura", parent=above, title="Faktura")
    town.plant(StandardPage, "okres", parent=below, title="Okres rozliczenia")
    page = client.get("/ceny/faktura/okres/")
    assert page.status_code == 200
    assert "Okres rozliczenia</h1>" in page.text
    for crumb in ('href="/"', 'href="/ceny/"', 'href="/ceny/faktura/"'):
        assert crumb in page.text.split('class="eb-crumbs"')[1].split("</nav>")[0]


@pytest.mark.parametrize(
    "address", ["/nie-ma/", "/ceny/nie-ma/", "/ceny/ceny/", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/"]
)
def test_what_is_not_there_is_404(client: Client, town: Town, address: str) -> None:
    town.plant(StandardPage, "ceny")
    assert client.get(address).status_code == 404


def test_a_draft_is_not_served(client: Client, town: Town) -> None:
    page = town.plant(StandardPage, "szkic")
    page.unpublish()
    assert client.get("/szkic/").status_code == 404


def test_a_page_of_another_tree_is_not_served(client: Client, town: Town, root_page: Page) -> None:
    other = HomePage(title="Inna", slug="inna", locale=town.locales["pl"])
    Page.objects.get(pk=root_page.pk).add_child(instance=other)
    town.plant(StandardPage, "tajne", parent=other)
    assert client.get("/tajne/").status_code == 404


def test_languages_link_to_each_other(client: Client, town: Town) -> None:
    page = town.plant(StandardPage, "ceny", title="Ceny")
    town.translate(page, "prices", title="Prices")
    polish, english = client.get("/ceny/").text, client.get("/en/prices/").text
    assert '<html lang="pl"' in polish
    assert '<html lang="en"' in english
    assert '<link rel="alternate" hreflang="en" href="http://testserver/en/prices/">' in polish
    assert '<link rel="alternate" hreflang="pl" href="http://testserver/ceny/">' in english
    assert '<link rel="alternate" hreflang="x-default" href="http://testserver/ceny/">' in english
    assert '<link rel="canonical" href="http://testserver/en/prices/">' in english
    assert 'href="/en/prices/" lang="en"' in polish


def test_the_language_is_that_of_the_address_alone(client: Client, town: Town) -> None:
    assert '<html lang="pl"' in client.get("/", headers={"accept-language": "en"}).text


def test_the_menu_marks_where_we_are(client: Client, town: Town) -> None:
    above = town.plant(StandardPage, "ceny", title="Ceny", show_in_menus=True)
    town.plant(StandardPage, "o-nas", title="O nas", show_in_menus=True)
    town.plant(StandardPage, "ukryta", title="Ukryta")
    town.plant(StandardPage, "faktura", parent=above)
    menu = client.get("/ceny/faktura/").text.split('id="menu"')[1].split("</nav>")[0]
    assert 'href="/ceny/" aria-current="page"' in menu
    assert 'href="/o-nas/">O nas' in menu
    assert "Ukryta" not in menu


def test_the_menu_has_six_entries_at_most(client: Client, town: Town) -> None:
    for number in range(8):
        town.plant(StandardPage, f"dzial-{number}", show_in_menus=True)
    menu = client.get("/").text.split('id="menu"')[1].split("</nav>")[0]
    assert menu.count("<li>") == 6


def test_settings_links_follow_the_language(client: Client, town: Town, enable: Callable[..., None]) -> None:
    enable("client_zone")
    page = town.plant(StandardPage, "ceny")
    town.translate(page, "prices")
    organisation = OrganisationSettings.for_site(town.site)
    link = {"title": "Cennik", "title_en": "Price list", "page": page.pk, "address": ""}
    zone = {"title": "Konto", "title_en": "Account", "page": None, "address": "/moje-konto/"}
    column = {"title": "Linki", "title_en": "Links", "links": [link, zone]}
    organisation.footer_columns = _stored("column", [column])
    organisation.save()
    polish, english = client.get("/").text, client.get("/en/").text
    assert '<a href="/ceny/">Cennik</a>' in polish
    assert '<a href="/en/prices/">Price list</a>' in english
    assert '<a href="/en/moje-konto/">Account</a>' in english


def _stored(name: str, values: list[Any]) -> str:
    import json

    return json.dumps([{"type": name, "value": value} for value in values])


@pytest.mark.feature("J02")
def test_tiles_of_the_settings_stand_on_the_home_page(client: Client, town: Town) -> None:
    theme = ThemeSettings.for_site(town.site)
    tile = {"icon": "card", "title": "Zapłać", "hint": "BLIK", "page": None, "address": "/zaplac/"}
    theme.tiles = _stored("tile", [{**tile, "title": f"Zapłać {number}"} for number in range(4)])
    theme.save()
    text = client.get("/").text
    assert text.count("eb-quick__hint") == 4
    assert '<a href="/zaplac/">' in text


@pytest.mark.feature("J02", "M11")
def test_links_into_a_module_that_is_off_are_left_out_and_come_back(
    client: Client, town: Town, enable: Callable[..., None], disable: Callable[..., None]
) -> None:
    """Tiles, footer links and links in a body; in both languages, with what stands behind the path."""
    link = {"title": "Wnioski", "title_en": "Forms", "page": None, "address": "/dokumenty/?q=umowa"}
    zone = {"title": "Konto", "title_en": "Account", "page": None, "address": "/moje-konto/"}
    away = {"title": "BIP", "title_en": "BIP", "page": None, "address": "https://bip.lipowo.example/"}
    theme = ThemeSettings.for_site(town.site)
    theme.tiles = _stored("tile", [{**item, "icon": "form"} for item in (link, zone, away, away)])
    theme.save()
    organisation = OrganisationSettings.for_site(town.site)
    columns = [{"title": "Strefa", "links": [link, zone]}, {"title": "Inne", "links": [away]}]
    organisation.footer_columns = _stored("column", columns)
    organisation.save()
    tiles = {"heading": "", "tiles": [{"icon": "form", "link": link}]}
    setattr(town.home, "body", [{"type": "page_types__tiles", "value": tiles}])
    town.home.save_revision().publish()

    def drawn(address: str) -> tuple[int, int, bool]:
        text = client.get(address).text
        return text.count("dokumenty/?q=umowa"), text.count('moje-konto/">'), ">Strefa</h2>" in text

    enable("e_dokument", "client_zone")
    with_both = drawn("/"), drawn("/en/")
    assert with_both == ((3, 2, True), (2, 2, True))
    disable("e_dokument")
    assert (drawn("/"), drawn("/en/")) == ((0, 2, True), (0, 2, True))
    disable("client_zone")
    assert (drawn("/"), drawn("/en/")) == ((0, 0, False), (0, 0, False))
    assert client.get("/").text.count("https://bip.lipowo.example/") == 3
    enable("e_dokument", "client_zone")
    assert (drawn("/"), drawn("/en/")) == with_both


def test_a_link_to_an_unpublished_page_is_left_out(client: Client, town: Town) -> None:
    page = town.plant(StandardPage, "ceny")
    organisation = OrganisationSettings.for_site(town.site)
    link = {"title": "Cennik", "page": page.pk, "address": ""}
    organisation.footer_columns = _stored("column", [{"title": "Ceny i opłaty", "links": [link]}])
    organisation.save()
    assert ">Cennik</a>" in client.get("/").text
    page.unpublish()
    text = client.get("/").text
    assert (">Cennik</a>" in text, "Ceny i opłaty" in text) == (False, False)


# Slugs, restrictions, redirects -----------------------------------------------------------


def test_a_reserved_slug_is_refused_below_home_and_free_elsewhere(town: Town) -> None:
    taken = sorted(reserved_slugs())[0]
    with pytest.raises(Exception, match="adresu używa"):
        town.plant(StandardPage, taken)
    above = town.plant(StandardPage, "ceny")
    assert town.plant(StandardPage, taken, parent=above).pk


def test_the_editor_is_told_about_a_reserved_slug(town: Town, signed_in: Any, superuser: User) -> None:
    browser = signed_in(superuser)
    posted = {"title": "Konto", "slug": "konto", "lead": "", "body-count": "0", "action-publish": "1"}
    page = browser.post(f"/admin/pages/add/page_types/standardpage/{town.home.pk}/", posted)
    assert page.status_code == 200
    assert "Tego adresu używa sam portal" in page.text
    assert not StandardPage.objects.exists()


def test_a_page_cannot_be_moved_onto_a_reserved_address(town: Town, signed_in: Any, superuser: User) -> None:
    above = town.plant(StandardPage, "ceny")
    page = town.plant(StandardPage, "konto", parent=above)
    signed_in(superuser).post(f"/admin/pages/{page.pk}/move/{town.home.pk}/confirm/")
    page.refresh_from_db()
    assert page.get_parent().pk == above.pk


def test_a_restricted_page_asks_and_is_not_kept(client: Client, town: Town) -> None:
    above = town.plant(StandardPage, "ceny")
    town.plant(StandardPage, "rabaty", parent=above, title="Rabaty", lead="Tylko dla swoich")
    PageViewRestriction.objects.create(page=above, restriction_type=PageViewRestriction.LOGIN)
    answer = client.get("/ceny/rabaty/")
    assert answer.status_code == 302
    assert "public" not in answer["Cache-Control"]
    assert "rabaty" not in client.get("/sitemap.xml").text


def test_pages_say_that_they_may_be_kept(client: Client, town: Town) -> None:
    town.plant(StandardPage, "ceny")
    for address in ("/", "/ceny/"):
        response = client.get(address)
        assert response["Cache-Control"].startswith("public, max-age=0, s-maxage=60")
        assert not response.cookies


def test_redirects_work(client: Client, town: Town) -> None:
    page = town.plant(StandardPage, "ceny")
    Redirect.objects.create(old_path="/taryfa", redirect_page=page, site=town.site)
    assert client.get("/taryfa/")["Location"] == "/ceny/"


def test_preview_shows_the_draft(town: Town, signed_in: Any, superuser: User) -> None:
    page = town.plant(StandardPage, "ceny", title="Ceny")
    page.title = "Nowe ceny"
    page.save_revision()
    shown = signed_in(superuser).get(f"/admin/pages/{page.pk}/view_draft/")
    assert shown.status_code == 200
    assert "Nowe ceny</h1>" in shown.text


# Sitemap ----------------------------------------------------------------------------------


def test_the_sitemap_has_both_languages_and_no_hidden_pages(client: Client, town: Town) -> None:
    page = town.plant(StandardPage, "ceny")
    town.translate(page, "prices")
    town.plant(SearchPage, "szukaj", no_index=True)
    root = ET.fromstring(client.get("/sitemap.xml").content)
    entries = {
        url.findtext("s:loc", namespaces=MAP): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", MAP)
        }
        for url in root
    }
    home, there = "http://testserver/", "http://testserver/en/"
    assert set(entries) == {home, there, f"{home}ceny/", f"{there}prices/"}
    assert entries[f"{there}prices/"] == {
        "pl": f"{home}ceny/",
        "en": f"{there}prices/",
        "x-default": f"{home}ceny/",
    }


def test_robots_are_told_where_the_sitemap_is(client: Client, town: Town) -> None:
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text


def test_the_map_for_people_shows_the_tree(client: Client, town: Town) -> None:
    above = town.plant(StandardPage, "ceny", title="Ceny")
    town.plant(StandardPage, "faktura", parent=above, title="Faktura")
    town.plant(SiteMapPage, "mapa")
    text = client.get("/mapa/").text.split('class="eb-sitemap"')[1]
    assert text.index("Ceny") < text.index('<a class="eb-link" href="/ceny/faktura/">Faktura')


# Cost -------------------------------------------------------------------------------------


def test_what_pages_cost(client: Client, town: Town, assert_queries: Any) -> None:
    """Twelve queries are allowed for a public page; the frame and a plain page take this many."""
    above = town.plant(StandardPage, "ceny", side_navigation=True)
    town.plant(StandardPage, "faktura", parent=above)
    town.translate(above, "prices")
    for address in ("/", "/ceny/", "/ceny/faktura/", "/en/prices/"):
        client.get(address)
    with assert_queries(7):
        client.get("/ceny/faktura/")
    with assert_queries(8):
        client.get("/ceny/")
    with assert_queries(8):
        client.get("/en/prices/")
    with assert_queries(6):
        client.get("/")

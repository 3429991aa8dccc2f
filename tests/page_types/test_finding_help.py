"""Contact, help, search and the diagnostic tools."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from wagtail.models import PageViewRestriction

from ebok.accounts.models import User
from ebok.look.models import OrganisationSettings
from page_types import meter
from page_types.announcements import AnnouncementIndexPage, AnnouncementPage, Audience
from page_types.contact import ContactPage, Department
from page_types.diagnostics import DiagnosticsPage
from page_types.help import HelpIndexPage, HelpPage, help_url
from page_types.outage_pages import OutageIndexPage
from page_types.portal_status import renew
from page_types.search import SearchPage, beginning
from page_types.standard import StandardPage
from tests.page_types.conftest import Town

HOURS = '[{"type": "hours", "value": {"days": ["1", "2"], "opens": "08:00:00", "closes": "16:00:00"}}]'


# Contact ----------------------------------------------------------------------------------


@pytest.fixture
def contact(town: Town) -> ContactPage:
    """A contact page of one department with everything and one with a telephone only."""
    page: ContactPage = town.plant(ContactPage, "kontakt", title="Kontakt")
    Department.objects.create(
        page=page,
        name="Biuro </script><b>",
        matters="rachunki",
        phone="67 200 19 90",
        email="bok@lipowo.example",
        place="ul. Wodna 1",
        hours=HOURS,
        latitude=Decimal("52.22"),
        longitude=Decimal("18.25"),
        sort_order=1,
    )
    Department.objects.create(page=page, name="Pogotowie", phone="994", sort_order=2)
    organisation = OrganisationSettings.for_site(town.site)
    organisation.legal_name, organisation.phone = "Wodociągi Lipowo", "67 200 19 90"
    organisation.save()
    return page


@pytest.mark.feature("A10", "M05")
def test_departments_with_numbers_hours_and_place(client: Client, contact: ContactPage) -> None:
    text = client.get("/kontakt/").text.replace("\xa0", " ")
    for expected in (
        'href="tel:+48672001990"',
        'href="mailto:bok@lipowo.example"',
        "ul. Wodna 1",
        "poniedziałek, wtorek",
        "8:00–16:00",
        'href="tel:994"',
    ):
        assert expected in text


@pytest.mark.feature("A10", "M05")
def test_machines_can_read_the_contact(client: Client, contact: ContactPage) -> None:
    text = client.get("/kontakt/").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    facts = json.loads(block)
    assert (facts["@type"], facts["name"], facts["telephone"]) == (
        "Organization",
        "Wodociągi Lipowo",
        "+48672001990",
    )
    office, emergency = facts["department"]
    assert office["name"] == "Biuro </script><b>"
    assert office["openingHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Monday", "Tuesday"],
            "opens": "08:00",
            "closes": "16:00",
        }
    ]
    assert office["location"]["geo"]["latitude"] == 52.22
    assert emergency == {"@type": "Organization", "name": "Pogotowie", "telephone": "994"}


@pytest.mark.feature("M05")
def test_contact_settings_reach_every_page(client: Client, contact: ContactPage) -> None:
    for address in ("/", "/kontakt/"):
        assert "67 200 19 90" in client.get(address).text.split("<footer")[1]


@pytest.mark.parametrize("count", [1, 30])
def test_departments_cost_the_same(client: Client, town: Town, assert_queries: Any, count: int) -> None:
    page = town.plant(ContactPage, "kontakt")
    for number in range(count):
        Department.objects.create(page=page, name=f"Dział {number}", phone="994", sort_order=number)
    client.get("/kontakt/")
    with assert_queries(6):
        client.get("/kontakt/")


# Help -------------------------------------------------------------------------------------


@pytest.fixture
def help_index(town: Town) -> HelpIndexPage:
    """The help index of both languages and one page in Polish, one in both."""
    index: HelpIndexPage = town.plant(HelpIndexPage, "pomoc", title="Pomoc")
    town.plant(HelpPage, "start", parent=index, title="Start konta", topic="dashboard")
    board = town.plant(HelpPage, "tablica", parent=index, title="Tablica", topic="announcements")
    town.translate(index, "help")
    town.translate(board, "board")
    return index


@pytest.mark.feature("B16")
def test_a_zone_page_opens_its_help_in_a_second_window(
    help_index: HelpIndexPage, signed_in: Any, client_user: User, enable: Any
) -> None:
    enable("client_zone")
    text = signed_in(client_user).get("/moje-konto/").text
    link = next(tag for tag in re.findall(r"<a [^>]*>", text) if "/pomoc/start/" in tag)
    assert 'target="_blank"' in link
    assert "Start konta</h1>" in Client().get("/pomoc/start/").text


@pytest.mark.feature("B16")
@pytest.mark.parametrize(
    ("language", "topic", "address"),
    [
        ("pl", "dashboard", "/pomoc/start/"),
        ("en", "announcements", "/en/help/board/"),
        ("pl", "nobody-wrote-this", "/pomoc/"),
        # Not translated: the index in the reader's own language comes before another language.
        ("en", "dashboard", "/en/help/"),
    ],
)
def test_topics_lead_to_pages(help_index: HelpIndexPage, language: str, topic: str, address: str) -> None:
    with translation.override(language):
        assert help_url(RequestFactory().get("/"), topic) == address


def test_without_help_there_is_no_link(town: Town) -> None:
    assert help_url(RequestFactory().get("/"), "dashboard") == ""


def test_one_page_for_a_topic(town: Town, help_index: HelpIndexPage) -> None:
    with pytest.raises(Exception, match="wyjaśnia już"):
        town.plant(HelpPage, "drugi", parent=help_index, topic="dashboard")


# Search -----------------------------------------------------------------------------------


@pytest.fixture
def searchable(town: Town) -> Town:
    """A search page and some pages to find."""
    town.plant(SearchPage, "szukaj", no_index=True)
    prices = town.plant(
        StandardPage, "ceny", title="Ceny wody", body=[("page_types__text", "<p>Abonament kwartalny.</p>")]
    )
    town.translate(prices, "prices", title="Water prices")
    news = town.plant(AnnouncementIndexPage, "aktualnosci")
    town.plant(AnnouncementPage, "badania", parent=news, title="Badania wody", date=date(2026, 5, 4))
    town.plant(AnnouncementPage, "raty", parent=news, title="Raty za wodę", audience=Audience.PAYERS)
    secret = town.plant(StandardPage, "zarzad", title="Woda dla zarządu")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    return town


def found(client: Client, question: str, address: str = "/szukaj/") -> set[str]:
    main = client.get(address, {"q": question}).text.split("<main")[1].split("</main")[0]
    titles = {"Ceny wody", "Water prices", "Badania wody", "Raty za wodę", "Woda dla zarządu"}
    return {title for title in titles if title in main.replace("\xa0", " ")}


def test_search_knows_titles_bodies_and_polish_endings(client: Client, searchable: Town) -> None:
    assert found(client, "abonament") == {"Ceny wody"}
    assert found(client, "woda") == {"Ceny wody", "Badania wody"}
    assert found(client, "ceny woda") == {"Ceny wody"}


def test_search_stays_in_its_language(client: Client, searchable: Town) -> None:
    english = searchable.translate(SearchPage.objects.get(slug="szukaj"), "search")
    assert english.slug == "search"
    assert found(client, "water", "/en/search/") == {"Water prices"}


@pytest.mark.feature("G09")
def test_search_never_shows_what_is_not_public(client: Client, searchable: Town) -> None:
    assert "Raty za wodę" not in found(client, "raty")
    assert "Woda dla zarządu" not in found(client, "zarządu")


@pytest.mark.parametrize(
    "question",
    [
        "%",
        "_",
        "'",
        '"',
        "*(",
        "AND OR NOT",
        "a" * 10_000,
        "\u0001\u0002",
        "😀" * 50,
        "x:y",
        "-woda",
        "\u202e",
    ],
)
def test_odd_questions_get_an_answer(client: Client, searchable: Town, question: str) -> None:
    assert client.get("/szukaj/", {"q": question}).status_code == 200


def test_a_nul_is_refused(client: Client, searchable: Town) -> None:
    assert client.get("/szukaj/?q=%00").status_code == 400


def test_nothing_found_says_what_to_do(client: Client, searchable: Town) -> None:
    text = client.get("/szukaj/", {"q": "hydrofor"}).text
    assert "Nic nie pasuje" in text
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.parametrize("count", [1, 30])
def test_search_costs_the_same_for_one_and_thirty(
    client: Client, town: Town, assert_queries: Any, count: int
) -> None:
    town.plant(SearchPage, "szukaj")
    for number in range(count):
        town.plant(StandardPage, f"strona-{number}", title=f"Hydrant {number}")
    client.get("/szukaj/?q=hydrant")
    with assert_queries(9):
        client.get("/szukaj/?q=hydrant")


@pytest.mark.parametrize(
    ("word", "rest"), [("to", "to"), ("rok", "rok"), ("woda", "wod"), ("fakturę", "faktu")]
)
def test_beginnings_of_words(word: str, rest: str) -> None:
    assert beginning(word) == rest


# Diagnostic tools -------------------------------------------------------------------------


@pytest.fixture
def tools(town: Town) -> DiagnosticsPage:
    """The page of tools, and the outages it asks about."""
    town.plant(OutageIndexPage, "awarie", title="Awarie")
    found: DiagnosticsPage = town.plant(DiagnosticsPage, "narzedzia")
    return found


@pytest.mark.feature("A11")
def test_the_tools_are_on_one_page(client: Client, tools: DiagnosticsPage) -> None:
    text = client.get("/narzedzia/").text
    assert 'action="/awarie/adres/"' in text
    assert "Czy portal działa?" in text
    assert 'href="/narzedzia/przegladarka/"' in text
    assert 'href="/narzedzia/licznik/"' in text


@pytest.mark.feature("A11")
def test_the_state_of_the_portal_is_kept_by_the_timer(
    client: Client, tools: DiagnosticsPage, town: Town, assert_queries: Any
) -> None:
    assert "nie mamy teraz świeżego wyniku" in client.get("/narzedzia/").text
    renew(town.site)
    with assert_queries(6):
        assert "Strony i logowanie" in client.get("/narzedzia/").text


@pytest.mark.feature("A11", "M13")
def test_the_browser_test_sees_cookies_without_scripts(client: Client, tools: DiagnosticsPage) -> None:
    first = client.get("/narzedzia/przegladarka/")
    assert first["Cache-Control"] == "no-store"
    assert "Logowanie zadziała" not in first.text
    assert "Logowanie zadziała" in client.get("/narzedzia/przegladarka/?sprawdz=1").text
    refusing = Client().get("/narzedzia/przegladarka/?sprawdz=1").text
    assert "odrzuca ciasteczka" in refusing
    assert "To połączenie nie jest szyfrowane" in refusing
    assert "Nikt po drodze nie przeczyta" in Client().get("/narzedzia/przegladarka/", secure=True).text


@pytest.mark.feature("A11", "M13")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"stan": "00123,456"}, "123&nbsp;m³"),
        ({"stan": "00123456", "czerwone": "3"}, "123&nbsp;m³"),
        ({"stan": "00123456", "czerwone": ""}, "123&nbsp;m³"),
        ({"stan": "00123,456", "poprzedni": "110", "dni": "30", "osoby": "3"}, "144 l na osobę"),
        ({"stan": "123456", "czerwone": "0", "poprzedni": "110", "dni": "30", "osoby": "3"}, "wycieku"),
        ({"stan": "109,9", "poprzedni": "110"}, "To mniej niż poprzednio"),
        ({"stan": "110,0", "poprzedni": "110"}, "Licznik się nie ruszył"),
        ({"stan": "111,0", "poprzedni": "110", "dni": "30", "osoby": "3"}, "To mało"),
        ({"stan": "abc"}, "Wpisz same cyfry"),
        ({"stan": "12,3,4"}, "Wpisz same cyfry"),
        ({"stan": "9" * 20}, "Wpisz same cyfry"),
        ({"stan": "123", "poprzedni": "9" * 30, "dni": "0", "osoby": "-1"}, "govuk-error-summary"),
        ({"stan": "١٢٣"}, "Wpisz same cyfry"),
    ],
)
def test_the_meter_helper_answers(
    client: Client, tools: DiagnosticsPage, typed: dict[str, str], expected: str
) -> None:
    page = client.get("/narzedzia/licznik/", {"czerwone": "3", **typed})
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert expected in page.text


@pytest.mark.parametrize("shown", ["", ",", "1,2,3", "12a", "0" * 10, "12", "½"])
def test_what_is_no_reading_is_refused(shown: str) -> None:
    with pytest.raises(meter.ReadingError):
        meter.take_apart(shown, 3)

"""Names, address, tiles and footer of the fictional utility."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from ebok.look.models import OrganisationSettings, ThemeSettings
from page_types.demo.building import Pair, Planter

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

Link = dict[str, Any]


def fill_settings(world: World, planter: Planter, home: Pair) -> None:
    """Fill settings that nobody has filled in yet."""
    pages = {page.slug: page.pk for page in Page.objects.descendant_of(home.polish)}
    theme = ThemeSettings.for_site(world.site)
    if not len(theme.tiles):
        theme.short_name = "Wodociągi Lipowo"
        theme.emergency_label = "Pogotowie wodociągowe"
        theme.emergency_label_en = "Water emergency line"
        theme.tiles = _stored("tile", _tiles(pages))
        theme.full_clean()
        theme.save()
    organisation = OrganisationSettings.for_site(world.site)
    if not organisation.legal_name:
        _organise(organisation, pages)


def _stored(name: str, values: Sequence[Any]) -> str:
    """Blocks of one kind as a setting takes them."""
    return json.dumps([{"type": name, "value": value} for value in values])


OFFICE_HOURS = _stored(
    "hours",
    [
        {"days": ["1"], "opens": "08:00:00", "closes": "17:00:00"},
        {"days": ["2", "3", "4", "5"], "opens": "07:30:00", "closes": "15:30:00"},
    ],
)


def _organise(organisation: OrganisationSettings, pages: dict[str, int]) -> None:
    organisation.legal_name = "Wodociągi Miejskie w Lipowie sp. z o.o."
    organisation.street = "ul. Wodna 1"
    organisation.postcode = "62-998"
    organisation.city = "Lipowo"
    organisation.access_note = "wejście bez progu, pętla indukcyjna"
    organisation.phone = "67 200 19 90"
    organisation.email = "bok@wodociagi-lipowo.example"
    # Right by its checksum and given to nobody: the first three digits name no tax office.
    organisation.nip = "000-123-45-10"
    organisation.bip_url = "https://bip.lipowo.example/"
    organisation.opening_hours = OFFICE_HOURS
    organisation.footer_columns = _stored("column", _columns(pages))
    organisation.clean()
    organisation.save()


def _link(polish: str, english: str, *, page: int | None = None, address: str = "") -> Link:
    return {"title": polish, "title_en": english, "page": page, "address": address}


def _tiles(pages: dict[str, int]) -> list[Link]:
    return [
        {
            **_link("Sprawdź awarie", "Check outages", page=pages.get("awarie")),
            "icon": "wrench",
            "hint": "Co się dzieje na Twojej ulicy",
            "hint_en": "What is going on in your street",
        },
        {
            **_link("Podaj odczyt", "Send a reading", address="/odczyt/"),
            "icon": "meter",
            "hint": "Bez logowania: wystarczy faktura",
            "hint_en": "Without signing in: a bill is enough",
        },
        {
            **_link("Złóż wniosek", "Send an application", address="/dokumenty/"),
            "icon": "form",
            "hint": "Formularze do pobrania i wysłania",
            "hint_en": "Forms to download and to send",
        },
        {
            **_link("Zrozum rachunek", "Understand the bill", page=pages.get("jak-czytac-fakture")),
            "icon": "invoice",
            "hint": "Wyjaśnimy każdą pozycję",
            "hint_en": "We explain every line",
        },
    ]


def _columns(pages: dict[str, int]) -> list[Any]:
    return [
        {
            "title": "Strefa klienta",
            "title_en": "Client zone",
            "links": [
                _link("Zaloguj się", "Sign in", address="/konto/login/"),
                _link("Moje konto", "My account", address="/moje-konto/"),
                _link("Dokumenty", "Documents", address="/dokumenty/"),
            ],
        },
        {
            "title": "Pomoc",
            "title_en": "Help",
            "links": [
                _link("Najczęstsze pytania", "Frequent questions", page=pages.get("pomoc")),
                _link("Jak czytać fakturę", "How to read the bill", page=pages.get("jak-czytac-fakture")),
                _link("Szukaj", "Search", page=pages.get("szukaj")),
            ],
        },
        {
            "title": "O nas",
            "title_en": "About us",
            "links": [
                _link("Kim jesteśmy", "Who we are", page=pages.get("o-nas")),
                _link("Jakość wody", "Water quality", page=pages.get("jakosc-wody")),
                _link("Przetargi", "Tenders", page=pages.get("przetargi")),
            ],
        },
    ]

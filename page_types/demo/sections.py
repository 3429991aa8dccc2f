"""Prices, water quality, contact, about us and the pages below them."""

# ruff: noqa: E501 (sentences for readers; broken ones are harder to correct)

from __future__ import annotations

from decimal import Decimal

from wagtail.models import Page

from page_types.contact import ContactPage, Department
from page_types.demo.building import (
    Pair,
    Planter,
    Words,
    block,
    downloads,
    note,
    picture,
    questions,
    table,
    text,
)
from page_types.demo.settings import OFFICE_HOURS
from page_types.diagnostics import DiagnosticsPage
from page_types.search import SearchPage
from page_types.site_map import SiteMapPage
from page_types.standard import StandardPage


def plant(planter: Planter, home: Pair) -> None:
    """All sections in the order of the menu."""
    _prices(planter, home)
    _quality(planter, home)
    planter.plant(
        home,
        ContactPage,
        Words("Kontakt", "kontakt", "Zadzwoń, napisz albo przyjdź. Awarie przyjmujemy całą dobę pod 994."),
        Words("Contact", "contact", "Call, write or come. We take reports of failures day and night at 994."),
        show_in_menus=True,
        days_ago=380,
        finish=_departments,
    )
    _about(planter, home)
    planter.plant(
        home,
        DiagnosticsPage,
        Words(
            "Narzędzia",
            "narzedzia",
            "Sprawdź adres, portal, przeglądarkę i cyfry wodomierza, zanim zadzwonisz.",
        ),
        Words(
            "Tools", "tools", "Check your address, the portal, your browser and your meter before you call."
        ),
        days_ago=370,
    )
    planter.plant(home, SearchPage, Words("Szukaj", "szukaj"), Words("Search", "search"), no_index=True)
    planter.plant(home, SiteMapPage, Words("Mapa strony", "mapa-strony"), Words("Site map", "site-map"))


# Prices -------------------------------------------------------------------------------------


def _prices(planter: Planter, home: Pair) -> None:
    tariff = planter.world.document(
        "Taryfa dla zbiorowego zaopatrzenia w wodę", ["Zatwierdzona przez organ regulacyjny.", "Ceny brutto."]
    )
    prices = planter.plant(
        home,
        StandardPage,
        Words(
            "Ceny",
            "ceny",
            "Ile kosztuje woda i odbiór ścieków, co składa się na rachunek i jak go policzyć.",
            [
                table(
                    "Ceny brutto za metr sześcienny",
                    ["Kto", "Woda", "Ścieki"],
                    [
                        ["gospodarstwa domowe", "5,12 zł", "8,47 zł"],
                        ["firmy", "5,64 zł", "9,20 zł"],
                        ["ogród, osobny licznik", "5,12 zł", "bez opłaty"],
                    ],
                    "Do tego opłata abonamentowa: 6,90 zł na kwartał za każdy licznik.",
                ),
                note("Trzy osoby zużywają zwykle 9 m³ na miesiąc.", "To około 122 zł za wodę i ścieki."),
                downloads("Dokumenty", tariff.pk),
                questions(
                    "Najczęstsze pytania",
                    (
                        "Kiedy ceny się zmienią?",
                        "Taryfa obowiązuje trzy lata. O zmianie napiszemy z wyprzedzeniem.",
                    ),
                    ("Za co jest abonament?", "Za odczyt licznika, wystawienie rachunku i gotowość sieci."),
                ),
            ],
            {"side_navigation": True},
        ),
        Words(
            "Prices",
            "prices",
            "What water and sewage cost, what a bill is made of and how to work it out.",
            [
                table(
                    "Gross prices for a cubic metre",
                    ["Who", "Water", "Sewage"],
                    [
                        ["households", "5.12 zł", "8.47 zł"],
                        ["companies", "5.64 zł", "9.20 zł"],
                        ["garden, separate meter", "5.12 zł", "free"],
                    ],
                    "And a subscription of 6.90 zł a quarter for each meter.",
                ),
                note("Three people usually use 9 m³ a month.", "That is about 122 zł for water and sewage."),
                downloads("Documents", tariff.pk),
            ],
            {"side_navigation": True},
        ),
        show_in_menus=True,
        days_ago=360,
    )
    planter.plant(
        prices,
        StandardPage,
        Words(
            "Jak czytać fakturę",
            "jak-czytac-fakture",
            "Pięć miejsc na rachunku, które warto sprawdzić.",
            [
                text(
                    "<ol><li><b>Okres</b>: od którego do którego odczytu.</li>"
                    "<li><b>Stan licznika</b>: poprzedni i obecny. Porównaj z licznikiem w domu.</li>"
                    "<li><b>Zużycie</b>: różnica obu stanów w metrach sześciennych.</li>"
                    "<li><b>Cena i opłata stała</b>: takie same dla wszystkich w Twojej grupie.</li>"
                    "<li><b>Termin i numer konta</b>: konto jest tylko Twoje, więc tytuł nie ma znaczenia.</li></ol>"
                ),
                note(
                    "Coś się nie zgadza?", "Sprawdź cyfry w narzędziu Odczyt wodomierza albo zadzwoń do nas."
                ),
            ],
            {"side_navigation": True},
        ),
        Words(
            "How to read the bill",
            "how-to-read-the-bill",
            "Five places on the bill worth checking.",
            [
                text(
                    "<ol><li><b>Period</b>: from which reading to which.</li>"
                    "<li><b>Meter</b>: previous and present. Compare it with the one at home.</li>"
                    "<li><b>Consumption</b>: the difference in cubic metres.</li>"
                    "<li><b>Price and fixed fee</b>: the same for everybody in your group.</li>"
                    "<li><b>Date and account</b>: the account is yours alone, so the title does not matter.</li></ol>"
                ),
            ],
            {"side_navigation": True},
        ),
        days_ago=358,
    )


# Quality ------------------------------------------------------------------------------------


def _quality(planter: Planter, home: Pair) -> None:
    image = planter.world.picture("Ujęcie wody nad Strugą")
    planter.plant(
        home,
        StandardPage,
        Words(
            "Jakość wody",
            "jakosc-wody",
            "Woda z kranu jest zdatna do picia bez gotowania. Badamy ją 26 razy w miesiącu.",
            [
                table(
                    "Wyniki z ostatniego kwartału",
                    ["Co badamy", "Stacja Wodna", "Stacja Leśna", "Norma"],
                    [
                        ["twardość", "210 mg/l", "245 mg/l", "60–500 mg/l"],
                        ["pH", "7,4", "7,5", "6,5–9,5"],
                        ["żelazo", "45 µg/l", "60 µg/l", "do 200 µg/l"],
                        ["mangan", "12 µg/l", "18 µg/l", "do 50 µg/l"],
                        ["azotany", "6 mg/l", "9 mg/l", "do 50 mg/l"],
                        ["bakterie coli", "0", "0", "0 w 100 ml"],
                    ],
                    "Normy: rozporządzenie Ministra Zdrowia z 7 grudnia 2017 r. (Dz.U. poz. 2294).",
                ),
                picture(
                    image.pk,
                    "Ujęcie wody: łagodne wzgórza nad szeroką, spokojną rzeką",
                    "Stacja Wodna, widok od strony Strugi",
                ),
                questions(
                    "Pytania o wodę",
                    (
                        "Jak ustawić zmywarkę?",
                        "Twardość 210 mg/l to około 12 stopni niemieckich: woda średnio twarda.",
                    ),
                    (
                        "Skąd bierze się kamień?",
                        "Z wapnia i magnezu. Są zdrowe, ale osiadają, gdy woda się gotuje.",
                    ),
                    (
                        "Woda pachnie chlorem.",
                        "Po płukaniu sieci dodajemy go więcej. Znika po odstaniu w dzbanku.",
                    ),
                ),
            ],
        ),
        Words(
            "Water quality",
            "water-quality",
            "Tap water is fit to drink without boiling. We test it 26 times a month.",
            [
                table(
                    "Results of the last quarter",
                    ["What we test", "Wodna plant", "Leśna plant", "Limit"],
                    [
                        ["hardness", "210 mg/l", "245 mg/l", "60–500 mg/l"],
                        ["pH", "7.4", "7.5", "6.5–9.5"],
                        ["iron", "45 µg/l", "60 µg/l", "up to 200 µg/l"],
                        ["manganese", "12 µg/l", "18 µg/l", "up to 50 µg/l"],
                        ["nitrates", "6 mg/l", "9 mg/l", "up to 50 mg/l"],
                        ["coliform bacteria", "0", "0", "0 in 100 ml"],
                    ],
                    "Limits: regulation of the Minister of Health of 7 December 2017.",
                ),
                picture(image.pk, "The water intake: gentle hills above a broad, calm river"),
            ],
        ),
        show_in_menus=True,
        days_ago=355,
    )


# Contact ------------------------------------------------------------------------------------

_DEPARTMENTS = [
    (
        ("Biuro Obsługi Klienta", "umowy, rachunki, odczyty, reklamacje"),
        ("Customer office", "contracts, bills, readings, complaints"),
        "67 200 19 90",
        "bok@wodociagi-lipowo.example",
        "ul. Wodna 1, parter",
        True,
        ("52.220900", "18.251100"),
    ),
    (
        ("Dział techniczny", "przyłącza, warunki techniczne, wodomierze"),
        ("Technical department", "connections, technical conditions, meters"),
        "67 200 19 95",
        "technika@wodociagi-lipowo.example",
        "ul. Wodna 1, pokój 12",
        True,
        ("52.220900", "18.251100"),
    ),
    (
        ("Stacja uzdatniania i laboratorium", "jakość wody, zwiedzanie"),
        ("Treatment plant and laboratory", "water quality, tours"),
        "67 200 19 80",
        "laboratorium@wodociagi-lipowo.example",
        "ul. Wodociągowa 4",
        False,
        ("52.226800", "18.262400"),
    ),
    (
        ("Pogotowie wodociągowe", "awarie, brak wody, wycieki, całą dobę"),
        ("Emergency line", "failures, no water, leaks, day and night"),
        "994",
        "",
        "",
        False,
        None,
    ),
]


def _departments(page: Page, language: str) -> None:
    for order, (polish, english, phone, email, place, with_hours, position) in enumerate(_DEPARTMENTS):
        name, matters = polish if language == "pl" else english
        Department.objects.create(
            page=page,
            sort_order=order,
            name=name,
            matters=matters,
            phone=phone,
            email=email,
            place=place,
            hours=OFFICE_HOURS if with_hours else "[]",
            latitude=Decimal(position[0]) if position else None,
            longitude=Decimal(position[1]) if position else None,
        )


# About us -----------------------------------------------------------------------------------


def _about(planter: Planter, home: Pair) -> None:
    about = planter.plant(
        home,
        StandardPage,
        Words(
            "O nas",
            "o-nas",
            "Od 1926 roku dbamy o wodę w Lipowie. Pracuje nas tu 64.",
            [
                text(
                    "<p>Dostarczamy wodę do 9800 gospodarstw i odbieramy ścieki od 8700. Mamy dwa ujęcia, dwie stacje "
                    "uzdatniania, oczyszczalnię i 214 kilometrów rur.</p><h2>Kto jest właścicielem</h2>"
                    "<p>Spółka należy w całości do gminy Lipowo.</p>"
                ),
                note("Chcesz nas odwiedzić?", "Raz w roku otwieramy stację uzdatniania dla wszystkich."),
            ],
            {"side_navigation": True},
        ),
        Words(
            "About us",
            "about-us",
            "We have looked after water in Lipowo since 1926. There are 64 of us.",
            [
                text(
                    "<p>We supply 9800 households and take sewage from 8700. We have two intakes, two treatment plants, "
                    "a sewage works and 214 kilometres of pipes.</p><h2>Who owns us</h2>"
                    "<p>The company belongs entirely to the commune of Lipowo.</p>"
                ),
            ],
            {"side_navigation": True},
        ),
        days_ago=350,
    )
    planter.plant(
        about,
        StandardPage,
        Words(
            "Przetargi",
            "przetargi",
            "Co kupujemy i budujemy. Oferty składasz na platformie zakupowej.",
            [
                table(
                    "Trwające postępowania",
                    ["Przedmiot", "Tryb", "Oferty do"],
                    [
                        ["Wymiana wodociągu w ul. Młyńskiej", "podstawowy", "za 14 dni"],
                        ["Dostawa wodomierzy z nakładkami radiowymi", "nieograniczony", "za 21 dni"],
                        ["Przegląd agregatów", "zapytanie ofertowe", "za 6 dni"],
                    ],
                )
            ],
            {"side_navigation": True},
        ),
        Words(
            "Tenders",
            "tenders",
            "What we buy and build. Offers are made on the purchasing platform (in Polish).",
            [text("<p>Documents of tenders are in Polish. Ask us when you need help with them.</p>")],
            {"side_navigation": True},
        ),
        days_ago=348,
    )
    planter.plant(
        about,
        StandardPage,
        Words(
            "Inwestycje",
            "inwestycje",
            "Co budujemy w tym roku i kto za to płaci.",
            [
                text(
                    "<h2>Wodociąg w ul. Młyńskiej</h2><p>640 metrów, koszt 1,9 mln zł, z pożyczki z funduszu "
                    "ochrony środowiska.</p><h2>Kanalizacja na osiedlu Zacisze</h2><p>86 przyłączy, koszt 3,2 mln zł, "
                    "w połowie z programu krajowego.</p>"
                ),
                block(
                    "contact_card",
                    {
                        "name": "Pytania o inwestycje",
                        "phone": "67 200 19 95",
                        "email": "technika@wodociagi-lipowo.example",
                        "place": "ul. Wodna 1, pokój 12",
                        "note": "",
                    },
                ),
            ],
            {"side_navigation": True},
        ),
        Words(
            "Investments",
            "investments",
            "What we build this year and who pays.",
            [
                text(
                    "<h2>Main in Młyńska Street</h2><p>640 metres, 1.9 million zł, from a loan of the environmental "
                    "fund.</p><h2>Sewers in Zacisze</h2><p>86 connections, 3.2 million zł, half of it from a national "
                    "programme.</p>"
                )
            ],
            {"side_navigation": True},
        ),
        days_ago=346,
    )

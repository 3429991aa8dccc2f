"""Privacy policy and accessibility declaration."""

# ruff: noqa: E501 (sentences for readers; broken ones are harder to correct)

from __future__ import annotations

from datetime import date, timedelta

from page_types import privacy_sample
from page_types.accessibility import AccessibilityDeclarationPage, Conformity, Method
from page_types.demo.building import Pair, Planter, Words, text
from page_types.privacy import PrivacyPolicyPage

_SHORTCOMINGS = (
    "<ul><li>Plany okolicy przy awariach są rysunkami; te same adresy są na liście obok.</li>"
    "<li>Część dokumentów PDF sprzed 2019 roku nie ma warstwy tekstowej. Na prośbę przeczytamy je lub "
    "prześlemy w innej postaci.</li></ul>"
)
_SHORTCOMINGS_EN = (
    "<ul><li>Plans of the area beside outages are drawings; the same addresses are in the list.</li>"
    "<li>Some PDF documents from before 2019 have no text layer. We read them or send them in another form "
    "when you ask.</li></ul>"
)
_BUILDING = (
    "<p>Wejście do biura przy ul. Wodnej 1 jest bez progu, drzwi otwierają się same. Kasa i biuro są na "
    "parterze. Przy stanowisku 2 jest pętla indukcyjna. Toaleta dla osób na wózkach: korytarz po lewej. "
    "Dwa miejsca parkingowe przed wejściem. Możesz przyjść z psem asystującym. Tłumacza języka migowego "
    "zamówisz trzy dni wcześniej.</p>"
)
_BUILDING_EN = (
    "<p>The entrance in Wodna 1 has no steps and its doors open by themselves. Office and cash desk are on the "
    "ground floor, desk 2 has an induction loop, the accessible toilet is to the left. Assistance dogs are "
    "welcome. A sign language interpreter can be booked three days ahead.</p>"
)


def plant(planter: Planter, home: Pair) -> None:
    """Both pages the law wants; the policy with an earlier wording."""
    _policy(planter, home)
    today = planter.world.now.date()
    planter.plant(
        home,
        AccessibilityDeclarationPage,
        Words(
            "Deklaracja dostępności",
            "deklaracja-dostepnosci",
            "Co w tym serwisie jest dostępne dla wszystkich, a co jeszcze nie.",
            extra={
                "entity": "Wodociągi Miejskie w Lipowie sp. z o.o.",
                "shortcomings": _SHORTCOMINGS,
                "architecture": _BUILDING,
                "applications": "<p>Nie mamy osobnej aplikacji. Portal działa na telefonach.</p>",
                "contact_person": "Anna Kaczmarek",
            },
        ),
        Words(
            "Accessibility declaration",
            "accessibility-declaration",
            "What on this site is accessible to everybody, and what is not yet.",
            extra={
                "entity": "Wodociągi Miejskie w Lipowie sp. z o.o.",
                "shortcomings": _SHORTCOMINGS_EN,
                "architecture": _BUILDING_EN,
                "applications": "<p>We have no application of our own. The portal works on telephones.</p>",
                "contact_person": "Anna Kaczmarek",
            },
        ),
        published_on=date(2026, 1, 12),
        updated_on=max(date(2026, 1, 12), today - timedelta(days=60)),
        conformity=Conformity.PARTIAL,
        prepared_on=date(2026, 1, 12),
        reviewed_on=max(date(2026, 1, 12), today - timedelta(days=30)),
        method=Method.SELF,
        contact_email="dostepnosc@wodociagi-lipowo.example",
        contact_phone="67 200 19 90",
        days_ago=300,
    )


def _policy(planter: Planter, home: Pair) -> None:
    world = planter.world
    there = home.polish.get_children().filter(slug="prywatnosc").exists()
    pair = planter.plant(
        home,
        PrivacyPolicyPage,
        Words("Polityka prywatności", "prywatnosc", "Jakie dane zbieramy, po co i jak długo je trzymamy."),
        Words(
            "Privacy policy",
            "privacy",
            "What data we collect, why, and how long we keep it.",
            [text(privacy_sample.ENGLISH)],
        ),
        days_ago=300,
    )
    if there:
        return
    page = PrivacyPolicyPage.objects.get(pk=pair.polish.pk)
    page.versions.update(published_at=world.now - timedelta(days=300))
    own = privacy_sample.POLISH.replace(
        "Administratorem danych jest przedsiębiorstwo prowadzące ten portal.",
        "Administratorem danych są Wodociągi Miejskie w Lipowie sp. z o.o., ul. Wodna 1, 62-998 Lipowo. "
        "Inspektor ochrony danych: iod@wodociagi-lipowo.example.",
    )
    page.body = [("page_types__text", own)]
    planter.publish(page, world.now - timedelta(days=120))
    newest = page.versions.first()
    if newest is not None:
        page.versions.filter(pk=newest.pk).update(published_at=world.now - timedelta(days=120))

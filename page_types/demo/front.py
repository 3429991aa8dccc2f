"""The home pages."""

# ruff: noqa: E501 (sentences for readers; broken ones are harder to correct)

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from wagtail.models import Page

from page_types.demo.building import Pair, Planter
from page_types.home import HomePage

DOCUMENTS = "e_dokument__documents"
"""The inset of a module, by its stored name: kept by the page whether or not the module is there."""


def plant_home(planter: Planter) -> Pair:
    """The home pages of both languages; they replace the empty page an installation begins with."""
    world = planter.world
    root = Page.objects.get(depth=1)
    before = world.home
    polish = HomePage.objects.filter(pk=before.pk).first()
    if polish is None:
        polish = _home(
            root,
            world.polish,
            title="Strona główna",
            slug="strona-glowna",
            hero_title="Dzień dobry!",
            hero_question="Co załatwiamy?",
            hero_text="Rachunek, odczyt, awaria. Bez kolejki, o każdej porze i w kilka minut.",
            search_description="Internetowe biuro obsługi Wodociągów Lipowo: awarie, ceny, dokumenty, kontakt.",
            body=_documents("Dokumenty do pobrania"),
        )
        planter.publish(polish, world.now - timedelta(days=400))
        world.site.root_page = polish
        world.site.save()
        if not before.get_children().exists():
            before.delete()
    english = HomePage.objects.filter(translation_key=polish.translation_key, locale=world.english).first()
    if english is None:
        english = _home(
            root,
            world.english,
            translation_key=polish.translation_key,
            title="Home page",
            slug="home-page",
            hero_title="Good morning!",
            hero_question="What can we do for you?",
            hero_text="Bills, readings, failures. No queue, at any time, in a few minutes.",
            search_description="Online customer office of Wodociągi Lipowo: outages, prices, documents, contact.",
            body=_documents("Documents to download"),
        )
        planter.publish(english, world.now - timedelta(days=400))
    return Pair(Page.objects.get(pk=polish.pk).specific, Page.objects.get(pk=english.pk).specific)


def _home(root: Page, locale: Any, **content: Any) -> HomePage:
    home = HomePage(locale=locale, live=False, **content)
    Page.objects.get(pk=root.pk).add_child(instance=home)
    return home


def _documents(heading: str) -> str:
    value: dict[str, Any] = {"heading": heading, "documents": [], "category": None, "rows": 5}
    return json.dumps([{"type": DOCUMENTS, "value": value}])

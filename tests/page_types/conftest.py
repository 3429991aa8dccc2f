"""A small public site in Polish and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from wagtail.models import Locale, Page, Site

from page_types.announcements import AnnouncementIndexPage, AnnouncementPage
from page_types.home import HomePage


@dataclass
class Town:
    """The site and its trees."""

    site: Site
    locales: dict[str, Locale]
    home: HomePage
    home_en: HomePage

    def plant(self, model: type[Page], slug: str, *, parent: Page | None = None, **fields: Any) -> Any:
        """Add a published page below `parent` (the Polish home page), as an editor would publish it."""
        above = Page.objects.get(pk=(parent or self.home).pk)
        page = model(slug=slug, title=fields.pop("title", slug.capitalize()), locale=above.locale, **fields)
        above.add_child(instance=page)
        page.save_revision().publish()
        page.refresh_from_db()
        return page

    def translate(self, page: Page, slug: str, **fields: Any) -> Any:
        """The English version of a page of the Polish tree, published."""
        translated = page.copy_for_translation(self.locales["en"], copy_parents=True)
        translated.slug = slug
        for name, value in fields.items():
            setattr(translated, name, value)
        translated.save_revision().publish()
        return type(page).objects.get(pk=translated.pk)


@pytest.fixture
def town(site: Site, root_page: Page, locales: dict[str, Locale]) -> Town:
    """Home pages of both languages, site root among them."""
    home = root_page.add_child(
        instance=HomePage(title="Strona główna", slug="lipowo", hero_text="Woda.", locale=locales["pl"])
    )
    home_en = HomePage(
        title="Home", slug="lipowo-en", locale=locales["en"], translation_key=home.translation_key
    )
    Page.objects.get(pk=root_page.pk).add_child(instance=home_en)
    site.root_page = home
    site.hostname = "testserver"
    site.save()
    return Town(site, locales, HomePage.objects.get(pk=home.pk), HomePage.objects.get(pk=home_en.pk))


@pytest.fixture
def news_list(town: Town) -> AnnouncementIndexPage:
    """The list of announcements."""
    found: AnnouncementIndexPage = town.plant(AnnouncementIndexPage, "aktualnosci", show_in_menus=True)
    return found


@pytest.fixture
def announce(town: Town, news_list: AnnouncementIndexPage) -> Callable[..., AnnouncementPage]:
    """`announce("slug", title=…)`: one published announcement."""

    def make(slug: str, **fields: Any) -> AnnouncementPage:
        found: AnnouncementPage = town.plant(AnnouncementPage, slug, parent=news_list, **fields)
        return found

    return make

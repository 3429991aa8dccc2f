"""What stands around a public page: menu, footer links, the way here, the same page in other languages.

All of it comes from one query, because every public page needs it and a public page may cost
twelve queries altogether. Addresses are made from the tree itself: Wagtail's own way asks the
shared cache, which in the embedded default is a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.translation import get_language
from wagtail.models import Page, Site

from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.registry import registry
from ebok.ports import NavItem

if TYPE_CHECKING:
    from page_types.base import BasePage

PUBLIC_ZONE = "public"
MENU_LENGTH = 6
"""More than six entries do not fit the bar."""


class Row(NamedTuple):
    """The few columns of a page that links need."""

    pk: int
    path: str
    depth: int
    title: str
    url_path: str
    slug: str
    key: Any
    language: str
    in_menu: bool
    type_id: int
    topic: str | None = None


COLUMNS = (
    "pk",
    "path",
    "depth",
    "title",
    "url_path",
    "slug",
    "translation_key",
    "locale__language_code",
    "show_in_menus",
    "content_type_id",
)


@dataclass(frozen=True)
class MenuLink:
    """A drawn link: words, address, whether we are there or below."""

    title: str
    url: str
    is_current: bool = False


class Chrome:
    """The surroundings of one request's page, read once and kept on the request."""

    def __init__(self, request: HttpRequest, site: Site, page: BasePage | None) -> None:
        self.request = request
        self.site = site
        self.page = page
        self.language = page.language_code if page is not None else (get_language() or settings.LANGUAGE_CODE)
        self.topic = ""

    @classmethod
    def of(cls, request: HttpRequest | None, page: BasePage | None = None) -> Chrome | None:
        """The chrome of this request; None where no site answers (an empty database).

        `page` is the page being drawn. Without one (outside the tree) there is no way here
        and no other language of the same page, only of the site.
        """
        if request is None:
            return None
        kept: Chrome | None = getattr(request, "ebok_chrome", None)
        if kept is not None and (page is None or kept.page is page):
            return kept
        site = Site.find_for_request(request)
        if site is None:
            return None
        chrome = cls(request, site, page)
        request.ebok_chrome = chrome  # type: ignore[attr-defined]  # our own attribute
        return chrome

    # Reading ------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[Row]:
        """Every page that a link around this one may lead to; one query."""
        root = self.site.root_page
        columns: tuple[str, ...] = COLUMNS
        translated = [root.translation_key]
        here = Q(depth=root.depth + 1, show_in_menus=True, locale__language_code=self.language)
        here |= Q(content_type_id__in=[*self.landmark_types], locale__language_code=self.language)
        if chosen := self._chosen_in_settings():
            here |= Q(pk__in=chosen)
            here |= Q(
                translation_key__in=Page.objects.filter(pk__in=chosen).values("translation_key"),
                locale__language_code=self.language,
            )
        if self.page is not None and self.page.path:
            here |= Q(path__in=ancestor_paths(self.page.path))
            translated.append(self.page.translation_key)
        if self.topic:
            here |= Q(helppage__topic=self.topic) | Q(helpindexpage__isnull=False)
            columns = (*COLUMNS, "helppage__topic")
        here |= Q(translation_key__in=translated)
        found = Page.objects.filter(here, live=True).order_by("path").values_list(*columns)
        return [Row(*values) for values in found]

    def include_help(self, topic: str) -> None:
        """Have `rows` hold the help pages of `topic` and the help indexes, whatever their language."""
        if topic != self.topic:
            self.topic = topic
            # Rows read without them are asked again; what was made of those still holds.
            self.__dict__.pop("rows", None)

    @cached_property
    def landmark_types(self) -> dict[int, str]:
        """Content type id to landmark name."""
        return landmark_types()

    @property
    def theme(self) -> ThemeSettings:
        """The look of the site (Wagtail keeps it on the request)."""
        found: ThemeSettings = ThemeSettings.for_request(self.request)
        return found

    @property
    def organisation(self) -> OrganisationSettings:
        """Who runs the portal (Wagtail keeps it on the request)."""
        found: OrganisationSettings = OrganisationSettings.for_request(self.request)
        return found

    def _chosen_in_settings(self) -> set[int]:
        """Pages that footer columns and tiles point to."""
        found: set[int] = set()
        for stream in (self.organisation.footer_columns, self.theme.tiles):
            for block in stream.raw_data:
                found.update(_page_ids(block["value"]))
        return found

    @cached_property
    def homes(self) -> Mapping[str, Row]:
        """The home page of each language of this site, by language code."""
        key = self.site.root_page.translation_key
        return {row.language: row for row in self.rows if row.key == key}

    @cached_property
    def home(self) -> Row | None:
        """The home page of the language we are in; else the site's own root."""
        return self.homes.get(self.language) or next(
            (row for row in self.homes.values() if row.pk == self.site.root_page_id), None
        )

    @cached_property
    def inside(self) -> list[Row]:
        """The rows that lie in the tree of this language on this site."""
        home = self.home
        return [row for row in self.rows if home is not None and row.path.startswith(home.path)]

    # Links --------------------------------------------------------------------------------

    def address(self, row: Row) -> str:
        """Path of a page on this site, with the prefix of its own language."""
        home = self.homes.get(row.language)
        if home is None or not row.path.startswith(home.path):
            return ""
        return language_root(row.language) + row.url_path[len(home.url_path) :]

    @cached_property
    def menu(self) -> list[MenuLink]:
        """The main menu, at most six entries.

        Pages stand at 10, 20, 30 … in the order of the tree; entries that modules contribute for
        the zone "public" (`NavItem(zone="public", …)`) take their place among them by `order`.
        """
        depth = self.home.depth + 1 if self.home else 0
        pages = [row for row in self.inside if row.depth == depth and row.in_menu]
        placed = [(10 * place, self._link(row)) for place, row in enumerate(pages, start=1)]
        placed += [(item.order, link) for item, link in self.module_links]
        return [link for _order, link in sorted(placed, key=lambda entry: entry[0])][:MENU_LENGTH]

    @cached_property
    def module_links(self) -> list[tuple[NavItem, MenuLink]]:
        """Public pages of the modules that are on for this site, with their addresses."""
        return [
            (item, MenuLink(title, url, self.request.path.startswith(url)))
            for item, title, url in module_pages(self.request, self.language)
        ]

    @cached_property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way here as (title, address); empty on a home page."""
        page = self.page
        if page is None or self.home is None or page.pk == self.home.pk:
            return []
        way = [
            (row.title, self.address(row))
            for row in self.inside
            if page.path and row.path != page.path and page.path.startswith(row.path)
        ]
        if way:
            way[0] = (str(translation.gettext("Home page")), way[0][1])
        return [*way, (page.title, "")]

    def landmark(self, name: str) -> MenuLink | None:
        """The page of this language whose type is the landmark `name` ("contact", "news"…)."""
        row = self._landmarks.get(name)
        return self._link(row) if row is not None else None

    def landmark_row(self, name: str) -> Row | None:
        """The same as a row of the tree."""
        return self._landmarks.get(name)

    @cached_property
    def _landmarks(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self.inside:
            name = self.landmark_types.get(row.type_id)
            # The highest one, and of several the first: rows come in the order of the tree.
            if name and (name not in found or row.depth < found[name].depth):
                found[name] = row
        return found

    def language_addresses(self) -> dict[str, str]:
        """Language code to the address of this same page, our own language included."""
        if self.page is None:
            return {}
        return {
            row.language: address
            for row in self.rows
            if row.key == self.page.translation_key and (address := self.address(row))
        }

    def address_of(self, page_id: int) -> str:
        """Where a page chosen in the settings is, in the reader's language when it exists there."""
        chosen = next((row for row in self.rows if row.pk == page_id), None)
        if chosen is None:
            return ""
        translated = next((row for row in self.inside if row.key == chosen.key), chosen)
        return self.address(translated)

    def _link(self, row: Row) -> MenuLink:
        current = bool(self.page is not None and self.page.path and self.page.path.startswith(row.path))
        address = self.address(row)
        if self.page is None and address not in ("", language_root(row.language)):
            current = self.request.path.startswith(address)
        return MenuLink(row.title, address, current)


def module_pages(request: HttpRequest, language: str) -> list[tuple[NavItem, str, str]]:
    """(item, title, path) of the public pages of modules that are on; asks nothing when none has any."""
    items = [
        (owner, item) for owner, item in registry.contributions("navigation") if item.zone == PUBLIC_ZONE
    ]
    enabled = EnabledPlugins.of(request) if items else frozenset()
    with translation.override(language):
        return [
            (item, str(item.title), reverse(f"{PUBLIC_ZONE}:{owner.key}:{item.view}"))
            for owner, item in sorted(items, key=lambda entry: entry[1].order)
            if owner.key in enabled
        ]


def localised_path(address: str, language: str) -> str:
    """An address of this site typed by hand, with the prefix of `language` put in front.

    For addresses that are no pages ("/moje-konto/"): they are the same in every language but
    for the prefix. Foreign, absolute and already prefixed addresses stay as they are.
    """
    prefix = language_root(language)
    if not address.startswith("/") or address.startswith("//") or prefix == "/":
        return address
    return address if address.startswith(prefix) else prefix + address[1:]


def language_root(language: str) -> str:
    """The address of a language's home page: "/" or "/en/"."""
    return _language_root(language, get_script_prefix(), settings.ROOT_URLCONF)


@lru_cache(maxsize=32)
def _language_root(language: str, _script_prefix: str, _urls: str) -> str:
    """Every link of a page begins with it, and reversing is slow; kept for what it depends on."""
    with translation.override(language):
        return reverse("wagtail_serve", args=("",))


def ancestor_paths(path: str) -> list[str]:
    """The tree paths of a page and everything above it, but for the invisible root."""
    step = Page.steplen
    return [path[:end] for end in range(2 * step, len(path) + 1, step)]


def landmark_types() -> dict[int, str]:
    """Content type id to landmark name of the page types that have one (kept by Django in memory)."""
    # The base class must be loaded before its subclasses can be counted.
    from page_types.base import BasePage  # noqa: PLC0415 (circular: pages ask for their chrome)

    models = {model: model.landmark for model in concrete_types(BasePage) if model.landmark}
    types = ContentType.objects.get_for_models(*models)
    return {types[model].pk: name for model, name in models.items()}


def concrete_types(base: type[BasePage]) -> list[type[BasePage]]:
    """All page types that pages can be of."""
    found: list[type[BasePage]] = []
    for model in base.__subclasses__():
        if not model._meta.abstract:
            found.append(model)
        found += concrete_types(model)
    return found


def _page_ids(value: Any) -> Iterable[int]:
    """Every `page` chosen anywhere inside the stored value of a block."""
    if isinstance(value, Mapping):
        for name, child in value.items():
            if name == "page" and isinstance(child, int):
                yield child
            else:
                yield from _page_ids(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _page_ids(child)

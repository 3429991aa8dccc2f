"""What stands around a public page: menu, footer links, the way here, the same page in other languages.

What is the same around every page of a site and language is the `Frame`: one query, kept until something
is published. The page's own ancestors and translations are a second one. Addresses are made from the tree
itself: Wagtail's own way asks the shared cache, which in the embedded default is a table.
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
from ebok.pagecache.kept import kept
from ebok.plugins.site import site_of
from ebok.ports import NavItem
from page_types.module_pages import is_offered, module_pages
from page_types.restrictions import is_restricted

if TYPE_CHECKING:
    from page_types.base import BasePage

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
    is_restricted: bool = True
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


@dataclass(frozen=True)
class Frame:
    """What is around every page of a site in one language; shared by requests, so never changed."""

    site: Site
    language: str
    rows: tuple[Row, ...]
    landmark_types: Mapping[int, str]
    modules: tuple[tuple[NavItem, str, str], ...]
    """(item, title, path) of the public pages of modules that are on."""

    @classmethod
    def of(cls, request: HttpRequest, site: Site, language: str, topic: str = "") -> Frame:
        """The frame; with a `topic` its rows also hold the help pages of it and the help indexes."""
        key = (
            "frame",
            site.pk,
            site.root_page_id,
            language,
            topic,
            get_script_prefix(),
            settings.ROOT_URLCONF,
        )
        return kept(key, lambda: cls._read(request, site, language, topic))

    @classmethod
    def _read(cls, request: HttpRequest, site: Site, language: str, topic: str) -> Frame:
        root, types = site.root_page, landmark_types()
        here = Q(depth=root.depth + 1, show_in_menus=True, locale__language_code=language)
        # In every language: so pages of these types need no query of their own (`Chrome.around`).
        here |= Q(content_type_id__in=[*types])
        here |= Q(translation_key=root.translation_key)
        if chosen := _chosen_in_settings(request):
            here |= Q(pk__in=chosen)
            here |= Q(
                translation_key__in=Page.objects.filter(pk__in=chosen).values("translation_key"),
                locale__language_code=language,
            )
        columns: tuple[str, ...] = (*COLUMNS, "is_restricted")
        if topic:
            here |= Q(helppage__topic=topic) | Q(helpindexpage__isnull=False)
            columns = (*columns, "helppage__topic")
        found = Page.objects.filter(here, live=True).annotate(is_restricted=is_restricted())
        rows = tuple(Row(*values) for values in found.order_by("path").values_list(*columns))
        return cls(site, language, rows, types, tuple(module_pages(request, language)))

    @cached_property
    def homes(self) -> Mapping[str, Row]:
        """The home page of each language of this site, by language code."""
        key = self.site.root_page.translation_key
        return {row.language: row for row in self.rows if row.key == key}

    @cached_property
    def home(self) -> Row | None:
        """The home page of this language; else the site's own root."""
        return self.homes.get(self.language) or next(
            (row for row in self.homes.values() if row.pk == self.site.root_page_id), None
        )

    @cached_property
    def inside(self) -> tuple[Row, ...]:
        """The rows that lie in the tree of this language on this site."""
        home = self.home
        return tuple(row for row in self.rows if home is not None and row.path.startswith(home.path))

    @cached_property
    def landmarks(self) -> Mapping[str, Row]:
        """The rows whose type is a landmark, by its name."""
        found: dict[str, Row] = {}
        for row in self.inside:
            name = self.landmark_types.get(row.type_id)
            # The highest one, and of several the first: rows come in the order of the tree.
            if name and (name not in found or row.depth < found[name].depth):
                found[name] = row
        return found

    @cached_property
    def menu(self) -> tuple[tuple[str, str, Row | None], ...]:
        """(title, path, page) of what may stand in the main menu; modules' entries have no page."""
        depth = self.home.depth + 1 if self.home else 0
        pages = [row for row in self.inside if row.depth == depth and row.in_menu]
        placed: list[tuple[int, tuple[str, str, Row | None]]] = [
            (10 * place, (row.title, self.address(row), row)) for place, row in enumerate(pages, start=1)
        ]
        placed += [(item.order, (title, path, None)) for item, title, path in self.modules]
        return tuple(entry for _order, entry in sorted(placed, key=lambda pair: pair[0]))

    def around(self, page: BasePage) -> list[Row] | None:
        """A page of the frame, those above it and its translations; None when the frame may lack some."""
        same = [row for row in self.rows if row.key == page.translation_key]
        home = self.home
        if home is None or (page.content_type_id not in self.landmark_types and page.path != home.path):
            return None
        above = {row.path: row for row in self.inside}
        paths = [path for path in ancestor_paths(page.path) if len(path) >= len(home.path)]
        if any(path not in above for path in paths):
            return None
        found = {row.pk: row for row in [*(above[path] for path in paths), *same]}
        return sorted(found.values(), key=lambda row: row.path)

    def address(self, row: Row) -> str:
        """Path of a page on this site, with the prefix of its own language; "" for another site's."""
        home = self.homes.get(row.language)
        if home is None or not row.path.startswith(home.path):
            return ""
        return language_root(row.language) + row.url_path[len(home.url_path) :]


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
        kept_chrome: Chrome | None = getattr(request, "ebok_chrome", None)
        if kept_chrome is not None and (page is None or kept_chrome.page is page):
            return kept_chrome
        site = site_of(request)
        if site is None:
            return None
        chrome = cls(request, site, page)
        request.ebok_chrome = chrome  # type: ignore[attr-defined]  # our own attribute
        return chrome

    # Reading ------------------------------------------------------------------------------

    @cached_property
    def frame(self) -> Frame:
        """What all pages of this site and language have around them; at most one query."""
        return Frame.of(self.request, self.site, self.language, self.topic)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every page that a link of the frame may lead to."""
        return self.frame.rows

    @cached_property
    def around(self) -> list[Row]:
        """This page, those above it and its translations, in the order of the tree; at most one query."""
        page = self.page
        if page is None or not page.path:
            return []
        if (known := self.frame.around(page)) is not None:
            return known
        related = Q(path__in=ancestor_paths(page.path)) | Q(translation_key=page.translation_key)
        found = Page.objects.filter(related, live=True).order_by("path").values_list(*COLUMNS)
        return [Row(*values) for values in found]

    def include_help(self, topic: str) -> None:
        """Have `rows` hold the help pages of `topic` and the help indexes, whatever their language."""
        if topic != self.topic:
            self.topic = topic
            # A frame read without them is asked again; what was made of it still holds.
            self.__dict__.pop("frame", None)

    @property
    def landmark_types(self) -> Mapping[int, str]:
        """Content type id to landmark name."""
        return self.frame.landmark_types

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

    @property
    def homes(self) -> Mapping[str, Row]:
        """The home page of each language of this site, by language code."""
        return self.frame.homes

    @property
    def home(self) -> Row | None:
        """The home page of the language we are in; else the site's own root."""
        return self.frame.home

    # Links --------------------------------------------------------------------------------

    def address(self, row: Row) -> str:
        """Path of a page on this site, with the prefix of its own language."""
        return self.frame.address(row)

    @cached_property
    def menu(self) -> list[MenuLink]:
        """The main menu, at most six entries.

        Pages stand at 10, 20, 30 … in the order of the tree; entries that modules contribute for
        the zone "public" (`NavItem(zone="public", …)`) take their place among them by `order`.
        """
        entries = [entry for entry in self.frame.menu if entry[1] not in self.withheld][:MENU_LENGTH]
        return [MenuLink(title, path, self._is_here(path, row)) for title, path, row in entries]

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Paths of public pages of modules that are on, which a setting keeps closed on this site."""
        return frozenset(
            path for item, _title, path in self.frame.modules if not is_offered(self.request, item)
        )

    @property
    def module_links(self) -> list[tuple[NavItem, MenuLink]]:
        """Public pages of the modules that are on for this site, with their addresses."""
        return [
            (item, MenuLink(title, path, self._is_here(path, None)))
            for item, title, path in self.frame.modules
            if path not in self.withheld
        ]

    @cached_property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way here as (title, address); empty on a home page."""
        page = self.page
        if page is None or self.home is None or page.pk == self.home.pk:
            return []
        way = [
            (row.title, self.address(row))
            for row in self.around
            if row.path != page.path
            and row.path.startswith(self.home.path)
            and page.path.startswith(row.path)
        ]
        if way:
            way[0] = (str(translation.gettext("Home page")), way[0][1])
        return [*way, (page.title, "")]

    def landmark(self, name: str) -> MenuLink | None:
        """The page of this language whose type is the landmark `name` ("contact", "news"…)."""
        row = self.frame.landmarks.get(name)
        return self._link(row) if row is not None else None

    def landmark_row(self, name: str) -> Row | None:
        """The same as a row of the tree."""
        return self.frame.landmarks.get(name)

    def language_addresses(self) -> dict[str, str]:
        """Language code to the address of this same page, our own language included."""
        if self.page is None:
            return {}
        return {
            row.language: address
            for row in self.around
            if row.key == self.page.translation_key and (address := self.address(row))
        }

    def address_of(self, page_id: int) -> str:
        """Where a page chosen in the settings is, in the reader's language when it exists there."""
        chosen = next((row for row in self.rows if row.pk == page_id), None)
        if chosen is None:
            return ""
        translated = next((row for row in self.frame.inside if row.key == chosen.key), chosen)
        return self.address(translated)

    def _link(self, row: Row) -> MenuLink:
        address = self.address(row)
        return MenuLink(row.title, address, self._is_here(address, row))

    def _is_here(self, address: str, row: Row | None) -> bool:
        """Whether the page being drawn is the linked one or below it."""
        if self.page is not None and row is not None:
            return bool(self.page.path) and self.page.path.startswith(row.path)
        if row is not None and address in ("", language_root(row.language)):
            return False
        return self.request.path.startswith(address)


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

    models = concrete_types(BasePage)
    types = ContentType.objects.get_for_models(*models)
    return {types[model].pk: model.landmark for model in models if model.landmark}


def concrete_types(base: type[BasePage]) -> list[type[BasePage]]:
    """All page types that pages can be of."""
    found: list[type[BasePage]] = []
    for model in base.__subclasses__():
        if not model._meta.abstract:
            found.append(model)
        found += concrete_types(model)
    return found


def _chosen_in_settings(request: HttpRequest) -> set[int]:
    """Pages that footer columns and tiles point to."""
    found: set[int] = set()
    organisation, theme = OrganisationSettings.for_request(request), ThemeSettings.for_request(request)
    for stream in (organisation.footer_columns, theme.tiles):
        for block in stream.raw_data:
            found.update(_page_ids(block["value"]))
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

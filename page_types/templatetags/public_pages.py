"""The tag library `public_pages`: what the public frame asks the page tree for.

    {% main_menu %}                          the menu (templates/public/menu.html)
    {% outage_banner %}                      the newest outage going on now
    {% footer_pages %}                       declaration, privacy, site map
    {% accessibility_declaration as url %}   absolute address, or ""
    {% footer_columns as columns %}          the columns of the settings with addresses resolved
    {% quick_actions as tiles %}             the four tiles, the same way
    {% landmark "contact" as contact %}      the page that is the site's contact page, or None
    {% hreflang as links %}                  this page in all languages, absolute addresses
    {% help_url "dashboard" as url %}        the help page of a topic, or ""
    {% stream page.body %}                   the insets of a body
    {% site_part "public/footer.html" %}     a part that is the same on all pages, drawn once

The page itself asks one query for it, and what is the same on all pages is kept (`page_types.chrome`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.blocks import StreamValue

from ebok.look.blocks import LinkValue
from ebok.look.templatetags import eb
from ebok.pagecache.kept import kept
from ebok.plugins.gate import leads_somewhere
from page_types import help as help_pages
from page_types.base import BasePage
from page_types.chrome import Chrome, MenuLink, localised_path
from snippets.outages import board, presentation
from snippets.outages.models import Outage

register = template.Library()

FOOTER_LANDMARKS = ("declaration", "privacy", "site_map", "diagnostics")


def _chrome(context: template.Context) -> Chrome | None:
    page = context.get("page")
    request: HttpRequest | None = context.get("request")
    return Chrome.of(request, page if isinstance(page, BasePage) else None)


@register.inclusion_tag("public/menu.html", takes_context=True)
def main_menu(context: template.Context) -> dict[str, Any]:
    """The main menu of the site in the reader's language."""
    chrome = _chrome(context)
    return {"menu_items": chrome.menu if chrome else []}


@dataclass(frozen=True)
class BannerOutage:
    """An outage as the banner words it."""

    kind: str
    place: str
    what: str
    ends_at: datetime | None
    url: str


@register.inclusion_tag("public/outage_banner.html", takes_context=True)
def outage_banner(context: template.Context) -> dict[str, Any]:
    """The newest outage going on now and how many others there are; at most one query."""
    chrome = _chrome(context)
    listed = chrome.landmark("outages") if chrome else None
    if chrome is None or listed is None:
        return {"outages": []}
    # The pages of outages have read what is going on themselves.
    banner = context["banner"] if "banner" in context else board.banner(chrome.site)
    if banner is None:
        return {"outages": []}
    outage = banner.outage
    place = presentation.in_language(outage, "places").text
    shown = BannerOutage(
        kind=presentation.kind_title(outage.kind),
        place=place or presentation.headline(outage),
        what=presentation.felt(outage.effect) if place else "",
        ends_at=outage.current_end,
        url=f"{listed.url}{outage.uid}/",
    )
    return {"outages": [shown], "outages_url": listed.url, "more_count": banner.others}


@register.inclusion_tag("public/footer_pages.html", takes_context=True)
def footer_pages(context: template.Context) -> dict[str, Any]:
    """Links that the law and good manners want on every page."""
    chrome = _chrome(context)
    found = [chrome.landmark(name) for name in FOOTER_LANDMARKS] if chrome else []
    return {"footer_pages": [link for link in found if link is not None]}


@register.simple_tag(takes_context=True)
def accessibility_declaration(context: template.Context) -> str:
    """Absolute address of the accessibility declaration; "" when there is none."""
    chrome = _chrome(context)
    link = chrome.landmark("declaration") if chrome else None
    return chrome.request.build_absolute_uri(link.url) if chrome and link else ""


@dataclass(frozen=True)
class DrawnLink:
    """A link of the settings, its address resolved."""

    title: str
    url: str
    icon: str = ""
    hint: str = ""


@dataclass(frozen=True)
class DrawnColumn:
    """A footer column."""

    title: str
    links: list[DrawnLink]


@register.simple_tag(takes_context=True)
def footer_columns(context: template.Context) -> list[DrawnColumn]:
    """The footer columns of the settings; pages in the reader's language, without further queries.

    Links into modules that are off on this site are left out, and columns nothing is left of.
    """
    chrome = _chrome(context)
    if chrome is None:
        return []
    columns = [
        DrawnColumn(
            _said(block["value"], "title", chrome.language),
            _drawn(_list(block["value"].get("links")), chrome),
        )
        for block in chrome.organisation.footer_columns.raw_data
    ]
    return [column for column in columns if column.links]


@register.simple_tag(takes_context=True)
def quick_actions(context: template.Context) -> list[DrawnLink]:
    """The tiles of the settings; pages in the reader's language, without further queries."""
    chrome = _chrome(context)
    return _drawn([block["value"] for block in chrome.theme.tiles.raw_data], chrome) if chrome else []


def _drawn(links: Iterable[dict[str, Any]], chrome: Chrome) -> list[DrawnLink]:
    """The links that lead somewhere: not to a page that is gone, nor to what no module offers here."""
    drawn = [_drawn_link(link, chrome) for link in links]
    open_ones = [link for link in drawn if link.url and link.url not in chrome.withheld]
    return [link for link in open_ones if leads_somewhere(chrome.request, link.url)]


def _drawn_link(link: dict[str, Any], chrome: Chrome) -> DrawnLink:
    page_id = link.get("page")
    typed = localised_path(str(link.get("address") or ""), chrome.language)
    url = chrome.address_of(page_id) if page_id else typed
    title, hint = _said(link, "title", chrome.language), _said(link, "hint", chrome.language)
    return DrawnLink(title, url, str(link.get("icon") or ""), hint)


def _said(value: dict[str, Any], name: str, language: str) -> str:
    english = value.get(f"{name}_en") if language == "en" else ""
    return str(english or value.get(name) or "")


def _list(stored: Any) -> list[dict[str, Any]]:
    """The values of a stored list block, whose items are wrapped since Wagtail 2.16."""
    return [item["value"] if "value" in item and "type" in item else item for item in stored or []]


@register.simple_tag(takes_context=True)
def landmark(context: template.Context, name: str) -> MenuLink | None:
    """The page of this language that is the site's `name`."""
    chrome = _chrome(context)
    return chrome.landmark(name) if chrome else None


@dataclass(frozen=True)
class Alternate:
    """This page in one language."""

    code: str
    url: str


@register.simple_tag(takes_context=True)
def hreflang(context: template.Context) -> list[Alternate]:
    """This page in every language it exists in, the default language also as "x-default"."""
    chrome = _chrome(context)
    addresses = chrome.language_addresses() if chrome else {}
    if chrome is None or len(addresses) < 2:
        return []
    links = [Alternate(code, chrome.request.build_absolute_uri(url)) for code, url in addresses.items()]
    default = next((link for link in links if link.code == settings.LANGUAGE_CODE), None)
    return [*links, Alternate("x-default", default.url)] if default else links


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> str:
    """The one absolute address of this page, without query; "" outside the tree."""
    chrome = _chrome(context)
    if chrome is None or chrome.page is None:
        return ""
    path = chrome.language_addresses().get(chrome.language, "")
    return chrome.request.build_absolute_uri(path) if path else ""


@register.simple_tag(takes_context=True)
def help_url(context: template.Context, topic: str) -> str:
    """Address of the help page of a topic in the active language; "" when nobody wrote one."""
    request = context.get("request")
    return help_pages.help_url(request, topic) if request is not None and topic else ""


@register.simple_tag(takes_context=True)
def link_to(context: template.Context, link: LinkValue) -> str:
    """Address of a link block inside a body; "" when its page is not public or its module is off."""
    chrome = _chrome(context)
    page = link.get("page")
    if page is None:
        typed = localised_path(str(link.get("address") or ""), chrome.language if chrome else "pl")
        return typed if chrome is None or leads_somewhere(chrome.request, typed) else ""
    if not page.live:
        return ""
    return str(page.get_url(context.get("request")) or "")


@register.simple_tag(takes_context=True)
def site_part(context: template.Context, name: str) -> SafeString:
    """A part that is the same on all pages of a site and language, drawn once after each publication.

    Its template may use theme, organisation and the frame's links, but neither the page nor the request.
    """
    chrome = _chrome(context)

    def drawn() -> SafeString:
        return eb.draw(context, name)

    if chrome is None:
        return drawn()
    return kept(("part", name, chrome.site.pk, chrome.language, get_language(), get_script_prefix()), drawn)


@register.simple_tag(takes_context=True)
def stream(context: template.Context, value: StreamValue | None) -> SafeString:
    """The insets of a body, each in its own block, those of switched-off modules left out."""
    if not value:
        return SafeString("")
    drawn = [child.render(context=context.flatten()) for child in value]
    return SafeString("\n".join(part for part in drawn if part and not str(part).isspace()))


@dataclass(frozen=True)
class OutageWords:
    """An outage as two lines of a list."""

    title: str
    meta: str


@register.simple_tag
def outage_words(outage: Outage) -> OutageWords:
    """The two lines of an outage in the active language; asks no database."""
    return OutageWords(presentation.headline(outage), presentation.row_meta(outage, timezone.now()))


@register.filter
def document_meta(document: Any) -> str:
    """Kind and size of a file: "PDF, 180 KB"."""
    size = eb.file_size(document.file_size) if document.file_size else ""
    return ", ".join(filter(None, (document.file_extension.upper(), size)))


_UNSAFE_IN_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def ld_json(facts: dict[str, Any]) -> SafeString:
    """Facts for machines (schema.org) as a data block.

    A block of this type is data: the browser never runs it, so our policy against inline scripts
    does not apply to it (HTML standard, "prepare the script element").
    """
    text = json.dumps(facts, ensure_ascii=False, cls=DjangoJSONEncoder).translate(_UNSAFE_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped above)


@register.filter
def table_column(table: Any, place: int) -> Any:
    """The column of a typed table at this place, for the heading beside a cell."""
    return table.columns[place]

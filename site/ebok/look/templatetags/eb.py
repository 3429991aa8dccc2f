"""The tag library `eb`: icons, money, Polish dates, hard spaces, form parts, language links.

{% icon "phone" %}  {% icon "phone" size="s" %}
{% money invoice.gross %}          412,55 zł, with hard spaces and a real minus
{{ day|day_month }}                14 maja
{{ day|day_year }}                 14 maja 2026
{{ day|day_short }}                14.05.2026
{{ moment|hour }}                  16:30
{{ moment|day_hour }}              14 maja, 6:00
{{ moment|relative_day }}          dziś, jutro, wczoraj, else 14 maja
{{ title|hard_spaces }}            ties "i", "w", "ul." to the next word
{{ size|file_size }}               180 KB
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page as PaginatorPage
from django.forms import BaseForm
from django.forms.boundfield import BoundField, BoundWidget
from django.template.defaultfilters import stringfilter
from django.urls import translate_url
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from wagtail.models import Page

from ebok.look import dates, icons
from ebok.look import forms as look_forms
from ebok.look.models import phone_href

register = template.Library()

HARD = "\u00a0"
MINUS = "\u2212"


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon, decoration only: the words beside it must say the same."""
    return mark_safe(icons.svg(str(name), size))  # noqa: S308 (our own files)


@register.simple_tag
def all_icons() -> list[str]:
    """Names of the icons that come with the look; for the style page."""
    return icons.names()


# Numbers ----------------------------------------------------------------------------------


@register.simple_tag
def money(value: Any) -> SafeString:
    """An amount in złoty as "412,55 zł"; "–" when there is none."""
    return format_html('<span class="eb-money">{}</span>', money_text(value))


@register.filter
def money_text(value: Any) -> str:
    """The same without markup, for mail and labels."""
    text = decimal(value, 2)
    return f"{text}{HARD}zł" if text != "–" else text


@register.filter
def nrb(value: Any) -> str:
    """An account number in groups people can read out: "12 9999 0000 1234 …"; "" for none."""
    digits = "".join(str(value or "").split())
    return " ".join([digits[:2], *(digits[place : place + 4] for place in range(2, len(digits), 4))]).strip()


@register.filter
def price(value: Any) -> str:
    """A price of one unit: at least two decimals, and no more than it has ("5,10", "0,03825")."""
    exact = Decimal(str(value)).normalize()
    exponent = exact.as_tuple().exponent
    return decimal(value, max(2, -exponent if isinstance(exponent, int) else 2))


@register.filter
def decimal(value: Any, places: int = 2) -> str:
    """A number in the language's notation, thousands apart by a hard space, with a real minus."""
    try:
        number = Decimal(str(value))
        if not number.is_finite():
            return "–"
        number = round(number, int(places))
    except (InvalidOperation, ValueError):
        return "–"
    separator = formats.get_format("DECIMAL_SEPARATOR")
    written = f"{abs(number):,.{int(places)}f}"
    whole, _dot, fraction = written.partition(".")
    whole = whole.replace(",", HARD)
    sign = MINUS if number < 0 else ""
    return f"{sign}{whole}{separator}{fraction}" if fraction else f"{sign}{whole}"


@register.filter
def file_size(value: Any) -> str:
    """A size in bytes as "180 KB" or "1,4 MB"; empty for what is no number."""
    try:
        size = int(value)
    except (TypeError, ValueError):
        return ""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}{HARD}KB"
    return f"{decimal(Decimal(size) / (1024 * 1024), 1)}{HARD}MB"


# Dates ------------------------------------------------------------------------------------


@register.filter
def day_month(value: Any) -> str:
    """ "14 maja"."""
    return _dated(value, formats.get_format("MONTH_DAY_FORMAT"))


@register.filter
def day_year(value: Any) -> str:
    """ "14 maja 2026"."""
    return _dated(value, formats.get_format("DATE_FORMAT"))


@register.filter
def day_short(value: Any) -> str:
    """ "14.05.2026", for tables."""
    return _dated(value, "d.m.Y")


@register.filter
def month_name(value: Any) -> str:
    """The month of a date leaf as it follows a day: "maja", long ones shortened: "lis", "Nov"."""
    name = _dated(value, "E")
    if len(name) <= 5:
        return name
    # English writes months with a capital, Polish does not; Django's two formats are one of each.
    return _dated(value, "b" if get_language() == "pl" else "M")


@register.filter
def day_number(value: Any) -> str:
    """The day of the month alone: "14"; for date leaves."""
    return _dated(value, "j")


@register.filter
def weekday(value: Any) -> str:
    """ "czwartek"."""
    return _dated(value, "l")


@register.filter
def hour(value: Any) -> str:
    """ "16:30" of a moment, local time."""
    return _dated(value, "G:i") if isinstance(value, datetime) else ""


@register.filter
def day_hour(value: Any) -> str:
    """ "14 maja, 6:00"."""
    return f"{day_month(value)}, {hour(value)}" if isinstance(value, datetime) else day_month(value)


@register.filter
def relative_day(value: Any) -> str:
    """ "dziś", "jutro", "wczoraj", else "14 maja"."""
    local = _local(value)
    if local is None:
        return ""
    day = local.date() if isinstance(local, datetime) else local
    today = timezone.localdate()
    near = {
        today: _("today"),
        today + timedelta(days=1): _("tomorrow"),
        today - timedelta(days=1): _("yesterday"),
    }
    return near.get(day) or day_month(local)


@register.filter
def iso(value: Any) -> str:
    """The machine form for `<time datetime>`: "2026-05-14" or "2026-05-14T16:30"."""
    local = _local(value)
    if isinstance(local, datetime):
        return local.strftime("%Y-%m-%dT%H:%M")
    return local.isoformat() if local else ""


def _local(value: Any) -> date | datetime | None:
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value if isinstance(value, date) else None


def _dated(value: Any, pattern: str) -> str:
    local = _local(value)
    return dates.written(local, pattern).replace(" ", HARD) if local else ""


# Words ------------------------------------------------------------------------------------

SHORT_WORD = re.compile(r"(?:(?<=[\s(„>\u00a0])|\A)([aiouwzAIOUWZ]|ul\.|al\.|os\.|pl\.|nr|ok\.|m\.) (?=\S)")


@register.filter(is_safe=True)
@stringfilter
def hard_spaces(value: str) -> str:
    """Tie one-letter words and abbreviations to what follows, so that no line ends with them."""
    return _tied(value)


@lru_cache(maxsize=2048)
def _tied(text: str) -> str:
    return SHORT_WORD.sub(rf"\1{HARD}", text)


@register.filter
def tel(value: Any) -> str:
    """A telephone number as a `tel:` address."""
    return phone_href(str(value or ""))


# Order matters: every browser also claims to be the ones below it.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser_name(user_agent: Any) -> str:
    """A browser and its system in two words, "Firefox, Android"; empty when it does not say."""
    text = str(user_agent or "")
    found = [next((name for mark, name in marks if mark in text), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))


@register.filter
def initials(value: Any) -> str:
    """The first letters of the first and the last word: "AK"."""
    words = str(value or "").replace("@", " ").split()
    return "".join(word[0].upper() for word in dict.fromkeys(words[:1] + words[-1:])) if words else ""


@register.filter
def html_id(value: Any) -> str:
    """A text as a part of an id: letters, digits, hyphens."""
    return get_valid_filename(str(value) or "x").replace(".", "-").lower()


# Forms ------------------------------------------------------------------------------------


@register.filter
def field_kind(bound: BoundField) -> str:
    """How `forms/field.html` draws this field."""
    return look_forms.kind(bound)


@register.filter
def widget(bound: BoundField) -> SafeString:
    """The field's widget alone, in our classes."""
    return look_forms.drawn(bound)


@register.filter
def first_id(bound: BoundField) -> str:
    """Where a link in the error summary leads."""
    return look_forms.first_id(bound)


@register.filter
def fields_with_errors(form: BaseForm) -> list[BoundField]:
    """Visible fields that were refused, in the order of the form."""
    return [bound for bound in form.visible_fields() if bound.errors]


@register.filter
def error_count(form: BaseForm) -> int:
    """How many things have to be corrected."""
    hidden = sum(len(bound.errors) for bound in form.hidden_fields())
    return len(form.non_field_errors()) + hidden + len(fields_with_errors(form))


@register.filter
def option_input(option: BoundWidget, name: str) -> SafeString:
    """The input of one radio button or box of a group, in our classes."""
    return look_forms.option_input(option, name)


# Components -------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def draw(
    context: template.Context, name: str, mapping: Mapping[str, Any] | None = None, **extra: Any
) -> SafeString:
    """A template drawn in the current context with a mapping of variables on top: a dashboard card."""
    with context.push(**extra):
        context.update(dict(mapping or {}))
        try:
            assert context.template is not None
            return context.template.engine.get_template(name).render(context)
        finally:
            context.pop()


@register.filter
def map_points(points: Iterable[Any]) -> str:
    """Points of a map as JSON for `data-points`; those without a place are left to the list."""
    placed = [
        {
            "number": point["number"],
            "title": str(point["title"]),
            "lat": float(point["lat"]),
            "lon": float(point["lon"]),
        }
        for point in points or []
        if point.get("lat") is not None and point.get("lon") is not None
    ]
    return json.dumps(placed, ensure_ascii=False) if placed else ""


# Links ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language, or that language's front page."""

    code: str
    name: str
    url: str


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[LanguageLink]:
    """Links to the other languages of the site, each named in its own language."""
    request = context.get("request")
    if request is None:
        return []
    others = [code for code, _name in settings.LANGUAGES if code != get_language()]
    translations = _page_translations(context.get("page"), request)
    links = []
    for code in others:
        url = translations.get(code) or _translated_address(request.path, code)
        links.append(LanguageLink(code, get_language_info(code)["name_local"].capitalize(), url))
    return links


def _page_translations(page: Any, request: Any) -> dict[str, str]:
    if hasattr(page, "language_addresses"):  # our page types know them without a query of their own
        known: dict[str, str] = page.language_addresses(request)
        return known
    if not isinstance(page, Page) or not page.pk:
        return {}
    live = page.get_translations().live().select_related("locale")
    return {other.locale.language_code: other.get_url(request) or "" for other in live}


@register.simple_tag
def home_address() -> str:
    """The front page in the reader's language."""
    return _home(get_language() or settings.LANGUAGE_CODE)


def _translated_address(path: str, code: str) -> str:
    """The address in another language; its front page where the address has no other language."""
    translated = translate_url(path, code)
    return translated if translated != path else _home(code)


def _home(code: str) -> str:
    return f"/{code}/" if code != settings.LANGUAGE_CODE and code in dict(settings.LANGUAGES) else "/"


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, **changes: Any) -> str:
    """The current query string with some values changed; None removes one. For paging and sorting."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return ""
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, param: str, number: int) -> str:
    """The current query string with another page number."""
    return page_query(context, **{param: number})


@register.filter
def short_range(page: PaginatorPage[Any]) -> Iterable[int | str]:
    """Page numbers to show: the ends and the neighbours, "…" between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)

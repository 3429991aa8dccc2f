"""The small frozen declarations a plugin hands over, one class for each kind.

They are checked when the registry collects them, so a wrong declaration stops the start
with a sentence, and not a customer in the middle of a page.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise as Text
    from wagtail.blocks import Block
    from wagtail.models import Site


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A place with a door: one shell, one navigation, one rule about who may enter.

    `key` is the outer URL namespace; `path` begins without a slash and ends with one.
    `may_enter` is asked after sign-in; a person it refuses sees 404, not 403, so that
    nobody learns which zones exist. A zone `for_staff` asks for a second step of signing in.
    """

    key: str
    path: str
    title: Text
    base_template: str
    may_enter: Callable[[HttpRequest], bool]
    for_staff: bool = False


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry of a zone's navigation.

    `view` is the view name inside the plugin's namespace ("history"), so the full name is
    `<zone>:<plugin>:<view>`. `icon` names a file of `templates/icons/`. `order` sorts
    within the zone (lower first); the first four items become tabs on a phone.
    `permission` hides the item from people without it; the view itself must check too.
    `badge` returns a number to show beside the title, or None. `scopes` hides an entry of the client
    zone from people who hold none of them for the current customer (`ebok.customers.models.Scope`);
    `unless` hides it from people who hold any of them. `offered` says whether the page is there at all on
    this site, for one that a setting opens; it costs a query where it is asked.
    """

    zone: str
    view: str
    title: Text
    icon: str = "page"
    order: int = 100
    permission: str | None = None
    badge: Callable[[HttpRequest], int | None] | None = None
    scopes: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    offered: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """The page of a zone about one row of the mirror, so that everybody's lists can lead to it.

    `model` is "app_label.ModelName"; `view` is the view's name inside the plugin's namespace of that zone and
    takes `pk`. The link is left out for people who hold none of `scopes` for the current customer or lack
    `permission`; the view itself must check too. See `ebok.zones.records`.
    """

    zone: str
    model: str
    view: str
    scopes: tuple[str, ...] = ()
    permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class DashboardCard:
    """A card of a zone's dashboard.

    `context` is called once for a request and returns the template's variables, or None
    to leave the card out. `width` is a number of 12 columns. All cards of one dashboard
    together may use at most six queries; `queries` states how many this one needs, and a
    contract test holds it to that number with 1 and with 30 items. Cards of the same word in `shares` ask
    one of their queries together: the first that is drawn keeps the answer on the request. `kept` says that
    in operation the queries are sent once after a publication (`ebok.pagecache.kept`), not for each page.
    `scopes` leaves a card of the client zone out for people who hold none of them for the current customer.
    """

    zone: str
    key: str
    title: Text
    template: str
    context: Callable[[HttpRequest], Mapping[str, Any] | None]
    order: int = 100
    width: int = 6
    queries: int = 0
    permission: str | None = None
    shares: str = ""
    kept: bool = False
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CustomerSection:
    """A card on the employees' page of one customer (`customer_sections.py`), below what the core knows.

    `context` is called with the request and the customer and returns the template's variables, or None
    to leave the section out; it sends at most `queries` queries, however many things there are. `width` is
    a number of 12 columns.
    """

    key: str
    title: Text
    template: str
    context: Callable[[HttpRequest, Any], Mapping[str, Any] | None]
    permission: str
    order: int = 100
    width: int = 6
    queries: int = 1


@dataclass(frozen=True, kw_only=True)
class Permission:
    """Something a person may do, named `<plugin>.<name>` (for example `e_dokument.handle`).

    Asking for a permission nobody declared raises `UnknownPermission`. `granted_to` names groups
    that get it when it is first stored, so that a new module is usable at once; what an
    administrator changes afterwards is left alone.
    """

    name: str
    title: Text
    granted_to: tuple[str, ...] = ("Administrators",)


class Erasure(enum.StrEnum):
    """What happens to the personal part of an event when a person asks to be forgotten."""

    ERASE_DETAIL = "erase-detail"
    """The detail row (text as it read, address, device) is deleted; the event stays."""
    KEEP = "keep"
    """A legal duty or the defence of claims requires the detail; it falls to retention."""
    NO_PERSONAL_DATA = "no-personal-data"
    """The event never carries personal data."""


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """A kind of journal event, named `<plugin or room>.<what happened>`.

    `title` is shown in lists and filters. `erasure` has no default: somebody must decide.
    `retention` is how long the detail is kept; None means as long as the event itself.
    `visible_to_customer` lets the customer see the event in the part about themselves.
    """

    key: str
    title: Text
    erasure: Erasure
    retention: timedelta | None = None
    visible_to_customer: bool = True


class StatusLight(enum.StrEnum):
    """A traffic light that always comes with words."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class StatusReport:
    """What a status check found: a light, a sentence, and where to mend it (a URL)."""

    light: StatusLight
    sentence: Text
    mend_url: str = ""


@dataclass(frozen=True, kw_only=True)
class StatusCheck:
    """A check shown on the status board and asked by the health page.

    `run` gets the site and returns a `StatusReport`; an exception becomes a red light
    with the exception's class, never a broken board.
    """

    key: str
    title: Text
    run: Callable[[Site], StatusReport]


@dataclass(frozen=True, kw_only=True)
class PeriodicTask:
    """Work that the minute timer starts when it is due.

    `run` is called with no argument, or with the `Site` when `per_site` is true, and
    returns a short sentence for the status board or None. It must be idempotent: after a
    crash it runs again. `when_disabled` keeps it running on sites where its plugin is off.
    """

    key: str
    title: Text
    run: Callable[..., str | None]
    every: timedelta
    per_site: bool = False
    when_disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting a plugin needs before it can be enabled, reported when it is missing."""

    name: str
    title: Text
    edit_url: str


@dataclass(frozen=True, kw_only=True)
class Inset:
    """An inset ("wstawka"): a StreamField block a plugin brings to public pages.

    `name` is stored in page content as `<plugin>.<name>` and must never change. `block`
    is called once at start-up and returns the Wagtail block.
    """

    name: str
    block: Callable[[], Block]
    group: Text = field(default="")


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """One thing the site search found: plain text, and an address in the active language.

    `language` is the code of the title's language where it may differ from the reader's.
    """

    title: str
    url: str
    lead: str = ""
    kind: str = ""
    day: date | None = None
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """Something the site search looks through beside the pages: a group of its own in the results.

    `find` is called with the site, what was typed (2 to 100 characters, no control characters)
    and the most hits wanted, best first; it hands over only what everybody may read, in at most
    one query. `more_view` names a view of the plugin's public pages that shows all hits for `?q=`.
    `icon` names a file of `templates/icons/`.
    """

    key: str
    title: Text
    find: Callable[[Site, str, int], Sequence[SearchHit]]
    more_view: str = ""
    icon: str = "page"
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class SitemapEntry:
    """One public page of a plugin: the view's name inside the plugin's public namespace ("detail").

    It is listed in every language the portal has, since public addresses of plugins have them all.
    `changed` is when its content last changed.
    """

    view: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    changed: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SitemapSource:
    """Public pages of a plugin for sitemap.xml.

    `entries` is called with the site and hands over only what everybody may read, in at most one
    query. Pages in the public menu (`NavItem(zone="public", …)`) are listed without it.
    """

    key: str
    entries: Callable[[Site], Iterable[SitemapEntry]]

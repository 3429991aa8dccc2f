"""What all screens of the exchange share: the door, the crumbs, paging by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ebok.accounts.models import User
from ebok.plugins.permissions import allowed

Row = TypeVar("Row", bound=models.Model)
PAGE = 50
RIGHTS = ("exchange.view", "exchange.upload", "exchange.approve", "exchange.decide")


def may_look(user: Any) -> bool:
    """Whether this person may open the screens; who may act may also look."""
    return any(allowed(user, right) for right in RIGHTS)


class ExchangeScreen(WagtailAdminTemplateMixin, View):
    """Only for people with a right of the exchange; never kept by a cache.

    `needed` is the right that a POST needs, or every request when `always_needed`.
    """

    header_icon = "resubmit"
    needed = "exchange.view"
    always_needed = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse people without the right."""
        acts = request.method not in ("GET", "HEAD", "OPTIONS")
        may = allowed(request.user, self.needed) if acts or self.always_needed else may_look(request.user)
        if not may:
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    @property
    def person(self) -> User:
        """Who acts; `dispatch` has seen to it that somebody is signed in."""
        user = self.request.user
        if not isinstance(user, User):
            raise PermissionDenied
        return user

    def crumbs(self) -> list[tuple[str, str]]:
        """What lies between home and here, as addresses and titles."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then the way, then here."""
        way = [{"url": url, "label": label} for url, label in self.crumbs()]
        return [*self.breadcrumbs_items, *way, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this person may do."""
        user = self.request.user
        rights = {right.partition(".")[2]: allowed(user, right) for right in RIGHTS}
        context: dict[str, Any] = super().get_context_data(may=rights, **kwargs)
        return context


def deliveries_crumb() -> tuple[str, str]:
    """The list of deliveries."""
    return reverse("ebok_exchange"), _("Deliveries")


def batches_crumb() -> tuple[str, str]:
    """The list of exported batches."""
    return reverse("ebok_exchange_batches"), _("Exported batches")


@dataclass(frozen=True)
class KeyPage:
    """One page of a list that is paged by primary key."""

    rows: list[Any]
    before: str
    after: str


def number(text: str) -> int | None:
    """A primary key typed into an address; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def key_page(
    query: models.QuerySet[Row],
    request: HttpRequest,
    kept: dict[str, str],
    *,
    descending: bool,
    size: int = PAGE,
) -> KeyPage:
    """The page that `?po=` (rows after that key) or `?przed=` (rows before it) asks for.

    `kept` are the filters that links to other pages carry on. One query, whatever the length of the list.
    """
    after, before = number(request.GET.get("po", "")), number(request.GET.get("przed", ""))
    backwards = before is not None and after is None
    place = before if backwards else after
    falling = descending != backwards
    if place is not None:
        query = query.filter(pk__lt=place) if falling else query.filter(pk__gt=place)
    rows = list(query.order_by("-pk" if falling else "pk")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_after = more if not backwards else bool(rows)
    has_before = more if backwards else place is not None and bool(rows)
    return KeyPage(
        rows,
        _link({**kept, "przed": str(rows[0].pk)}) if has_before else "",
        _link({**kept, "po": str(rows[-1].pk)}) if has_after and rows else "",
    )


def _link(parameters: dict[str, str]) -> str:
    return f"?{urlencode({name: value for name, value in parameters.items() if value})}"

"""Dashboard cards: what waits for an employee, and documents for a client."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.pagecache.kept import kept
from ebok.ports import DashboardCard
from ebok_plugins.e_dokument import queries

ROWS = 5


def waiting_applications(request: HttpRequest) -> Mapping[str, Any] | None:
    """The newest applications nobody has finished."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    rows = queries.filtered(queries.applications(site), state="open")[:ROWS]
    return {"rows": list(rows), "all_url": reverse("employee:e_dokument:queue")}


def documents(request: HttpRequest) -> Mapping[str, Any] | None:
    """A few documents to download or fill in; no card when there is none."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    # Public documents, the same for everyone; the day decides which are in force.
    key = ("documents card", site.pk, timezone.localdate(), get_language())
    rows = kept(key, lambda: list(queries.published(site)[:ROWS]))
    return {"rows": rows, "all_url": reverse("public:e_dokument:list")} if rows else None


cards = [
    DashboardCard(
        zone="employee",
        key="applications",
        title=_("Applications"),
        template="e_dokument/cards/applications.html",
        context=waiting_applications,
        order=40,
        queries=1,
        permission="e_dokument.handle",
    ),
    DashboardCard(
        zone="client",
        key="documents",
        title=_("Documents"),
        template="e_dokument/cards/documents.html",
        context=documents,
        order=90,
        queries=1,
        kept=True,
    ),
]

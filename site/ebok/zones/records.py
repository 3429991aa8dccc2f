"""Links from one plugin's lists to another plugin's page about a row: plugins do not know each other."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.permissions import allowed
from ebok.plugins.registry import registry
from ebok.zones.acting import within_scopes


class RecordLinks:
    """Addresses of rows of one model in one zone, for the person who asks; decided once for all rows.

    `of(pk)` is "" where no module that is on has such a page, or this person may not see it.
    """

    def __init__(self, request: HttpRequest, zone: str, model: type[Model]) -> None:
        self._view = _view(request, zone, model._meta.label)

    def __bool__(self) -> bool:
        return bool(self._view)

    def of(self, pk: int | None) -> str:
        """The address of the row's page, or ""."""
        return reverse(self._view, kwargs={"pk": pk}) if self._view and pk is not None else ""


def _view(request: HttpRequest, zone: str, label: str) -> str:
    pages = registry.contributions("record_pages")
    for owner, page in pages:
        if (
            (page.zone, page.model) == (zone, label)
            and owner.key in EnabledPlugins.of(request)
            and within_scopes(request, page.scopes)
            and (page.permission is None or allowed(request.user, page.permission))
        ):
            return f"{zone}:{owner.key}:{page.view}"
    return ""

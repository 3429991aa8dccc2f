"""Cards of the dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.ports import DashboardCard
from ebok_sample_noticeboard.models import Notice

SHOWN = 3


def number_of_mine(request: HttpRequest) -> int | None:
    """How many notices the person has; nothing for none."""
    return Notice.objects.filter(owner_id=request.user.pk).count() or None


def newest_of_mine(request: HttpRequest) -> Mapping[str, Any] | None:
    """The newest own notices; no card without any."""
    notices = list(Notice.objects.filter(owner_id=request.user.pk)[:SHOWN])
    return {"notices": notices} if notices else None


cards = [
    DashboardCard(
        zone="client",
        key="newest",
        title=_("My notices"),
        template="noticeboard/card.html",
        context=newest_of_mine,
        queries=1,
    )
]

"""Periodic work of the pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.ports import PeriodicTask
from page_types import portal_status


def renew_portal_status(site: Site) -> str | None:
    """Ask all checks and keep the answer for the public page."""
    return portal_status.renew(site).sentence


tasks = [
    PeriodicTask(
        key="page_types.portal_status",
        title=_("State of the portal for the public page"),
        run=renew_portal_status,
        every=timedelta(minutes=1),
        per_site=True,
    )
]

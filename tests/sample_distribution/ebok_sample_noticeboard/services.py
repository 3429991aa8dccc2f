"""Writes: one function, one transaction, one event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.journal.services import record
from ebok_sample_noticeboard.models import Notice

KEPT_AFTER_TAKING_DOWN = timedelta(days=365)


def pin_notice(*, site: Site, title: str, text: str, owner: Any = None, is_public: bool = False) -> Notice:
    """Pin a notice to the site's board."""
    with transaction.atomic():
        notice = Notice.objects.create(site=site, owner=owner, title=title, text=text, is_public=is_public)
        record(
            "noticeboard.pinned",
            text=_("Notice “%(title)s” was pinned.") % {"title": title},
            actor=owner,
            site=site,
            obj=notice,
        )
    return notice


def take_down(*, notice: Notice, actor: Any) -> None:
    """Take a notice down; a second time changes nothing."""
    with transaction.atomic():
        changed = Notice.objects.filter(pk=notice.pk, taken_down_at=None).update(taken_down_at=timezone.now())
        if changed:
            record(
                "noticeboard.taken_down",
                text=_("Notice “%(title)s” was taken down.") % {"title": notice.title},
                actor=actor,
                site=notice.site,
                obj=notice,
            )


def tidy(site: Site) -> str:
    """Remove what was taken down more than a year ago."""
    limit = timezone.now() - KEPT_AFTER_TAKING_DOWN
    removed, _kinds = Notice.objects.filter(site=site, taken_down_at__lt=limit).delete()
    return _("Notices removed: %(number)d.") % {"number": removed}

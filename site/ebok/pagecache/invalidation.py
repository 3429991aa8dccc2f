"""Which changes put kept public pages out of date."""

from __future__ import annotations

import functools
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Collection, Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from ebok.pagecache.generation import bump
from ebok.plugins.signals import module_switched

_RECORDS: tuple[type[Model], ...] = (
    BaseSiteSetting,
    BaseGenericSetting,
    AbstractDocument,
    AbstractImage,
    Collection,
    Redirect,
    Site,
)
"""Records without drafts that public pages show: a save of one is a publication."""


def connect() -> None:
    """Listen to everything that changes what a public page says."""
    for signal in (page_published, published, page_slug_changed, post_page_move):
        signal.connect(content_changed, dispatch_uid="ebok-pagecache-changed")
    for signal in (page_unpublished, unpublished, module_switched):
        signal.connect(content_withdrawn, dispatch_uid="ebok-pagecache-withdrawn")
    post_save.connect(record_saved, dispatch_uid="ebok-pagecache-saved")
    post_delete.connect(record_deleted, dispatch_uid="ebok-pagecache-deleted")


def content_changed(**_said: Any) -> None:
    """Something was published: old copies may be shown while the new ones are rendered."""
    transaction.on_commit(bump)


def content_withdrawn(**_said: Any) -> None:
    """Something must not be seen any more, in no process, from the next request on."""
    transaction.on_commit(functools.partial(bump, hard=True))


def record_saved(sender: type[Model], raw: bool = False, **_said: Any) -> None:
    """A setting, picture, document, redirect or site was saved."""
    if raw:
        return
    if issubclass(sender, PageViewRestriction):
        content_withdrawn()
    elif issubclass(sender, _RECORDS):
        content_changed()


def record_deleted(sender: type[Model], **_said: Any) -> None:
    """One of those, or a page, was deleted."""
    if issubclass(sender, (*_RECORDS, Page)):
        content_withdrawn()

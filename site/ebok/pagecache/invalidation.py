"""What puts public pages out of date: publishing, withdrawing, settings, switching a module.

Every change raises the generation when its transaction commits, never before. A publication is
soft: the old page may be shown for the moment of rendering. What must not be seen any more (a
withdrawn page, a new restriction, a module switched off) is hard.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import DraftStateMixin, Locale, Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)
from wagtail.snippets.models import get_snippet_models

from ebok.pagecache.generation import bump
from ebok.plugins.signals import module_switched

_UID = "ebok.pagecache"
_SHOWN = (BaseSiteSetting, BaseGenericSetting, AbstractImage, AbstractDocument, Site, Locale, Redirect)
_GUARDS = (PageViewRestriction,)
# What saving a draft writes into the row that is published: nothing that a visitor could see.
_DRAFT_FIELDS = frozenset(
    {
        "draft_title",
        "expire_at",
        "expired",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
    }
)

_watched: set[type[models.Model]] = set()


def watch(*shown: type[models.Model]) -> None:
    """Have every saved or deleted row of these models put public pages out of date.

    For the records of a plugin that its public pages or insets show, and that are neither pages nor
    snippets nor site settings (those are watched anyway). Call it in the plugin's `ready()`.
    """
    _watched.update(shown)


def connect() -> None:
    """Listen to everything that changes public pages. Calling it again changes nothing."""
    for signal in (page_published, page_slug_changed, published):
        signal.connect(_shown_changed, dispatch_uid=_UID)
    for signal in (page_unpublished, post_page_move, unpublished, module_switched):
        signal.connect(_withdrawn, dispatch_uid=_UID)
    post_save.connect(_saved, dispatch_uid=_UID)
    post_delete.connect(_deleted, dispatch_uid=_UID)


def renew(*, hard: bool = False) -> None:
    """Raise the generation when the present transaction commits (at once outside of one)."""
    connection = transaction.get_connection()
    pending = _Renewal.of(connection)
    pending.hard = pending.hard or hard
    if not pending.waiting:
        pending.waiting = True
        # Robust: a page cache that cannot be told must not undo what was published. It is logged.
        transaction.on_commit(pending.run, robust=True)


class _Renewal:
    """One bump for all changes of a transaction: an import of a thousand streets renews pages once."""

    def __init__(self) -> None:
        self.waiting = False
        self.hard = False

    @classmethod
    def of(cls, connection: Any) -> _Renewal:
        """The renewal that waits for the commit of this connection's transaction.

        A transaction that was rolled back took its callbacks along, so the mark alone is not trusted.
        """
        pending = getattr(connection, "_ebok_renewal", None)
        callbacks: Iterable[Any] = connection.run_on_commit
        if pending is None or not any(entry[1] == pending.run for entry in callbacks):
            pending = connection._ebok_renewal = cls()
        return pending

    def run(self) -> None:
        """Raise the generation, and have the proxies in front forget the home pages."""
        hard, self.hard, self.waiting = self.hard, False, False
        bump(hard=hard)
        _purge_home_pages()


def _purge_home_pages() -> None:
    # Wagtail itself purges a page that was published. What every page may show (a menu, a banner,
    # a module) shows first on the home pages; the rest follows when the proxy's short lifetime ends.
    if not getattr(settings, "WAGTAILFRONTENDCACHE", None):
        return
    batch = PurgeBatch()
    for site in Site.objects.select_related("root_page"):
        batch.add_page(site.root_page)
    batch.purge()


def _shown_changed(**kwargs: Any) -> None:
    renew()


def _withdrawn(**kwargs: Any) -> None:
    renew(hard=True)


def _saved(
    sender: type[models.Model],
    instance: models.Model,
    created: bool = False,
    raw: bool = False,
    update_fields: Iterable[str] | None = None,
    **kwargs: Any,
) -> None:
    if raw:
        return
    if isinstance(instance, _GUARDS):
        renew(hard=True)
    elif _is_shown(sender) and not _is_draft(instance, update_fields):
        renew()


def _deleted(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if isinstance(instance, (*_GUARDS, Page)) or _is_shown(sender):
        renew(hard=True)


def _is_shown(model: type[models.Model]) -> bool:
    return issubclass(model, _SHOWN) or model in _watched or model in get_snippet_models()


def _is_draft(instance: models.Model, update_fields: Iterable[str] | None) -> bool:
    """Whether only a draft was saved: nothing that is shown now has changed."""
    if not isinstance(instance, DraftStateMixin):
        return False
    return not instance.live or (update_fields is not None and set(update_fields) <= _DRAFT_FIELDS)

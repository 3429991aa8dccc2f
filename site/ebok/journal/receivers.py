"""Listens to Wagtail's own log and to the switchboard, and records what happens there.

Wagtail writes a log entry for whatever is done to pages, snippets, settings, documents, images and
other records of its admin, in the transaction of the change, whether by an editor, a script or the
clock. One receiver on those entries misses less than one on each signal.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.signals import post_save
from django.utils.translation import gettext as _
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Page, PageLogEntry, Site
from wagtail.models.audit_log import BaseLogEntry

from ebok.journal.origin import current_request
from ebok.journal.services import record
from ebok.plugins.contract import PluginConfig
from ebok.plugins.signals import module_switched

CLOCK = "zegar"
"""Who did what nobody did: scheduled publishing and expiry."""
PORTAL = "portal"
"""Who did what a command or a script did."""

_STEPS = {
    "wagtail.create": "created",
    "wagtail.copy": "created",
    "wagtail.copy_for_translation": "created",
    "wagtail.create_alias": "created",
    "wagtail.publish": "published",
    "wagtail.publish.scheduled": "published",
    "wagtail.unpublish": "unpublished",
    "wagtail.unpublish.scheduled": "unpublished",
    "wagtail.publish.schedule": "scheduled",
    "wagtail.schedule.cancel": "scheduled",
    "wagtail.move": "moved",
    "wagtail.reorder": "moved",
    "wagtail.delete": "deleted",
}
"""Wagtail's action to what it means here; every other action is a change."""

_FILE_KINDS = {"created": "file_uploaded", "deleted": "file_deleted"}


def connect() -> None:
    """Connect the receivers; called once when Django is ready."""
    post_save.connect(log_entry_written, dispatch_uid="ebok-journal-wagtail-log")
    module_switched.connect(switched, dispatch_uid="ebok-journal-modules")


def log_entry_written(sender: type[models.Model], instance: Any, created: bool, **_kwargs: Any) -> None:
    """Record what Wagtail has just logged. Talk between editors (comments) is no event."""
    if not (created and isinstance(instance, BaseLogEntry)):
        return
    if instance.action.startswith("wagtail.comments."):
        return
    model = instance.content_type.model_class() if instance.content_type else None
    record(
        f"journal.{kind_of(instance.action, model)}",
        text=sentence(instance, model),
        actor=instance.user or (CLOCK if instance.action.endswith(".scheduled") else _nobody()),
        site=_site_of(instance, model),
        # Only the identity is needed; the row itself may be gone already.
        obj=model(pk=instance.object_id) if model else None,
        payload={"action": instance.action, "title": instance.label},
    )


def switched(
    sender: object,
    site: Site,
    plugin: PluginConfig,
    enabled: bool,
    actor: models.Model | None,
    **_kwargs: Any,
) -> None:
    """Record that a module was switched on or off."""
    if enabled:
        words = _("Switched on the module “%(title)s” on the site %(site)s")
    else:
        words = _("Switched off the module “%(title)s” on the site %(site)s")
    record(
        "journal.module_switched",
        text=words % {"title": plugin.title, "site": site.site_name or site.hostname},
        actor=actor or _nobody(),
        site=site,
        obj=site,
        payload={"plugin": plugin.key, "enabled": enabled},
    )


def kind_of(action: str, model: type[models.Model] | None) -> str:
    """The name of the event kind (without "journal.") for one of Wagtail's log actions."""
    step = _STEPS.get(action, "changed")
    if model and issubclass(model, BaseSiteSetting | BaseGenericSetting):
        return "settings_changed"
    if model and issubclass(model, AbstractDocument | AbstractImage):
        return _FILE_KINDS.get(step, "file_changed")
    if action.startswith(("wagtail.workflow.", "wagtail.moderation.")):
        step = "workflow"
    if model and issubclass(model, Page):
        return f"page_{step}"
    return f"item_{'changed' if step == 'moved' else step}"


def sentence(entry: Any, model: type[models.Model] | None) -> str:
    """What happened, as a person reads it now."""
    words = {"type": model._meta.verbose_name if model else _("record"), "title": entry.label}
    text = {
        "created": _("Created: %(type)s “%(title)s”"),
        "published": _("Published: %(type)s “%(title)s”"),
        "unpublished": _("Unpublished: %(type)s “%(title)s”"),
        "scheduled": _("Scheduled: %(type)s “%(title)s”"),
        "moved": _("Moved: %(type)s “%(title)s”"),
        "deleted": _("Deleted: %(type)s “%(title)s”"),
        "changed": _("Changed: %(type)s “%(title)s”"),
    }[_STEPS.get(entry.action, "changed")] % words
    # Wagtail's own message tells more than the bare step: the dates, the old and the new place.
    return text if entry.action in _PLAIN else f"{text}. {_message_of(entry)}"


def _message_of(entry: Any) -> str:
    # Formatters expect the data as the database gives it back: dates as text.
    stored = copy.copy(entry)
    stored.data = json.loads(json.dumps(entry.data, cls=DjangoJSONEncoder))
    return str(stored.message)


_PLAIN = frozenset(
    f"wagtail.{action}"
    for action in (
        "create",
        "edit",
        "delete",
        "publish",
        "publish.scheduled",
        "unpublish",
        "unpublish.scheduled",
    )
)


def _nobody() -> str | None:
    # During a request the request's user acted; without one it was a command.
    return None if current_request.get() else PORTAL


def _site_of(entry: Any, model: type[models.Model] | None) -> Site | None:
    if isinstance(entry, PageLogEntry):
        return entry.page.get_site() if entry.page else None
    if model and issubclass(model, BaseSiteSetting):
        return Site.objects.filter(
            pk__in=model._default_manager.filter(pk=entry.object_id).values("site_id")
        ).first()
    return None

"""What this module does when somebody else does something: publishing keeps a document's history."""

from __future__ import annotations

from typing import Any

from wagtail.signals import published

from ebok.notifications.signals import message_changed
from ebok_plugins.e_dokument import telling
from ebok_plugins.e_dokument.models import DocumentTemplate
from ebok_plugins.e_dokument.services import remember_version


def connect() -> None:
    """Connect the receivers; called once when the app is ready."""
    message_changed.connect(told, dispatch_uid="e_dokument_told")
    published.connect(on_published, sender=DocumentTemplate, dispatch_uid="e_dokument_published")


def told(sender: Any, message: Any, state: str, **kwargs: Any) -> None:
    """Take over what became of a letter."""
    telling.message_changed(message, state)


def on_published(sender: type[DocumentTemplate], instance: DocumentTemplate, **kwargs: Any) -> None:
    """Keep the file that has just been published among the document's versions."""
    remember_version(instance)

"""What this module does when somebody else does something: publishing keeps a document's history."""

from __future__ import annotations

from typing import Any

from wagtail.signals import published

from ebok_plugins.e_dokument.models import DocumentTemplate
from ebok_plugins.e_dokument.services import remember_version


def connect() -> None:
    """Connect the receivers; called once when the app is ready."""
    published.connect(on_published, sender=DocumentTemplate, dispatch_uid="e_dokument_published")


def on_published(sender: type[DocumentTemplate], instance: DocumentTemplate, **kwargs: Any) -> None:
    """Keep the file that has just been published among the document's versions."""
    remember_version(instance)

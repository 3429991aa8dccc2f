"""Who listens to Wagtail's publishing signals."""

from wagtail.signals import published, unpublished

from snippets.outages.models import Outage
from snippets.outages.publishing import note_published, note_unpublished


def connect() -> None:
    """Connect the receivers; called once when Django is ready."""
    published.connect(note_published, sender=Outage, dispatch_uid="outages.note_published")
    unpublished.connect(note_unpublished, sender=Outage, dispatch_uid="outages.note_unpublished")

"""The journal as a Django app."""

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Journal(RoomConfig):
    """Keeps the guards in the database and listens to Wagtail and to the switchboard."""

    name = "ebok.journal"
    label = "journal"
    key = "journal"
    verbose_name = _("Event journal")

    def ready(self) -> None:
        """Connect what must run when Django is ready."""
        # All of them need loaded models.
        from ebok.journal import checks, guards, receivers  # noqa: PLC0415 (needs loaded models)

        checks.register_all()
        receivers.connect()
        post_migrate.connect(guards.restore_after_migrate, dispatch_uid="ebok-journal-guards")

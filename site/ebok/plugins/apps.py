"""The switchboard as a Django app."""

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Plugins(RoomConfig):
    """Registers the system checks and stores declared permissions after each migrate."""

    name = "ebok.plugins"
    label = "plugins"
    key = "plugins"
    verbose_name = _("Modules")

    def ready(self) -> None:
        """Connect what must run when Django is ready."""
        # Both need loaded models.
        from ebok.plugins import checks, permissions  # noqa: PLC0415 (needs loaded models)

        checks.register_all()
        post_migrate.connect(permissions.store_declared, sender=self, dispatch_uid="ebok-permissions")

"""The boiler room as a Django app."""

from django.apps import apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Operations(RoomConfig):
    """Runs what nobody clicks: the minute timer, the background worker, checks and health."""

    name = "ebok.operations"
    label = "operations"
    key = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        """Have published changes put cached public pages out of date, and rights given out."""
        from ebok.operations import content_rights  # noqa: PLC0415 (needs loaded models)
        from ebok.pagecache import invalidation  # noqa: PLC0415 (needs loaded models)

        invalidation.connect()
        *_others, last = apps.get_app_configs()
        post_migrate.connect(
            content_rights.offer_after_migrate, sender=last, dispatch_uid="ebok-content-rights"
        )

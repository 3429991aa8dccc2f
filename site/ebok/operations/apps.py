"""The boiler room as a Django app."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Operations(RoomConfig):
    """Runs what nobody clicks: the minute timer, the background worker, checks and health."""

    name = "ebok.operations"
    label = "operations"
    key = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        """Have published changes put cached public pages out of date."""
        from ebok.pagecache import invalidation  # noqa: PLC0415 (needs loaded models)

        invalidation.connect()

"""The snippets as a Django app."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Snippets(RoomConfig):
    """Reusable content that editors keep outside pages: outages, streets, insets."""

    name = "snippets"
    label = "snippets"
    key = "snippets"
    verbose_name = _("Reusable content")

    def ready(self) -> None:
        """Connect what must hear of every publication, whoever publishes."""
        from snippets.outages import receivers  # noqa: PLC0415 (needs loaded models)

        receivers.connect()

"""The room of the messages."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Notifications(RoomConfig):
    """The outbox and the channels behind it."""

    name = "ebok.notifications"
    label = "notifications"
    key = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Register the system checks of declared kinds; hear of erased people, and of letters to write."""
        from ebok.notifications import (  # noqa: PLC0415 (needs loaded models)
            account_letters,
            checks,  # noqa: F401 (registers on import)
            forgetting,
        )

        forgetting.connect()
        account_letters.connect()

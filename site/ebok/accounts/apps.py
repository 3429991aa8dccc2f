"""Accounts as a Django app."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Accounts(RoomConfig):
    """Listens to signing in and out."""

    name = "ebok.accounts"
    label = "accounts"
    key = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect what must run when Django is ready."""
        from ebok.accounts import checks, receivers  # noqa: PLC0415 (needs loaded models)
        from ebok.accounts.federation import receivers as federation  # noqa: PLC0415 (needs loaded models)

        receivers.connect()
        checks.register_all()
        federation.connect()

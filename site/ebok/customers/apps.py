"""The room of the customers."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Customers(RoomConfig):
    """Customers and what is theirs on the network."""

    name = "ebok.customers"
    label = "customers"
    key = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Connect what must run when Django is ready."""
        from ebok.customers import identity  # noqa: PLC0415 (needs loaded models)

        identity.connect()

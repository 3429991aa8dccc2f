"""The room of the exchange with the billing system."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Exchange(RoomConfig):
    """Import, export, and the lookup table of natural keys."""

    name = "ebok.exchange"
    label = "exchange"
    key = "exchange"
    verbose_name = _("Exchange of data")

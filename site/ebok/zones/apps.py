"""The corridors as a Django app."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Zones(RoomConfig):
    """What a zone is: base views, navigation, dashboard cards."""

    name = "ebok.zones"
    label = "zones"
    key = "zones"
    verbose_name = _("Zones")

"""The room of the billing mirror."""

from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import RoomConfig


class Billing(RoomConfig):
    """What the billing system says about money and consumption."""

    name = "ebok.billing"
    label = "billing"
    key = "billing"
    verbose_name = _("Billing")

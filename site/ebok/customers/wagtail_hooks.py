"""The kartoteka's place in the Wagtail admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from ebok.customers.admin_screens.registers import Contracts, Customers, Groups, Meters, Points


class Kartoteka(ModelAdminGroup):
    """Customers and what is theirs on the network."""

    menu_label = _("Kartoteka")
    menu_icon = "group"
    menu_order = 310
    items = (Customers, Points, Contracts, Meters, Groups)


modeladmin_register(Kartoteka)

"""Billing's place in the Wagtail admin, and what it adds to the pages of the kartoteka."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from ebok.billing.admin_screens import addresses, parts, prices
from ebok.billing.admin_screens.payments import Payments
from ebok.billing.admin_screens.readings import ReadingsView
from ebok.billing.admin_screens.registers import Invoices, Ledger
from ebok.customers.admin_screens.parts import FACTS_OF_METER, SECTIONS_OF_CUSTOMER, SECTIONS_OF_METER
from ebok.plugins.permissions import allowed


class ReadingsMenuItem(MenuItem):
    """Shown to whoever may see billing."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return allowed(request.user, "billing.view")


class Rozliczenia(ModelAdminGroup):
    """Bills, payments, prices and readings."""

    menu_label = _("Settlements")
    menu_icon = "table"
    menu_order = 320
    items = (Invoices, Payments, Ledger, *prices.REGISTERS)

    def get_submenu_items(self) -> list[Any]:
        """With the report of readings; without what is reached from other registers."""
        readings = ReadingsMenuItem(
            _("Readings"), reverse(addresses.READINGS), name="ebok-readings", icon_name="date", order=50
        )
        shown = [
            register.get_menu_item(order=place)
            for place, register in enumerate(self.modeladmin_instances, 1)
            if register.in_menu
        ]
        return [*shown, readings]


modeladmin_register(Rozliczenia)


@hooks.register("register_admin_urls")
def billing_urls() -> list[URLPattern]:
    """The report of readings."""
    return [path("rozliczenia/odczyty/", ReadingsView.as_view(), name=addresses.READINGS)]


hooks.register(SECTIONS_OF_CUSTOMER, parts.of_customer)
hooks.register(FACTS_OF_METER, parts.facts_of_meter)
hooks.register(SECTIONS_OF_METER, parts.of_meter)

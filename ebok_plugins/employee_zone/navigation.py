"""Entries of the employee zone that belong to no module."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import NavItem


def _item(view: str, title: object, icon: str, order: int, permission: str) -> NavItem:
    return NavItem(zone="employee", view=view, title=title, icon=icon, order=order, permission=permission)  # type: ignore[arg-type]


navigation = [
    NavItem(zone="employee", view="dashboard", title=_("Start"), icon="home", order=0),
    _item("search", _("Customers"), "search", 10, "customers.view"),
    _item("my_customers", _("My customers"), "people", 20, "customers.view"),
    _item("accounts", _("Accounts"), "person", 70, "employee_zone.manage_accounts"),
    _item("positions", _("Positions"), "key", 80, "employee_zone.manage_positions"),
    _item("sign_ins", _("Sign-ins"), "login", 90, "employee_zone.see_sign_ins"),
]

"""Who may come in, and what may be done to people's accounts here."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(
        name="employee_zone.enter",
        title=_("Can enter the employee zone"),
        granted_to=("Employees", "Administrators"),
    ),
    Permission(name="employee_zone.manage_accounts", title=_("Can add, lock and delete accounts of people")),
    Permission(name="employee_zone.manage_positions", title=_("Can say what each position may do")),
    Permission(name="employee_zone.see_sign_ins", title=_("Can see who signed in and who could not")),
]

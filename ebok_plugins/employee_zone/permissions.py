"""Who may come in."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(
        name="employee_zone.enter",
        title=_("Can enter the employee zone"),
        granted_to=("Employees", "Administrators"),
    )
]

"""Employee zone as a plugin: it opens the place; modules bring what is done there."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ebok.plugins.contract import PluginConfig
from ebok.ports import Zone


def may_enter(request: HttpRequest) -> bool:
    """Whoever was given the permission to enter, and superadministrators."""
    # Permissions live in the database, so their module can be imported only when Django is ready.
    from ebok.plugins.permissions import allowed  # noqa: PLC0415 (needs loaded models)

    return allowed(request.user, "employee_zone.enter")


class EmployeeZone(PluginConfig):
    """Where employees handle what comes in."""

    name = "ebok_plugins.employee_zone"
    label = "employee_zone"
    key = "employee_zone"
    verbose_name = _("Employee zone")
    title = _("Employee zone")
    description = _("Where employees handle what comes in.")
    kind = "zone"
    version = "0.1.0"
    core = ">=0.1,<1"
    mounts = {"employee": ""}
    zone = Zone(
        key="employee",
        path="pracownik/",
        title=_("Employee zone"),
        base_template="zones/employee.html",
        may_enter=may_enter,
        for_staff=True,
    )

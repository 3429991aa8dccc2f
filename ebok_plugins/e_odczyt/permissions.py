"""What employees may be allowed to do here."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission
from ebok_plugins.e_odczyt.telemetry.declared import PERMISSIONS

permissions = [
    Permission(
        name="e_odczyt.handle",
        title=_("Can handle readings sent by clients"),
        granted_to=("Employees", "Administrators"),
    ),
    *PERMISSIONS,
]

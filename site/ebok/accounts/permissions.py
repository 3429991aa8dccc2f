"""Who may come into the administration for its registers alone."""

from django.utils.translation import gettext_lazy as _

from ebok.accounts.roles import ADMINISTRATORS, EMPLOYEES
from ebok.ports import Permission

OPEN_REGISTERS = "accounts.open_registers"
"""Opens the Wagtail admin as its own `access_admin` does, and gives no right to content."""

permissions = [
    Permission(
        name=OPEN_REGISTERS,
        title=_("Can open the registers in the administration"),
        granted_to=(ADMINISTRATORS, EMPLOYEES),
    )
]

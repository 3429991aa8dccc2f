"""What employees may be allowed to do here."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(
        name="e_dokument.handle",
        title=_("Can handle applications sent online"),
        granted_to=("Employees", "Administrators"),
    )
]

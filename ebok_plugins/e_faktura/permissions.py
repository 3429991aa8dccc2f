"""What employees may be allowed to do here."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(
        name="e_faktura.see_bills",
        title=_("Can see bills of customers and the proof of their delivery"),
        granted_to=("Employees", "Administrators"),
    ),
    Permission(
        name="e_faktura.handle_ksef",
        title=_("Can add files of KSeF and decide whose they are"),
        granted_to=("Employees", "Administrators"),
    ),
]

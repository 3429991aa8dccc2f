"""Who may see and change the billing mirror."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

STAFF = ("Administrators", "Employees")

permissions = [
    Permission(name="billing.view", title=_("Can see bills, payments and readings"), granted_to=STAFF),
    Permission(name="billing.change", title=_("Can enter and correct payments and ledger entries")),
    Permission(name="billing.approve", title=_("Can approve payments and ledger entries")),
    Permission(name="billing.export", title=_("Can export bills, payments and readings")),
]

"""Who may see and change the kartoteka."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

STAFF = ("Administrators", "Employees")

permissions = [
    Permission(name="customers.view", title=_("Can see customers and their network"), granted_to=STAFF),
    Permission(name="customers.change", title=_("Can add and correct customers")),
    Permission(name="customers.approve", title=_("Can approve entries of the kartoteka")),
    Permission(
        name="customers.view_as",
        title=_("Can look at the client zone as a customer sees it"),
        granted_to=STAFF,
    ),
    Permission(name="customers.export", title=_("Can export the kartoteka")),
]

"""Permissions of the boiler room."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [
    Permission(name="operations.see_status", title=_("Can see the portal's status board")),
]

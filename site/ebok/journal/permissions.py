"""What people may do with the journal."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Permission

permissions = [Permission(name="journal.view", title=_("Can see and export the event journal"))]

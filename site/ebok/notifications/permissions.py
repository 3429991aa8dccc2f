"""What people may do with messages."""

from django.utils.translation import gettext_lazy as _

from ebok.accounts.roles import ADMINISTRATORS, EMPLOYEES
from ebok.ports import Permission

EDIT_TEXTS = "notifications.edit_texts"
SEE_OUTBOX = "notifications.see_outbox"
RUN_MAILINGS = "notifications.run_mailings"

permissions = [
    Permission(name=EDIT_TEXTS, title=_("Can change the texts of messages")),
    Permission(
        name=SEE_OUTBOX,
        title=_("Can see what was sent to whom, and send again"),
        granted_to=(ADMINISTRATORS, EMPLOYEES),
    ),
    Permission(name=RUN_MAILINGS, title=_("Can call off mailings")),
]

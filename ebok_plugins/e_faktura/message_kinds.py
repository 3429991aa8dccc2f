"""Messages about bills: a bill was issued, and a reminder of one nobody has read."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import MessageGroup, MessageKind, Placeholder

VALUES = (
    Placeholder(name="number", description=_("number of the bill"), sample="FV/2026/05/000123"),
    Placeholder(name="amount", description=_("amount with currency"), sample="133,22 zł"),
    Placeholder(name="due", description=_("day of payment"), sample="14 czerwca 2026"),
    Placeholder(name="customer", description=_("customer code"), sample="K-000123"),
)

message_kinds = [
    MessageKind(
        key="e_faktura.issued",
        title=_("New bill"),
        description=_("Goes to customers who get their bills electronically; it replaces the paper bill."),
        group=MessageGroup.BILLS,
        subject=_("New bill: {amount}, due by {due}"),
        body=_(
            "Good day,\n\nyour bill {number} is ready: {amount}, due by {due}.\n\nIn the customer office you "
            "find it with its PDF, a code for the app of your bank and everything we counted.\n\n"
            "Customer code: {customer}."
        ),
        sms=_("New bill {number}: {amount}, due by {due}. See it in the customer office."),
        action=_("See the bill"),
        channels=("email", "sms", "portal"),
        default_channels=("email", "portal"),
        values=VALUES,
        is_duty=True,
    ),
    MessageKind(
        key="e_faktura.reminder",
        title=_("Unread bill"),
        description=_("Once, when nobody has opened a bill some days after it was announced."),
        group=MessageGroup.BILLS,
        subject=_("A bill waits for you: {amount}, due by {due}"),
        body=_(
            "Good day,\n\nnobody has opened bill {number} yet: {amount}, due by {due}.\n\nOpen it so that "
            "you know what you pay for.\n\nCustomer code: {customer}."
        ),
        sms=_("Bill {number} waits unread: {amount}, due by {due}."),
        action=_("See the bill"),
        channels=("email", "sms", "portal"),
        default_channels=("email", "portal"),
        values=VALUES,
    ),
]

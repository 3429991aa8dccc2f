"""What employees look at and change here."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

events = [
    EventKind(
        key="employee_zone.customer_viewed",
        title=_("Customer's page opened by an employee"),
        erasure=Erasure.KEEP,
        retention=timedelta(days=6 * 365),
    ),
    EventKind(
        key="employee_zone.position_changed",
        title=_("Rights of a position changed"),
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    ),
    EventKind(
        key="employee_zone.account_changed",
        title=_("Account's name or groups changed by an employee"),
        erasure=Erasure.ERASE_DETAIL,
        visible_to_customer=False,
    ),
]

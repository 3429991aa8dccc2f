"""Event kinds of messages. What is sent to a person is no event: the outbox itself is the record."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Erasure, EventKind

events = [
    EventKind(
        key="notifications.template_changed",
        title=_("Text of messages changed"),
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    ),
    EventKind(
        key="notifications.template_restored",
        title=_("Standard text of messages restored"),
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    ),
    EventKind(
        key="notifications.sent_again",
        title=_("Message sent again"),
        erasure=Erasure.ERASE_DETAIL,
        visible_to_customer=False,
    ),
    EventKind(
        key="notifications.mailing_begun",
        title=_("Mailing begun"),
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    ),
    EventKind(
        key="notifications.mailing_cancelled",
        title=_("Mailing called off"),
        erasure=Erasure.NO_PERSONAL_DATA,
        visible_to_customer=False,
    ),
    EventKind(
        key="notifications.choices_changed",
        title=_("Choice of notifications changed"),
        erasure=Erasure.ERASE_DETAIL,
    ),
    EventKind(
        key="notifications.phone_code_sent",
        title=_("Code to confirm a telephone number sent"),
        erasure=Erasure.ERASE_DETAIL,
    ),
    EventKind(
        key="notifications.phone_verified",
        title=_("Number for text messages confirmed"),
        erasure=Erasure.ERASE_DETAIL,
    ),
    EventKind(
        key="notifications.phone_removed",
        title=_("Number for text messages removed"),
        erasure=Erasure.ERASE_DETAIL,
    ),
    EventKind(
        key="notifications.unsubscribed",
        title=_("Letters stopped by the link in a letter"),
        erasure=Erasure.ERASE_DETAIL,
    ),
]

"""What this module writes to clients through the outbox; the texts can be changed in the administration."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import MessageGroup, MessageKind, Placeholder
from ebok_plugins.client_zone.letter_kinds import letter_kinds

_REQUEST = (
    Placeholder(name="number", description=_("number of the request"), sample="ZL/2026/17"),
    Placeholder(name="kind", description=_("what was asked for"), sample="zmiana danych"),
    Placeholder(name="customer", description=_("number of the customer"), sample="10234"),
    Placeholder(name="answer", description=_("what the office wrote"), sample="Zmieniliśmy numer telefonu."),
)

message_kinds = [
    MessageKind(
        key="client_zone.request_approved",
        title=_("Request accepted"),
        group=MessageGroup.ACCOUNT,
        subject=_("We have accepted your request {number}"),
        body=_(
            "It is about: {kind}, customer {customer}.\n\n{answer}\n\n"
            "Changes of data show in the portal once the billing system has taken them over."
        ),
        action=_("See the request"),
        values=_REQUEST,
        transactional=True,
    ),
    MessageKind(
        key="client_zone.request_refused",
        title=_("Request not accepted"),
        group=MessageGroup.ACCOUNT,
        subject=_("We could not accept your request {number}"),
        body=_("It is about: {kind}, customer {customer}.\n\n{answer}"),
        action=_("See the request"),
        values=_REQUEST,
        transactional=True,
    ),
    *letter_kinds,
]

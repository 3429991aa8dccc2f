"""The tables of the room, one file for each thing."""

from ebok.notifications.models.choices import Choice, MessageSettings, QuietHours, Refusal
from ebok.notifications.models.mailing import Mailing, MailingState
from ebok.notifications.models.message import Attachment, Channel, Message, State
from ebok.notifications.models.phone import Phone
from ebok.notifications.models.receipt import DemoItem, Receipt
from ebok.notifications.models.template import MessageTemplate

__all__ = [
    "Attachment",
    "Channel",
    "Choice",
    "DemoItem",
    "Mailing",
    "MailingState",
    "Message",
    "MessageSettings",
    "MessageTemplate",
    "Phone",
    "QuietHours",
    "Receipt",
    "Refusal",
    "State",
]

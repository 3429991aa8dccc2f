"""The tables of the room, one file for each thing."""

from ebok.notifications.models.message import Attachment, Channel, Message, State

__all__ = ["Attachment", "Channel", "Message", "State"]

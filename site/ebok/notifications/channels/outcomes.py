"""What a channel says about a message it was given."""

from __future__ import annotations

from dataclasses import dataclass

from ebok.notifications.models import Message


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """The carrier took the message, or why not. `is_final`: trying again is of no use."""

    message: Message
    reason: str = ""
    is_final: bool = False
    gate_reference: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether the carrier has it now."""
        return not self.reason

"""Letters as they went out, for tests that follow them."""

from __future__ import annotations

from typing import Any

from django.core import mail

from ebok.notifications.delivery import deliver_due


def sent_letters() -> list[Any]:
    """All e-mails of this test; what waits is handed over first, as the worker does."""
    deliver_due()
    return list(mail.outbox)

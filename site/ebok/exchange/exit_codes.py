"""How the commands of the exchange end, for cron and for scripts."""

from __future__ import annotations

from ebok.exchange.models import Delivery, Outcome

TAKEN_OVER = 0
"""Taken over, or a trial run that found nothing to stop it."""
REFUSED = 1
"""Refused or failed; the sentence and the report say why."""
WAITING = 2
"""Waits for a person's approval."""
BUSY = 3
"""Another import is running and the command was not told to wait."""
TAKEN_OVER_BEFORE = 4
"""The same delivery was taken over before; nothing was done."""

_OF_OUTCOME: dict[str, int] = {
    Outcome.DONE: TAKEN_OVER,
    Outcome.DRY: TAKEN_OVER,
    Outcome.WAITING: WAITING,
    Outcome.SKIPPED: TAKEN_OVER_BEFORE,
    Outcome.REFUSED: REFUSED,
    Outcome.FAILED: REFUSED,
    Outcome.OPEN: BUSY,
}


def of(delivery: Delivery) -> int:
    """The exit code that tells what became of the delivery."""
    return _OF_OUTCOME[delivery.outcome]

"""What this module does when others tell it something."""

from __future__ import annotations

from typing import Any

from ebok.exchange import signals
from ebok_plugins.e_odczyt import settling


def connect() -> None:
    """Listen."""
    signals.delivery_taken_over.connect(_taken_over, dispatch_uid="e_odczyt.match")
    signals.batch_answered.connect(_answered, dispatch_uid="e_odczyt.answer")


def _taken_over(*, delivery: Any, datasets: frozenset[str], **_more: object) -> None:
    if "readings" in datasets:
        settling.match(delivery)
    if datasets & {"invoices", "invoice_lines"}:
        settling.match_declared(delivery)


def _answered(*, batch: Any, **_more: object) -> None:
    settling.take_answer(batch)

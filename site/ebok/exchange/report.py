"""What became of a delivery, for people and programs."""

from __future__ import annotations

from typing import Any

from ebok.exchange.models import Delivery

NUMBERS = ("rows", "new", "changed", "unchanged", "rejected", "conflicts", "orphans", "vanished")


def report(delivery: Delivery) -> dict[str, Any]:
    """The report as JSON-able values; amounts are exact texts.

    `orphans` are counted among the `rejected` too; rows = new + changed + unchanged + rejected + conflicts.
    """
    totals = delivery.totals
    return {
        "delivery": delivery.pk,
        "name": delivery.name,
        "profile": delivery.profile,
        "sha256": delivery.sha256,
        "size": delivery.size,
        "phase": str(delivery.phase),
        "outcome": str(delivery.outcome),
        "sentence": delivery.sentence,
        "dry_run": delivery.dry_run,
        "complete": delivery.complete,
        "as_of": _moment(delivery.as_of),
        "received_at": _moment(delivery.received_at),
        "applied_at": _moment(delivery.applied_at),
        "finished_at": _moment(delivery.finished_at),
        "datasets": {
            part.dataset: {number: getattr(part, number) for number in NUMBERS}
            for part in delivery.parts.order_by("pk")
        },
        "totals": {"stated": totals.get("stated", {}), "found": totals.get("found", {})},
        "balance": totals.get("balance", {}),
        "warnings": totals.get("warnings", []),
        "differences": totals.get("differences", []),
    }


def _moment(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None

"""What e-Faktura adds to the demo town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ebok_plugins.e_faktura import demo_ksef

if TYPE_CHECKING:
    from ebok.operations.demo_world import World


def load(world: World) -> None:
    """Structured invoices, and what waits for a clerk."""
    demo_ksef.load(world)

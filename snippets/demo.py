"""Demo content of the snippets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippets.outages.demo import load_outages

if TYPE_CHECKING:
    from ebok.operations.demo_world import World


def load(world: World) -> None:
    """Streets and outages of the fictional town."""
    load_outages(world)

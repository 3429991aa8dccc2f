"""How a process of the portal begins, before Django is there."""

from __future__ import annotations

import gc
import os

BACKGROUND = {"ebok_import": 10, "ebok_worker": 5, "run_periodic": 5}
"""Commands for which nobody waits, and by how much they give way. For what the worker does somebody waits a
little; an import of a million rows would be noticed on every page."""
THREADS = 4
"""Of each process of the web server; deploy/ says the same. With one, whoever only reads would stand in line
behind sign-ins and long exports; with four, pages from memory are as quick."""


def collect_rarely() -> None:
    """Look for garbage seldom.

    Nearly all of the hundred thousands of objects a start makes stay. Looking through them as often as Python
    does by itself took a third of it.
    """
    gc.set_threshold(50_000, 20, 100)


def give_way(command: str) -> None:
    """Let pages come first on the processors they share with this command; there is no way back."""
    os.nice(BACKGROUND.get(command, 0))

"""How a process of the portal begins, before Django is there."""

from __future__ import annotations

import gc
import os

NICENESS = 5
THREADS = 4
"""Of each process of the web server; deploy/ says the same. With one, whoever only reads would stand in line
behind sign-ins and long exports; with four, pages from memory are as quick."""


def collect_rarely() -> None:
    """Look for garbage seldom.

    Nearly all of the hundred thousands of objects a start makes stay. Looking through them as often as Python
    does by itself took a third of it.
    """
    gc.set_threshold(50_000, 20, 100)


def give_way() -> None:
    """Let pages come first on the processors they share with this process; there is no way back."""
    os.nice(NICENESS)

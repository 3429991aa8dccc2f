"""A writer of the chain that is killed again and again: `python -m tests.ebok.journal.sealing`.

A child seals without end, as the timer does each minute; its parent kills it at a random moment and starts
the next. Prints how many were killed so far, a line each, and ends when its input ends.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time


def main() -> None:
    """See above."""
    import django

    django.setup()
    kills = 0
    while True:
        child = os.fork()
        if child == 0:
            seal()
        ended, _, _ = select.select([sys.stdin], [], [], random.uniform(0.05, 0.6))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
        print(kills, flush=True)
        if ended:
            return


def seal() -> None:
    """Seal in small batches until somebody kills this process."""
    from django.db import OperationalError

    from ebok.journal import chain

    chain.BATCH = 7
    while True:
        try:
            chain.write_pending()
        except OperationalError:
            # SQLite was busy for too long; the next round finds the same events.
            continue
        time.sleep(0.01)


if __name__ == "__main__":
    main()

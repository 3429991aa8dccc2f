"""A process that seals without end, as the timer does: `python -m tests.ebok.journal.sealing`."""

from __future__ import annotations

import time


def main() -> None:
    """Seal in small batches until somebody kills it."""
    import django

    django.setup()
    from django.db import OperationalError

    from ebok.journal import chain

    chain.BATCH = 7
    print("ready", flush=True)
    while True:
        try:
            chain.write_pending()
        except OperationalError:
            # SQLite was busy for too long; the next round finds the same events.
            continue
        time.sleep(0.01)


if __name__ == "__main__":
    main()

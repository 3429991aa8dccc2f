"""A process that records viewings and changes until it is told to stop, or is killed.

`python -m tests.ebok.journal.recording RUNTIME NAME COUNT [PAUSE]`: prints the identifier of each event once
the journal has promised to keep it, and waits for its input to end before it ends itself.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main() -> None:
    """See above."""
    import django

    django.setup()
    from django.conf import settings

    settings.EBOK_RUNTIME_DIR = Path(sys.argv[1])
    settings.EBOK_JOURNAL_GATHER = True
    name, count = sys.argv[2], int(sys.argv[3])
    pause = float(sys.argv[4]) if len(sys.argv) > 4 else 0.0

    from ebok.journal.services import record
    from ebok.journal.viewing import record_view

    for number in range(count):
        if number % 5:
            made = record_view("journal.item_changed", text=f"{name} obejrzał {number}", customer_id=number)
        else:
            made = record("journal.item_changed", text=f"{name} zmienił {number}").id
        print(made.hex, flush=True)
        time.sleep(pause)
    sys.stdin.read()


if __name__ == "__main__":
    main()

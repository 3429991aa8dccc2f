#!/usr/bin/env python3
"""Django's command line for e-BOK, usable without installing the project."""

import gc
import os
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
BACKGROUND = {"ebok_import", "ebok_worker", "run_periodic"}
"""Commands for which nobody waits: pages come first on the processors they share."""
NICENESS = 5


def main() -> None:
    """Run a management command; `site/` and the repository root are importable."""
    # Nearly all of the hundred thousands of objects a start makes stay. Looking through them for garbage as
    # often as Python does by itself took a third of it.
    gc.set_threshold(50_000, 20, 100)
    for folder in (SOURCE.parent, SOURCE):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.dev")
    if len(sys.argv) > 1 and sys.argv[1] in BACKGROUND:
        os.nice(NICENESS)
    # Only here is Django known to be importable through the path set above.
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (path set above)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

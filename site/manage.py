#!/usr/bin/env python3
"""Django's command line for e-BOK, usable without installing the project."""

import os
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent


def main() -> None:
    """Run a management command; `site/` and the repository root are importable."""
    for folder in (SOURCE.parent, SOURCE):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.dev")
    # Only here are these known to be importable through the path set above.
    from ebok.starting import collect_rarely, give_way  # noqa: PLC0415 (path set above)

    collect_rarely()
    if len(sys.argv) > 1:
        give_way(sys.argv[1])
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (path set above)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

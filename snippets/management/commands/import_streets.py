"""`manage.py import_streets FILE`: take a CSV of streets into the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from snippets.outages.street_import import UnreadableFile, import_streets


class Command(BaseCommand):
    """Import streets from a CSV file (own columns or TERYT ULIC)."""

    help = "Import streets from a CSV file (UTF-8 or Windows-1250; own columns or TERYT ULIC)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and the locality where the file names none."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--locality", default="", help="for files that name no locality")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report; exit with an error only when nothing could be read."""
        path: Path = options["file"]
        try:
            report = import_streets(path.read_bytes(), locality=options["locality"])
        except (OSError, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        for fault in report.errors:
            self.stderr.write(f"{path.name}:{fault.row}: {fault.sentence}")
        self.stdout.write(str(report))

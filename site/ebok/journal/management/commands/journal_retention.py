"""`manage.py journal_retention`: removes what the journal need not keep any longer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ebok.journal import retention
from ebok.journal.receivers import PORTAL


class Command(BaseCommand):
    """What the daily task does, by hand or on trial."""

    help = "Remove details past their kind's retention, and months in which nothing is kept any more."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--dry-run` only tells."""
        parser.add_argument("--dry-run", action="store_true", help="tell what would be removed")
        parser.add_argument(
            "--everywhere", action="store_true", help="look at all events, not only since the last run"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print kinds and numbers."""
        expired = retention.expire(dry_run=options["dry_run"], everywhere=options["everywhere"], actor=PORTAL)
        for kind, count in sorted(expired.details.items()):
            self.stdout.write(f"{kind}: {count}")
        for month in expired.months:
            self.stdout.write(f"month {month}")
        verb = "would be removed" if options["dry_run"] else "removed"
        self.stdout.write(f"{verb}: {expired.count} details, {len(expired.months)} months")

"""`manage.py journal_verify`: is the journal whole?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ebok.journal import chain, guards


class Command(BaseCommand):
    """Exit status 0 only when every link holds and every guard is in place."""

    help = "Recompute the journal's chain, name the first broken link, and check the guards."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--head` compares with a head noted earlier; `--database` reads a restored copy."""
        parser.add_argument("--head", default="", help="a head noted earlier, as NUMBER:HASH")
        parser.add_argument("--database", default="default")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was found."""
        using = options["database"]
        verdict = chain.verify(expected=_head(options["head"]), using=using)
        missing = guards.missing(using)
        self.stdout.write(f"links: {verdict.links}")
        self.stdout.write(f"waiting for a link: {verdict.unsealed}")
        self.stdout.write(f"details erased: {verdict.erased}")
        self.stdout.write(f"head: {verdict.head}")
        for table, trigger in sorted(missing):
            self.stdout.write(self.style.ERROR(f"missing guard: {trigger} on {table}"))
        if verdict.broken:
            self.stdout.write(
                self.style.ERROR(
                    f"broken at link {verdict.broken.seq}"
                    f" (event {verdict.broken.event_id or 'none'}): {verdict.broken.reason}"
                )
            )
        if verdict.broken or missing:
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("whole"))


def _head(text: str) -> chain.Head | None:
    if not text:
        return None
    seq, _colon, digest = text.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise CommandError("--head must look like NUMBER:HASH, as this command prints it.")
    return chain.Head(int(seq), digest)

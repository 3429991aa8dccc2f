"""`manage.py journal_verify`: is the journal whole?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ebok.journal import chain, guards, heads


class Command(BaseCommand):
    """Exit status 0 only when every link holds, every noted head is there and every guard is in place."""

    help = "Recompute the journal's chain, compare it with noted heads, name the first broken link."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--head`, `--heads` compare with what was noted earlier; `--database` reads a restored copy."""
        parser.add_argument("--head", default="", help="a head noted earlier, as NUMBER:HASH")
        parser.add_argument(
            "--heads",
            default="",
            metavar="FILE",
            help="heads noted daily; without it EBOK_JOURNAL_HEADS, if that file is there",
        )
        parser.add_argument(
            "--without-heads", action="store_true", help="do not compare with any file, e.g. an older copy"
        )
        parser.add_argument("--database", default="default")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was found."""
        using = options["database"]
        noted = [*_head(options["head"]), *_heads(options["heads"], skip=options["without_heads"])]
        verdict = chain.verify(expected=noted, using=using)
        missing = guards.missing(using)
        self.stdout.write(f"links: {verdict.links}")
        self.stdout.write(f"waiting for a link: {verdict.unsealed}")
        self.stdout.write(f"details erased: {verdict.erased}")
        self.stdout.write(f"noted heads compared: {len(noted)}")
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


def _head(text: str) -> list[chain.Head]:
    if not text:
        return []
    seq, _colon, digest = text.partition(":")
    if not seq.isdecimal() or len(digest) != 64:
        raise CommandError("--head must look like NUMBER:HASH, as this command prints it.")
    return [chain.Head(int(seq), digest)]


def _heads(name: str, *, skip: bool) -> list[chain.Head]:
    file = Path(name) if name else heads.path()
    if skip or not (name or file.exists()):
        return []
    try:
        # The journal may have been empty when its head was noted first.
        return [noted.head for noted in heads.read(file) if noted.head.seq]
    except (OSError, heads.HeadsUnreadable) as error:
        raise CommandError(f"The noted heads cannot be read: {error}") from error

"""`manage.py read_bounces`: reads returned letters from the mailbox, or one notice from a file."""

from __future__ import annotations

import imaplib
import mailbox
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ebok.notifications.bounces import read_mailbox, take_in


class Command(BaseCommand):
    """Marks messages that came back."""

    help = "Reads returned letters and marks the messages they are about."

    def add_arguments(self, parser: CommandParser) -> None:
        """Files in place of the mailbox."""
        parser.add_argument("files", nargs="*", type=Path, help="notices in files; without any the mailbox")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and say how many."""
        files: list[Path] = options["files"]
        if not files and not settings.EBOK_BOUNCE_MAILBOX:
            raise CommandError(
                "EBOK_BOUNCE_MAILBOX is empty: name a Maildir, or imaps://user:password@host/INBOX."
            )
        try:
            count = sum(take_in(file.read_bytes()) for file in files) if files else read_mailbox()
        except (OSError, mailbox.Error, imaplib.IMAP4.error) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from None
        self.stdout.write(f"{count} message(s) came back.")

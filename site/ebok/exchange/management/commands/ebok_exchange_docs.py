"""`manage.py ebok_exchange_docs`: writes docs/exchange.md from the declared datasets."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ebok.exchange.documentation import document, own_datasets


class Command(BaseCommand):
    """Run it whenever a dataset changed."""

    help = "Writes docs/exchange.md, the description of every dataset, from the declarations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--out", type=Path, default=Path("docs/exchange.md"), help="The file to write.")
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail when it is out of date."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, or compare it."""
        text = document(own_datasets())
        path: Path = options["out"]
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path}: {len(text.splitlines())} lines")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError(f"{path} is out of date: run manage.py ebok_exchange_docs.")

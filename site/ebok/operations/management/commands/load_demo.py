"""`manage.py load_demo`: fill an empty portal with the fictional utility of Lipowo."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ebok.operations.demo_loading import BrokenChapter, load


class Command(BaseCommand):
    """Loads what is not loaded yet; a second run changes nothing."""

    help = "Loads the demo content: a fictional utility with pages, outages, documents and accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--now", help="Count dates from this moment, e.g. 2026-05-14T10:00.")
        parser.add_argument("--again", action="store_true", help="Load parts that are loaded already, too.")
        parser.add_argument(
            "--customers", type=int, default=0, help="Import a town of so many customers, too (none)."
        )
        parser.add_argument(
            "--i-know",
            action="store_true",
            help="Load it although this is not a demo: accounts with a published password will exist.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it; refuse where people's data may be."""
        if not (settings.EBOK_DEMO or options["i_know"]):
            raise CommandError(
                "These are not demo settings. The demo brings accounts with a published password; "
                "say --i-know if that is what you want."
            )
        now = _moment(options["now"]) if options["now"] else None
        # Wagtail logs two lines for every page that is saved.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        try:
            loaded = load(
                now=now, say=self.stdout.write, again=options["again"], customers=options["customers"]
            )
        except BrokenChapter as error:
            raise CommandError(str(error)) from error
        if loaded:
            # The worker would get to it in a minute or two; a demo's search answers from the start.
            call_command("update_index", verbosity=0)
            self.stdout.write(self.style.SUCCESS(f"Demo content loaded ({loaded} parts)."))
        else:
            self.stdout.write("Demo content is there already.")


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"“{text}” is not a moment; write it like 2026-05-14T10:00.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

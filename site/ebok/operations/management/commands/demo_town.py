"""`manage.py demo_town`: a deterministic fictional town as a delivery of its billing system."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from datetime import date
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ebok.exchange.declared import declared_datasets
from ebok.exchange.profiles import Profile, ProfileError, load_profile
from ebok.operations.town.loading import import_town, out_for
from ebok.operations.town.profiled import write_town
from ebok.operations.town.town import UNTIL, Town, TownRefused


class Command(BaseCommand):
    """Writes the files and, if wished, imports them like any other delivery."""

    help = (
        "Writes a fictional town as exchange files. The same customers, months, seed and last day give the"
        " same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--customers", type=int, default=300, help="How many customers (300).")
        parser.add_argument("--months", type=int, default=24, help="How many months of past (24).")
        parser.add_argument("--seed", type=int, default=1, help="Another seed is another town (1).")
        parser.add_argument(
            "--until",
            type=_day,
            help=f"The town's last day: {UNTIL}, with --load the end of last month.",
        )
        parser.add_argument(
            "--out", help="The folder for the files; for a profile that reads a database its address."
        )
        parser.add_argument("--profile", default="neutral", help="How the files look (neutral).")
        parser.add_argument("--load", action="store_true", help="Import the town, too.")
        parser.add_argument(
            "--processes",
            type=int,
            default=min(os.cpu_count() or 1, 4),
            help="How many work on towns above 2000 customers.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, import it if wished, and say what was done."""
        if options["processes"] < 1:
            raise CommandError(
                f"At least one process works; --processes {options['processes']} is not possible."
            )
        if not options["out"] and not options["load"]:
            raise CommandError("Say where the files go with --out DIR, or import the town with --load.")
        try:
            profile = load_profile(options["profile"])
            town = Town(
                customers=options["customers"],
                months=options["months"],
                seed=options["seed"],
                until=options["until"] or (timezone.localdate() if options["load"] else UNTIL),
            )
            with out_for(profile, options["out"]) as out:
                self._work(town, profile, out, options)
        except ProfileError as error:
            raise CommandError(error.sentence) from error
        except TownRefused as error:
            raise CommandError(str(error)) from error

    def _work(self, town: Town, profile: Profile, out: str, options: dict[str, Any]) -> None:
        began = perf_counter()
        written = write_town(town, out, profile, declared_datasets(), processes=options["processes"])
        if options["out"]:
            for name, item in written.items():
                self.stdout.write(f"{item.rows:>10}  {name}")
        took = perf_counter() - began
        self.stdout.write(
            self.style.SUCCESS(
                f"Town of {town.customers} customers up to {town.calendar.last_day} written: {took:.1f} s."
            )
        )
        if not options["load"]:
            return
        began = perf_counter()
        # Fresh unless somebody said which day it is about.
        moment = None if options["until"] else timezone.now()
        rows = import_town(profile, out, list(written), as_of=moment)
        self.stdout.write(self.style.SUCCESS(f"Imported, {rows} rows: {perf_counter() - began:.1f} s."))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is not a day; write it like 2026-10-31.") from None

"""`manage.py ebok_import`: takes a delivery of the billing system in and tells what became of it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from ebok.exchange import exit_codes, pipeline
from ebok.exchange.exporting import replaced
from ebok.exchange.locking import Busy
from ebok.exchange.models import Delivery, Outcome
from ebok.exchange.moments import NoMoment, moment_of
from ebok.exchange.profiles import ProfileError, load_profile
from ebok.exchange.refreshing import CannotRefresh, receive_customer
from ebok.exchange.report import NUMBERS, report
from ebok.exchange.sources import SourceRefused
from ebok.journal.services import record

ACTOR = "ebok_import"


class Command(BaseCommand):
    """Receives, checks, compares and takes over; writes the report."""

    help = (
        "Takes a delivery of the billing system in: files, folders or ZIP archives, or a database when the "
        "profile reads one. Ends with 0 taken over, 1 refused or failed, 2 waits for approval, 3 another "
        "import runs, 4 the same delivery was taken over before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="Files, folders, ZIP.")
        parser.add_argument("--profile", default="neutral", help="How the delivery is written.")
        parser.add_argument(
            "--as-of", default="", metavar="DATE", help="When it was true, if it does not say."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, change nothing.")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="Where the report goes.")
        parser.add_argument(
            "--changes", action="store_true", help="It holds only what changed; nothing can have vanished."
        )
        parser.add_argument("--approve", action="store_true", help="Take it over without asking anybody.")
        parser.add_argument("--wait", action="store_true", help="Wait for the end of another import.")
        parser.add_argument("--customer", default="", metavar="CODE", help="Renew this customer's data only.")
        parser.add_argument(
            "--delivery", type=int, metavar="N", help="Go on with a delivery received before."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in; the exit code tells how it ended."""
        try:
            delivery = self._received(options)
            delivery = self._proceed(delivery, wait=options["wait"])
        except (SourceRefused, ProfileError, CannotRefresh, NoMoment) as refused:
            self._refuse(options, getattr(refused, "sentence", str(refused)))
        except OSError as error:
            words = {"path": error.filename or "", "why": error.strerror or error}
            self._refuse(options, _("%(path)s cannot be read: %(why)s.") % words)
        self._write_report(options["report"], report(delivery))
        self._show(delivery)
        code = exit_codes.of(delivery)
        if code:
            sys.exit(code)

    # Taking in -----------------------------------------------------------------------------

    def _received(self, options: Mapping[str, Any]) -> Delivery:
        if options["delivery"] is not None:
            delivery = _existing(options["delivery"])
        elif options["customer"]:
            delivery = receive_customer(options["customer"], profile=_chosen_profile(options))
        else:
            self._check_paths(options)
            delivery = pipeline.receive(
                options["paths"],
                profile=options["profile"],
                as_of=moment_of(options["as_of"]),
                complete=False if options["changes"] else None,
                way_in="command",
                dry_run=options["dry_run"],
            )
        if options["approve"]:
            _approve(delivery)
        return delivery

    def _check_paths(self, options: Mapping[str, Any]) -> None:
        reads_database = load_profile(options["profile"]).reads_database
        if reads_database and options["paths"]:
            raise SourceRefused(
                _("The profile “%(profile)s” reads a database; leave out the files.")
                % {"profile": options["profile"]}
            )
        if not reads_database and not options["paths"]:
            raise SourceRefused(_("Name the files to take in."))

    def _proceed(self, delivery: Delivery, *, wait: bool) -> Delivery:
        bar = _Bar() if sys.stderr.isatty() else None
        try:
            return pipeline.proceed(delivery.pk, progress=bar.show if bar else None, wait=wait)
        except Busy as busy:
            self.stderr.write(busy.sentence)
            return Delivery.objects.get(pk=delivery.pk)
        except KeyboardInterrupt:
            again = f"manage.py ebok_import --delivery {delivery.pk}"
            self.stderr.write(_("Interrupted. Go on with: %(command)s") % {"command": again})
            sys.exit(130)
        finally:
            if bar:
                bar.close()

    # Telling -------------------------------------------------------------------------------

    def _refuse(self, options: Mapping[str, Any], sentence: str) -> None:
        told: dict[str, Any] = {
            "delivery": None,
            "outcome": str(Outcome.REFUSED),
            "sentence": sentence,
            "datasets": {},
        }
        self._write_report(options["report"], told)
        raise CommandError(sentence, returncode=exit_codes.REFUSED)

    def _write_report(self, path: Path | None, content: Mapping[str, Any]) -> None:
        if path is None:
            return
        try:
            with replaced(path) as unfinished:
                text = json.dumps(content, ensure_ascii=False, indent=2)
                unfinished.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            self.stderr.write(
                _("The report %(path)s cannot be written: %(why)s.")
                % {"path": path, "why": error.strerror or error}
            )

    def _show(self, delivery: Delivery) -> None:
        parts = list(delivery.parts.order_by("pk"))
        if parts:
            width = max(len(part.dataset) for part in parts)
            self.stdout.write(" " * width + "".join(f"{name:>11}" for name in NUMBERS))
            for part in parts:
                numbers = "".join(f"{getattr(part, name):>11}" for name in NUMBERS)
                self.stdout.write(f"{part.dataset:<{width}}{numbers}")
        for sentence in delivery.totals.get("warnings", []):
            self.stdout.write(f"! {sentence}")
        state = f"{delivery.pk} {delivery.name}: {delivery.get_outcome_display()}"
        self.stdout.write(f"{state}. {delivery.sentence}".strip())


class _Bar:
    """The progress of one dataset in one phase after the other, on a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._what = ("", "")

    def show(self, told: dict[str, Any]) -> None:
        """Draw how far it is."""
        what = (str(told["phase"]), str(told["dataset"]))
        if what != self._what:
            self.close()
            self._what = what
            self._bar = tqdm(desc=" ".join(what), total=told["of"] or None, unit=" ", leave=False)
        self._bar.total = told["of"] or None
        self._bar.n = told["done"]
        self._bar.refresh()

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()


def _existing(number: int) -> Delivery:
    delivery = Delivery.objects.filter(pk=number).first()
    if delivery is None:
        raise SourceRefused(_("There is no delivery %(number)d.") % {"number": number})
    return delivery


def _chosen_profile(options: Mapping[str, Any]) -> str:
    """The profile asked for; "" for the systems that can be asked about one customer."""
    return "" if options["profile"] == "neutral" else str(options["profile"])


def _approve(delivery: Delivery) -> None:
    if delivery.outcome == Outcome.WAITING:
        pipeline.approve(delivery.pk, None, go_on=False)
    elif delivery.outcome == Outcome.OPEN and delivery.approved_at is None:
        with transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(approved_at=timezone.now())
            text = _("Delivery “%(name)s” was approved.") % {"name": delivery.name}
            record("exchange.delivery_approved", text=text, actor=ACTOR, obj=delivery)

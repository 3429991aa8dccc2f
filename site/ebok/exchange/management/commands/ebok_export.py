"""`manage.py ebok_export`: datasets as files, and numbered batches of what people did in the portal."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.exchange import answers, batches, exporting, freshness
from ebok.exchange.declared import declared_datasets
from ebok.exchange.models import ExportBatch, ExportState
from ebok.exchange.moments import NoMoment, moment_of
from ebok.exchange.profiles import Profile, ProfileError, load_profile
from ebok.exchange.profiles.writing import CannotWrite
from ebok.exchange.table_files import FORMS_OF_FILE, TooManyRows
from ebok.journal.services import record
from ebok.ports import Dataset, Outlet

ACTOR = "ebok_export"


class Command(BaseCommand):
    """Writes datasets and batches; takes answers."""

    help = (
        "Exports datasets as files that import again unchanged, and makes numbered batches of what people "
        "did in the portal. Without names it lists what can be exported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("names", nargs="*", metavar="DATASET|OUTLET", help="What to export.")
        parser.add_argument("--all", action="store_true", help="Every dataset.")
        parser.add_argument(
            "--outlet", action="append", default=[], metavar="KEY", help="Make a batch of it."
        )
        parser.add_argument("--out", type=Path, metavar="DIR", help="Where the files go.")
        parser.add_argument("--profile", default="neutral", help="How the files are written.")
        parser.add_argument("--format", default="csv", choices=sorted(FORMS_OF_FILE), help="Kind of file.")
        parser.add_argument("--since", default="", metavar="MOMENT", help="Only rows changed since then.")
        parser.add_argument(
            "--manifest", action="store_true", help="Write manifest.json with control totals."
        )
        parser.add_argument(
            "--for-spreadsheets",
            action="store_true",
            help="Keep spreadsheets from running texts as formulas; such files are for reading.",
        )
        parser.add_argument("--number", type=int, metavar="N", help="Write that batch of the outlet again.")
        parser.add_argument(
            "--acknowledge",
            nargs=3,
            metavar=("KEY", "NUMBER", "STATE"),
            help="The billing system's answer to a batch: taken or rejected.",
        )
        parser.add_argument("--reason", default="", help="Why a batch was rejected.")
        parser.add_argument(
            "--answers", nargs=2, metavar=("KEY", "FILE"), help="Answers as CSV: number;row;state;reason."
        )
        parser.add_argument(
            "--again", nargs=2, metavar=("KEY", "NUMBER"), help="Let its rejected rows go out once more."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one thing that was asked for."""
        try:
            if options["acknowledge"]:
                key, number, state = options["acknowledge"]
                self._acknowledge(key, number, state, options["reason"])
            elif options["answers"]:
                self._answers(*options["answers"])
            elif options["again"]:
                self._again(*options["again"])
            else:
                self._export(options)
        except (batches.WrongAnswer, TooManyRows, ProfileError, CannotWrite, NoMoment) as refused:
            raise CommandError(str(getattr(refused, "sentence", refused))) from None
        except batches.UnknownOutlet as unknown:
            raise CommandError(_("There is no outlet “%(name)s”.") % {"name": unknown}) from None
        except OSError as error:
            words = {"path": error.filename or "", "why": error.strerror or error}
            raise CommandError(_("%(path)s cannot be written: %(why)s.") % words) from None

    # Exporting ---------------------------------------------------------------------------

    def _export(self, options: dict[str, Any]) -> None:
        datasets, outlets = self._chosen(options)
        if not datasets and not outlets:
            self._list()
            return
        folder: Path | None = options["out"]
        if folder is None:
            raise CommandError(_("Say where the files go: --out DIR."))
        folder.mkdir(parents=True, exist_ok=True)
        if datasets:
            self._datasets(datasets, folder, options)
        for outlet in outlets:
            self._outlet(outlet, folder, options["number"])

    def _chosen(self, options: dict[str, Any]) -> tuple[list[Dataset], list[Outlet]]:
        known = {dataset.key: dataset for dataset in declared_datasets()}
        datasets = list(known.values()) if options["all"] else []
        outlets = [batches.declared_outlet(key) for key in options["outlet"]]
        for name in dict.fromkeys(options["names"]):
            if name in known:
                datasets += [known[name]] if known[name] not in datasets else []
                continue
            try:
                outlets.append(batches.declared_outlet(name))
            except batches.UnknownOutlet:
                words = {"name": name, "known": ", ".join(known)}
                raise CommandError(
                    _("There is no dataset and no outlet “%(name)s”; datasets are: %(known)s.") % words
                ) from None
        return datasets, outlets

    def _list(self) -> None:
        for dataset in declared_datasets():
            self.stdout.write(f"{dataset.key:<24}{dataset.title}")
        for outlet in batches.declared_outlets():
            self.stdout.write(f"{outlet.key:<24}{outlet.title}")

    def _datasets(self, datasets: list[Dataset], folder: Path, options: dict[str, Any]) -> None:
        since = moment_of(options["since"])
        profile = _profile(options["profile"])
        with exporting.one_moment():
            as_of = freshness.as_of()
            written = [
                exporting.write_dataset(
                    dataset,
                    folder,
                    form=options["format"],
                    profile=profile,
                    since=since,
                    for_spreadsheets=options["for_spreadsheets"],
                )
                for dataset in datasets
            ]
        if options["manifest"]:
            exporting.write_manifest(folder, written, as_of, complete=since is None)
        for item in written:
            self.stdout.write(f"{item.path}  {item.rows}")
        record(
            "exchange.dataset_exported",
            text=_("Exported datasets: %(names)s")
            % {"names": ", ".join(f"{item.dataset} ({item.rows})" for item in written)},
            actor=ACTOR,
        )

    def _outlet(self, outlet: Outlet, folder: Path, number: int | None) -> None:
        if number is not None:
            self._write(batches.find_batch(outlet.key, number), folder)
            return
        # What an earlier run made and did not live to write goes first.
        for late in batches.not_handed_over(outlet.key):
            self._write(late, folder)
        batch = batches.make_batch(outlet, actor=ACTOR)
        if batch is None:
            self.stdout.write(_("%(outlet)s: nothing waits to be exported.") % {"outlet": outlet.title})
        else:
            self._write(batch, folder)

    def _write(self, batch: ExportBatch, folder: Path) -> None:
        self.stdout.write(f"{batches.write_file(batch, folder)}  {batch.rows}")

    # Answers -----------------------------------------------------------------------------

    def _acknowledge(self, key: str, number: str, state: str, reason: str) -> None:
        batch = batches.acknowledge(
            batches.find_batch(key, _number(number)), state.casefold(), reason=reason, actor=ACTOR
        )
        self.stdout.write(f"{key} {batch.number}: {ExportState(batch.state).label}")

    def _answers(self, key: str, file: str) -> None:
        batches.declared_outlet(key)
        count = answers.take_answers(key, Path(file), actor=ACTOR)
        self.stdout.write(
            ngettext("%(count)d answer taken.", "%(count)d answers taken.", count) % {"count": count}
        )

    def _again(self, key: str, number: str) -> None:
        count = batches.release_rejected(batches.find_batch(key, _number(number)), actor=ACTOR)
        self.stdout.write(
            ngettext(
                "%(count)d row goes into the next batch.", "%(count)d rows go into the next batch.", count
            )
            % {"count": count}
        )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise CommandError(_("“%(text)s” is not the number of a batch.") % {"text": text})
    return int(text)


def _profile(name: str) -> Profile | None:
    """The profile to write in; None for the neutral one. Raises `CommandError` and `ProfileError`."""
    profile = load_profile(name)
    if profile.reads_database:
        raise CommandError(
            _("The profile “%(profile)s” reads a database and writes no files.") % {"profile": name}
        )
    return None if name == "neutral" else profile

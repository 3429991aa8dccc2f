"""Opens a kept delivery: which member holds which dataset, and what it says of itself."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.translation import gettext as _

from ebok.exchange.declared import declared_datasets
from ebok.exchange.mending import Mended, mended
from ebok.exchange.models import Delivery
from ebok.exchange.profiles.model import ColumnMap, Profile
from ebok.exchange.sources.csv_files import CsvFile, CsvPart
from ebok.exchange.sources.interface import Part, Source, SourceRefused, Stated
from ebok.exchange.sources.jsonl_files import JsonLines, JsonLinesPart
from ebok.exchange.sources.manifests import MANIFEST, Manifest, read_manifest
from ebok.exchange.sources.mapping import folded
from ebok.exchange.sources.xlsx_files import Workbook, XlsxPart
from ebok.ports.datasets import Dataset

ZONE = ZoneInfo("Europe/Warsaw")
_COPY_MARK = re.compile(
    r"(?:[ _-]*\(\d+\)|[ _-]+kopia|[ _-]+\d{4}-?\d{2}-?\d{2}(?:[T _-]?\d{2,6})?)+\Z", re.IGNORECASE
)
"""What browsers, people and nightly jobs add to the name of a file."""


def open_source(folder: Path, profile: Profile, *, datasets: Iterable[Dataset] | None = None) -> Source:
    """The delivery kept in a folder, read as the profile says.

    Raises `SourceRefused` when a member cannot be read, holds no known dataset, or disagrees with the
    manifest. `datasets` are the declared ones unless told.
    """
    known = tuple(declared_datasets() if datasets is None else datasets)
    wanted = tuple(dataset for dataset in known if not profile.only_named or dataset.key in profile.datasets)
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    manifest = read_manifest(folder)
    parts: list[Part] = []
    ignored: list[str] = []
    for path in paths:
        if path.name == MANIFEST:
            continue
        found = list(_open_member(path, profile, wanted))
        parts += found
        if not found:
            ignored.append(path.name)
    if not parts:
        raise SourceRefused(
            _("None of the files is known to the profile “%(profile)s”: %(names)s.")
            % {"profile": profile.title, "names": ", ".join(ignored) or _("there are none")}
        )
    back = [part.mended for part in parts if part.mended is not None]
    parts.sort(key=lambda part: (part.dataset.order, part.dataset.key, part.member))
    sentence = _("%(name)s is not known to the profile “%(profile)s” and was ignored.")
    warnings = [sentence % {"name": name, "profile": profile.title} for name in ignored]
    return Source(
        folder=folder,
        as_of=manifest.as_of or _as_of_mended(back) or _as_of(profile, paths),
        complete=(profile.complete if manifest.complete is None else manifest.complete) and not back,
        stated=_stated(manifest, parts),
        warnings=(*warnings, *(sentence for part in parts for sentence in part.warnings)),
        found=tuple(parts),
    )


def headers_of(profile: Profile, dataset: Dataset) -> frozenset[str]:
    """Every header, as it is compared, that the profile knows for the dataset."""
    mapped = profile.of(dataset.key)
    names = {folded(split.header) for split in mapped.splits}
    for column in dataset.columns:
        rule = mapped.columns.get(column.name, ColumnMap(headers=(column.name,)))
        names |= {folded(name) for name in (*rule.headers, *rule.join)}
    return frozenset(names)


def _open_member(path: Path, profile: Profile, datasets: Sequence[Dataset]) -> Iterator[Part]:
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        yield from _open_workbook(path, profile, datasets)
        return
    if suffix in {".jsonl", ".ndjson", ".json"}:
        lines = JsonLines(path, path.name)
        dataset = _dataset_of(path.name, lines.headers, profile, datasets)
        if dataset is not None:
            yield JsonLinesPart(profile, dataset, lines)
        return
    named = _named(path.name, profile, datasets)
    candidates = [named] if named else datasets
    known = frozenset[str]().union(*(headers_of(profile, dataset) for dataset in candidates))
    file = CsvFile(path, path.name, profile, known)
    dataset = _dataset_of(path.name, file.headers, profile, datasets)
    if dataset is not None:
        yield CsvPart(profile, dataset, file)


def _open_workbook(path: Path, profile: Profile, datasets: Sequence[Dataset]) -> Iterator[Part]:
    workbook = Workbook(path, path.name)
    for sheet in workbook.sheets:
        dataset = _of_sheet(sheet.title, profile, datasets)
        if mended(sheet.headers):
            dataset = _dataset_of("", sheet.headers, profile, datasets)
        if dataset is None and not sheet.headers:
            continue
        if dataset is None and len(workbook.sheets) == 1:
            dataset = _named(path.name, profile, datasets)
        dataset = dataset or _by_headers(sheet.headers, profile, datasets)
        if dataset is not None:
            yield XlsxPart(profile, dataset, sheet)


def _of_sheet(title: str, profile: Profile, datasets: Sequence[Dataset]) -> Dataset | None:
    for dataset in datasets:
        names = profile.of(dataset.key).sheets or (dataset.key,)
        if folded(title) in {folded(name) for name in names}:
            return dataset
    return None


def _dataset_of(
    name: str, headers: Sequence[str], profile: Profile, datasets: Sequence[Dataset]
) -> Dataset | None:
    if back := mended(headers):
        return next((dataset for dataset in datasets if dataset.key == back.dataset), None)
    return _named(name, profile, datasets) or _by_headers(headers, profile, datasets)


def _named(name: str, profile: Profile, datasets: Sequence[Dataset]) -> Dataset | None:
    """The dataset a file's name tells, in spite of copy marks and dates at its end.

    Of several patterns the one that says most wins: `FAKTURY_POZYCJE*` before `FAKTURY*`.
    """
    whole, stem = name.casefold(), _COPY_MARK.sub("", Path(name).stem).casefold()
    matches: list[tuple[int, Dataset]] = []
    for dataset in datasets:
        if stem == dataset.key:
            return dataset
        for pattern in profile.of(dataset.key).members:
            wanted = pattern.casefold()
            if fnmatch.fnmatchcase(whole, wanted) or stem == Path(wanted).stem:
                matches.append((len(wanted.replace("*", "")), dataset))
    return max(matches, key=lambda match: match[0])[1] if matches else None


def _by_headers(headers: Sequence[str], profile: Profile, datasets: Sequence[Dataset]) -> Dataset | None:
    """The one dataset whose headers these are: all required ones, and more of them than of any other's."""
    found = {folded(header) for header in headers}
    scores: list[tuple[int, Dataset]] = []
    for dataset in datasets:
        mapped = profile.of(dataset.key)
        split = {name for item in mapped.splits if folded(item.header) in found for name in item.columns}
        required = [
            mapped.columns.get(column.name, ColumnMap(headers=(column.name,)))
            for column in dataset.columns
            if column.required and column.default is None and column.name not in split
        ]
        if all(_stands(rule, found) for rule in required):
            scores.append((len(found & headers_of(profile, dataset)), dataset))
    scores.sort(key=lambda score: -score[0])
    if not scores or scores[0][0] == 0 or (len(scores) > 1 and scores[0][0] == scores[1][0]):
        return None
    return scores[0][1]


def _stands(rule: ColumnMap, found: set[str]) -> bool:
    if rule.constant is not None:
        return True
    if rule.join:
        return all(folded(name) in found for name in rule.join)
    return any(folded(name) in found for name in rule.headers)


def _as_of_mended(back: Sequence[Mended]) -> datetime | None:
    """Mended rows are as old as the newest delivery they were rejected from."""
    found = Delivery.objects.filter(pk__in={item.delivery for item in back})
    return found.aggregate(newest=Max("as_of"))["newest"] if back else None


def _as_of(profile: Profile, paths: Sequence[Path]) -> datetime | None:
    """The moment a file's name tells, the latest of several."""
    if profile.as_of is None:
        return None
    moments = []
    for path in paths:
        if found := profile.as_of.search(path.name):
            said = {key: int(text) for key, text in found.groupdict().items() if text}
            try:
                moments.append(datetime(**said, tzinfo=ZONE))
            except (TypeError, ValueError):
                continue
    return max(moments, default=None)


def _stated(manifest: Manifest, parts: Sequence[Part]) -> dict[str, Stated]:
    """What the manifest says of each file, added up for each dataset."""
    stated: dict[str, Stated] = {}
    nothing = Decimal(0)
    for part in parts:
        said = manifest.stated.get(part.member.split(" › ", 1)[0])
        if said is None:
            continue
        before = stated.get(part.dataset.key, Stated(0))
        rows = None if before.rows is None or said.rows is None else before.rows + said.rows
        names = {*before.totals, *said.totals}
        totals = {name: before.totals.get(name, nothing) + said.totals.get(name, nothing) for name in names}
        stated[part.dataset.key] = Stated(rows, totals)
    return stated

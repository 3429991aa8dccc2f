"""Imports a written town through the phases every delivery goes through."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

from ebok.exchange import pipeline
from ebok.exchange.declared import declared_datasets
from ebok.exchange.models import Delivery, Outcome
from ebok.exchange.profiles import Profile, load_profile
from ebok.operations.town.profiled import write_town
from ebok.operations.town.town import Town, TownRefused
from ebok.operations.town.writer import MANIFEST


@contextmanager
def out_for(profile: Profile, told: str | None) -> Iterator[str]:
    """Where to write: where people said, or a place that is gone afterwards."""
    if told:
        yield told
        return
    room = Path(settings.EBOK_RUNTIME_DIR)
    room.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="town-", dir=room) as folder:
        yield f"sqlite:///{folder}/town.sqlite3" if profile.reads_database else folder


def load_town(town: Town, *, as_of: datetime | None = None, profile: str = "neutral") -> int:
    """Write the town to a place that is gone afterwards and import it; returns the number of rows.

    `as_of` is the moment the delivery is said to be about, the end of the town's last day unless told.
    Raises `TownRefused`.
    """
    known = load_profile(profile)
    with out_for(known, None) as out:
        written = write_town(town, out, known, declared_datasets())
        return import_town(known, out, list(written), as_of=as_of)


def import_town(profile: Profile, out: str, names: Sequence[str], *, as_of: datetime | None) -> int:
    """Import what was written; returns the number of rows.

    Raises `TownRefused` when the import stops before the end or does not take every row.
    """
    try:
        with _address(profile, out):
            delivery = pipeline.receive(
                _paths(profile, Path(out), names), profile=profile.name, as_of=as_of, complete=True
            )
        delivery = pipeline.proceed(delivery.pk, wait=True)
    except pipeline.SourceRefused as error:
        raise TownRefused(error.sentence) from error
    return _taken_over(delivery)


def _paths(profile: Profile, folder: Path, names: Sequence[str]) -> list[Path]:
    if profile.reads_database:
        return []
    manifest = folder / MANIFEST
    files = [folder / name for name in names]
    return [*files, manifest] if profile.name == "neutral" else files


@contextmanager
def _address(profile: Profile, out: str) -> Iterator[None]:
    """While it is read, the town stands where the profile looks for the billing system's database."""
    if not profile.reads_database:
        yield
        return
    before = os.environ.get(profile.url_variable)
    os.environ[profile.url_variable] = out
    try:
        yield
    finally:
        if before is None:
            del os.environ[profile.url_variable]
        else:
            os.environ[profile.url_variable] = before


def _taken_over(delivery: Delivery) -> int:
    parts = list(delivery.parts.all())
    rows = sum(part.rows for part in parts)
    if delivery.outcome not in {Outcome.DONE, Outcome.SKIPPED}:
        raise TownRefused(
            f"The town was not imported ({delivery.get_outcome_display()}): {delivery.sentence}"
        )
    left = sum(part.rejected + part.conflicts + part.orphans for part in parts)
    if left:
        raise TownRefused(
            f"Of {rows} rows {left} were not taken over; see the report of delivery {delivery.pk}."
        )
    return rows

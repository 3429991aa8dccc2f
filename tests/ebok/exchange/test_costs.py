"""What an import writes and needs that is the same on every machine; times are `make bench`'s affair."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from ebok.exchange import pipeline
from ebok.exchange.declared import declared_datasets
from ebok.exchange.models import Delivery, Outcome
from tests.bench import written_deliveries
from tests.database import ROOT, TestDatabase, process_environment

METERS, READINGS = 100, 1_000

on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="where a row version lies is PostgreSQL's affair"
)


def take_in(path: Path) -> Delivery:
    """Through all phases, as everything there is."""
    received = pipeline.receive([path], profile="neutral", complete=True)
    return pipeline.proceed(received.pk)


def row_versions() -> set[tuple[str, str, str, str]]:
    """Which version of which row lies where in the mirror: anything written or locked changes it."""
    found: set[tuple[str, str, str, str]] = set()
    with connection.cursor() as cursor:
        for dataset in declared_datasets():
            table = apps.get_model(dataset.model)._meta.db_table
            cursor.execute(
                f"SELECT tableoid::regclass::text, ctid::text, xmin::text, xmax::text FROM {table}"
            )
            found |= set(cursor.fetchall())
        cursor.execute("SELECT 'keys', ctid::text, xmin::text, xmax::text FROM exchange_naturalkey")
        found |= set(cursor.fetchall())
    return found


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    """A thousand readings, whose customers and meters are in the mirror already."""
    network = written_deliveries.write_network(tmp_path / "network", METERS)
    for dataset in ("customers", "contracts", "service_points", "meters"):
        assert take_in(network[dataset][0]).outcome == Outcome.DONE
    return written_deliveries.write_readings(tmp_path / "readings", READINGS, METERS)


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("again", [written_deliveries.swapped, written_deliveries.shuffled])
def test_the_same_rows_in_other_bytes_write_nothing_into_the_mirror(
    readings: Path, tmp_path: Path, again: object
) -> None:
    assert callable(again)
    take_in(readings)
    before = row_versions()
    delivery = take_in(again(readings, tmp_path / "again"))

    assert (delivery.outcome, delivery.parts.get().unchanged) == (Outcome.DONE, READINGS)
    assert row_versions() == before


@on_postgresql
@pytest.mark.django_db
def test_a_changed_row_is_all_that_is_written(readings: Path, tmp_path: Path) -> None:
    take_in(readings)
    before = row_versions()
    delivery = take_in(written_deliveries.changed(readings, tmp_path / "changed"))

    assert delivery.parts.get().changed == READINGS // written_deliveries.CHANGED_SHARE
    # Each of them has one version more and one that is over.
    assert len(row_versions() - before) == READINGS // written_deliveries.CHANGED_SHARE
    assert len(before - row_versions()) == READINGS // written_deliveries.CHANGED_SHARE


def test_memory_does_not_grow_with_the_delivery(test_database: TestDatabase, tmp_path: Path) -> None:
    """A process of its own, so that nothing the tests did before hides what the import needs."""
    rows = 20_000
    network = written_deliveries.write_network(tmp_path / "network", METERS)
    paths = [network[dataset][0] for dataset in ("customers", "contracts", "service_points", "meters")]
    paths.append(written_deliveries.write_readings(tmp_path / "readings", rows, METERS))
    environment = process_environment(test_database.url(test_database.new_copy()), sample=False)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing"],
        input="".join(
            json.dumps({"do": "import", "path": str(path), "complete": True}) + "\n" for path in paths
        ),
        env={**environment, "PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    _ready, *answers = map(json.loads, done.stdout.splitlines())
    assert [answer["outcome"] for answer in answers] == ["done"] * len(paths)
    assert answers[-1]["datasets"]["readings"]["new"] == rows
    assert answers[-1]["grew"] < 64

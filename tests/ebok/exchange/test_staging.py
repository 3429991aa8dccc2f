"""The stage takes plain bytes as they are, however many rows they hold, or says that they are not plain."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.db import connection

from ebok.exchange.declared import declared_datasets
from ebok.exchange.sources import Plain
from ebok.exchange.staging import Shape, Stage, stage_of

pytestmark = pytest.mark.django_db(transaction=connection.vendor == "sqlite")

COLUMNS = ("meter_number", "customer_code", "reason", "value")


@pytest.fixture
def shape() -> Shape:
    """Readings."""
    return Shape(next(dataset for dataset in declared_datasets() if dataset.key == "readings"))


@pytest.fixture
def stage() -> Iterator[Stage]:
    """An empty stage."""
    stage = stage_of(4711)
    with stage.opened():
        yield stage
        stage.discard()


def load(stage: Stage, shape: Shape, lines: list[str], *, bare: bool) -> int | None:
    plain = Plain(lambda: io.BytesIO("".join(lines).encode()), ";", COLUMNS, 2, bare)
    with stage.writing():
        stage.make_raw(shape)
        return stage.load_plain(shape, plain, 2)


@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize("count", [0, 1, 124, 125, 126, 1000])
def test_every_row_is_there_under_its_number(stage: Stage, shape: Shape, count: int, bare: bool) -> None:
    lines = [f"M{number};;Łąka {number};{number}.5\n" for number in range(2, count + 2)]

    assert load(stage, shape, lines, bare=bare) == count
    cells = "no, meter_number, customer_code, reason, value, read_on"
    rows = stage.all(f"SELECT {cells} FROM {stage.table(shape, 'raw')} ORDER BY no")
    assert rows == [
        (number, f"M{number}", None, f"Łąka {number}", f"{number}.5", None) for number in range(2, count + 2)
    ]


@pytest.mark.parametrize("line", ["M;K;x\n", "M;K;x;1;1\n"])
@pytest.mark.parametrize("before", [0, 1, 200])
def test_a_row_of_another_width_is_not_plain(stage: Stage, shape: Shape, before: int, line: str) -> None:
    assert load(stage, shape, ["M;K;x;1\n"] * before + [line, "M;K;x;1\n"], bare=True) is None

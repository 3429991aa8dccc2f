"""Imports that are killed: nothing is lost, nothing is doubled, the next run continues."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.database import manage
from tests.ebok.exchange.interrupted import COUNTED, big_town, expected, import_with_kills


def count(database_url: str) -> dict[str, object]:
    """What the mirror and the report say."""
    said = manage(database_url, "shell", "-v", "0", "-c", COUNTED, sample=False)
    found: dict[str, object] = json.loads(said.splitlines()[-1])
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_import_continues(database_copy: Callable[[], str], tmp_path: Path, seed: int) -> None:
    database_url, runtime = database_copy(), tmp_path / "exchange"
    runtime.mkdir()
    first = big_town(tmp_path / "first")
    import_with_kills(database_url, runtime, first, kills=4, seed=seed)

    after = count(database_url)
    assert after["counts"] == expected()
    assert (after["deliveries"], after["differences"], after["orphans"]) == (1, [], 0)
    assert after["corrected"] == 400

    second = big_town(tmp_path / "second", changed=True)
    import_with_kills(database_url, runtime, second, kills=3, seed=seed + 10)
    after = count(database_url)
    assert after["counts"] == expected(changed=True)
    assert (after["deliveries"], after["differences"], after["changed"]) == (2, [], 58)

"""Imports that are killed: nothing is lost, nothing is doubled, the next run continues."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.database import manage
from tests.ebok.exchange.interrupted import COUNTED, big_town, expected, import_with_kills


def count(database_url: str) -> dict[str, object]:
    """What the mirror and the report say."""
    said = manage(database_url, "shell", "-v", "0", "-c", COUNTED, sample=False)
    found: dict[str, object] = json.loads(said.splitlines()[-1])
    return found


def test_a_killed_import_continues(database_copy: Callable[[], str], tmp_path: Path) -> None:
    """At a few moments, always the same; `make soak` kills fifty times on each database."""
    database_url, runtime = database_copy(), tmp_path / "exchange"
    runtime.mkdir()
    first = big_town(tmp_path / "first")
    import_with_kills(database_url, runtime, first, kills=5, seed=1)

    after = count(database_url)
    assert after["counts"] == expected()
    assert (after["deliveries"], after["differences"], after["orphans"]) == (1, [], 0)
    assert after["corrected"] == 400

    second = big_town(tmp_path / "second", changed=True)
    import_with_kills(database_url, runtime, second, kills=3, seed=11)
    after = count(database_url)
    assert after["counts"] == expected(changed=True)
    assert (after["deliveries"], after["differences"], after["changed"]) == (2, [], 58)

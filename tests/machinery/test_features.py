"""The table of proven rows: what is recorded, merged and printed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import features


def report(test: str, when: str, outcome: str, rows: list[str]) -> Any:
    """What pytest reports about one phase of a test."""
    return SimpleNamespace(
        nodeid=test,
        when=when,
        passed=outcome == "passed",
        failed=outcome == "failed",
        user_properties=[(features.PROPERTY, rows)] if rows else [],
    )


def run(target: Path, name: str, *reports: Any) -> None:
    """Record one run."""
    recorder = features.Recorder(name, target)
    for one in reports:
        recorder.pytest_runtest_logreport(one)
    recorder.pytest_sessionfinish()


def test_the_list_has_every_row() -> None:
    """181 rows, A01 to N06, then what goes beyond them ("C-6"), each with a title."""
    rows = features.rows()
    listed = [row for row in rows if "-" not in row]
    assert len(listed) == 181
    assert [listed[0], listed[-1]] == ["A01", "N06"]
    assert list(rows)[: len(listed)] == listed
    assert [row for row, title in rows.items() if not title.strip()] == []


def test_runs_are_merged_and_a_failure_anywhere_counts(tmp_path: Path) -> None:
    """A row is proven by a test that passes in one run and fails in none."""
    target = tmp_path / "features.json"
    run(
        target,
        "sqlite",
        report("a", "call", "passed", ["A01"]),
        report("b", "call", "passed", ["A02", "A03"]),
    )
    run(
        target, "postgresql", report("a", "call", "failed", ["A01"]), report("c", "setup", "skipped", ["A04"])
    )
    run(target, "browser", report("d", "call", "passed", ["A03"]), report("e", "call", "passed", []))
    assert features.passing(features.read_results(target)) == {"A02": ["b"], "A03": ["b", "d"]}


def test_a_failing_tear_down_proves_nothing(tmp_path: Path) -> None:
    """Whatever came before it."""
    target = tmp_path / "features.json"
    run(target, "sqlite", report("a", "call", "passed", ["A01"]), report("a", "teardown", "failed", ["A01"]))
    assert features.passing(features.read_results(target)) == {}


def test_a_new_run_replaces_the_last_of_its_name(tmp_path: Path) -> None:
    """What was proven last week and is no longer is missing."""
    target = tmp_path / "features.json"
    run(target, "sqlite", report("a", "call", "passed", ["A01"]))
    run(target, "sqlite", report("b", "call", "passed", ["A02"]))
    assert features.passing(features.read_results(target)) == {"A02": ["b"]}


def test_lines_begin_with_the_id_and_end_with_the_sum(tmp_path: Path) -> None:
    """As `make features` prints them."""
    target = tmp_path / "features.json"
    run(target, "sqlite", report("tests/a.py::b", "call", "passed", ["A01"]))
    lines = features.lines(features.read_results(target))
    assert lines[0] == "A01  proven   Public zone open to everyone on the Internet  [tests/a.py::b]"
    assert lines[1].startswith("A02  missing  ")
    assert len(lines) == len(features.rows()) + 2
    assert lines[-1].startswith(f"1 of {len(features.rows())} rows proven.")


def test_an_unknown_id_stops_the_collection() -> None:
    """A typing error would prove a row that does not exist."""
    marker = SimpleNamespace(args=("Z99",))
    item: Any = SimpleNamespace(nodeid="x", iter_markers=lambda _name: [marker], user_properties=[])
    with pytest.raises(pytest.UsageError, match="Z99"):
        features.pytest_collection_modifyitems([item])

"""Which rows of the feature list are shown to work, and by which tests.

As a pytest plugin it checks the ids of `@pytest.mark.feature(...)` and, with
`--record-features=<run>`, writes the outcomes of a full run into `var/features.json`, beside those
of the other runs (SQLite, PostgreSQL, browser). `python -m tests.features` prints one line for
each row.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROWS_FILE = HERE / "features.toml"
RESULTS_FILE = HERE.parent / "var" / "features.json"
PROPERTY = "features"


def rows() -> dict[str, str]:
    """Row id to title, in the order of the list."""
    with ROWS_FILE.open("rb") as file:
        return {row: title for area in tomllib.load(file).values() for row, title in area.items()}


# Recording -------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that makes a run count as a full one."""
    parser.addoption(
        "--record-features",
        metavar="RUN",
        default="",
        help="write which rows passing tests show into var/features.json, as the run of this name",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Record in the process that sees all reports: the controller under xdist."""
    run = config.getoption("--record-features")
    if run and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(run), "ebok-feature-recorder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hang the ids on the tests; one that is not in the list stops the run."""
    known = rows()
    unknown = []
    for item in items:
        marked = [row for marker in item.iter_markers("feature") for row in marker.args]
        unknown += [
            f"{item.nodeid}: no row {row!r} in tests/features.toml" for row in marked if row not in known
        ]
        if marked:
            item.user_properties.append((PROPERTY, sorted(set(marked))))
    if unknown:
        raise pytest.UsageError("\n".join(unknown))


class Recorder:
    """Collects outcomes of marked tests and writes them when the run ends."""

    def __init__(self, run: str, target: Path = RESULTS_FILE) -> None:
        self.run = run
        self.target = target
        self.tests: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test passes when its call passed and neither set-up nor tear-down failed."""
        marked = dict(report.user_properties).get(PROPERTY)
        if not marked:
            return
        seen = self.tests.setdefault(report.nodeid, {"rows": marked, "outcome": "skipped"})
        if report.failed:
            seen["outcome"] = "failed"
        elif report.when == "call" and report.passed and seen["outcome"] != "failed":
            seen["outcome"] = "passed"

    def pytest_sessionfinish(self) -> None:
        """Replace this run's part of the file; the other runs' parts stay."""
        runs = read_results(self.target)
        runs[self.run] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "tests": self.tests}
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self.target.write_text(json.dumps(runs, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


# Reading ---------------------------------------------------------------------------------


def read_results(source: Path = RESULTS_FILE) -> dict[str, Any]:
    """What the last full runs left, by the name of the run; empty when there was none."""
    try:
        found: dict[str, Any] = json.loads(source.read_text())
    except FileNotFoundError:
        return {}
    return found


def passing(runs: Mapping[str, Any]) -> dict[str, list[str]]:
    """Row id to the tests that carry it and failed in no run where they ran, and passed in one."""
    outcomes: defaultdict[str, set[str]] = defaultdict(set)
    marked: dict[str, Iterable[str]] = {}
    for run in runs.values():
        for test, result in run["tests"].items():
            outcomes[test].add(result["outcome"])
            marked[test] = result["rows"]
    found: defaultdict[str, list[str]] = defaultdict(list)
    for test in sorted(marked):
        if "passed" in outcomes[test] and "failed" not in outcomes[test]:
            for row in marked[test]:
                found[row].append(test)
    return dict(found)


def lines(runs: Mapping[str, Any]) -> list[str]:
    """The table `make features` prints: one line for each row, then the sum."""
    proofs = passing(runs)
    all_rows = rows()
    printed = [
        f"{row}  {'proven ' if row in proofs else 'missing'}  {title}"
        + (f"  [{', '.join(proofs[row])}]" if row in proofs else "")
        for row, title in all_rows.items()
    ]
    proven = sum(row in proofs for row in all_rows)
    when = ", ".join(f"{name} {run['at']}" for name, run in sorted(runs.items())) or "none yet"
    return [*printed, "", f"{proven} of {len(all_rows)} rows proven. Full runs: {when}."]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(read_results())) + "\n")

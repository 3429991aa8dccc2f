"""What came out of an import, in numbers and words."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from tests.bench.servers import CannotMeasure
from tests.bench.workers import Worker

MIB = 1 << 20


def p95(times: list[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(times)[int(len(times) * 0.95)] if times else 0.0


def imported(process: Worker, path: Path, wanted: dict[str, int], *, complete: bool = True) -> Any:
    """Import it; stops the bench unless exactly the wanted numbers come out."""
    answer = process.ask(do="import", path=path, complete=complete)
    dataset = path.stem if path.is_file() else path.name
    numbers = answer["datasets"].get(dataset, {})
    found = {name: number for name, number in numbers.items() if number and name != "rows"}
    if found != {name: number for name, number in wanted.items() if number}:
        raise CannotMeasure(
            f"{path.name} should give {wanted}, but gave {found}: {answer['outcome']} {answer['sentence']}"
        )
    return answer


def ratio(limit: list[float], ours: list[float]) -> float:
    """Our rate as a part of the limit's, pair by pair of the interleaved run."""
    return statistics.median(theirs / mine for theirs, mine in zip(limit, ours, strict=True))


def rates(rows: int, *times: list[float]) -> str:
    """Our rows a second, of the limit's."""
    shown = [f"{rows / statistics.median(one) / 1000:,.0f}k/s" for one in times]
    return " of ".join(shown)


def phases(answers: list[Any]) -> str:
    """Where the time went; `finish` includes `reconcile` and `tidy`."""
    names = answers[0]["took"]
    middle = {name: statistics.median(answer["took"].get(name, 0) for answer in answers) for name in names}
    return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in middle.items() if seconds >= 0.01)


def amount(wal: float, rows: int) -> str:
    """WAL as it was and for a million rows."""
    return f"{wal / MIB:.1f} MiB, {wal / MIB / rows * 1e6:.0f} MiB for a million rows"

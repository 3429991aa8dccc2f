"""Deliveries of a town of three customers, as neutral files, and what the mirror says afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ebok.billing.models import Invoice, Reading
from ebok.customers.models import Customer, Meter
from ebok.exchange import pipeline
from ebok.exchange.models import Delivery, Finding
from ebok.exchange.report import report

TOWN: dict[str, list[str]] = {
    "customers": [
        "code;name;nip;pesel;virtual_account;email",
        "K1;Anna Nowak;;44051401359;12999900001234567800000096;anna@example.org",
        "K2;Wodnik sp. z o.o.;5261040828;;;",
        "K3;Jan Lis;;;;jan@example.org",
    ],
    "contracts": [
        "customer_code;number;valid_from",
        "K1;U1;2020-01-01",
        "K2;U2;2020-01-01",
        "K3;U3;2021-05-01",
    ],
    "service_points": [
        "customer_code;code;street;house;contract_number",
        "K1;P1;Lipowa;1;U1",
        "K2;P2;Lipowa;2;U2",
        "K3;P3;Lipowa;3;",
    ],
    "meters": [
        "customer_code;point_code;number;mounted_on",
        "K1;P1;M1;2020-01-02",
        "K2;P2;M2;2020-01-02",
        "K3;P3;M3;2021-05-02",
    ],
    "invoices": [
        "customer_code;number;issued_on;due_on;net;vat;gross;open_amount;corrects_number",
        "K1;F1;2026-01-31;2026-02-14;100.00;8.00;108.00;0.00;",
        "K1;F1K;2026-02-28;2026-03-14;-10.00;-0.80;-10.80;0.00;F1",
        "K2;F2;2026-01-31;2026-02-14;50.00;4.00;54.00;54.00;",
        "K3;F3;2026-01-31;2026-02-14;20.00;1.60;21.60;21.60;",
    ],
    "readings": [
        "customer_code;meter_number;read_on;register;kind;value;usage;state",
        "K1;M1;2025-12-31;1;actual;400.000;9.000;settled",
        "K1;M1;2026-01-31;1;actual;410.500;10.500;settled",
        "K2;M2;2025-12-31;1;actual;77.000;5.000;settled",
        "K2;M2;2026-01-31;1;estimated;80.000;3.000;pending",
        "K3;M3;2026-01-31;1;customer;12.000;2.000;pending",
    ],
}

Numbers = dict[str, int]


def town(**changes: Iterable[str]) -> dict[str, list[str]]:
    """The town with the lines of some files replaced."""
    return {**TOWN, **{key: list(lines) for key, lines in changes.items()}}


def with_line(dataset: str, number: int, line: str) -> list[str]:
    """The lines of a file, one of them replaced; a number past the end adds it."""
    lines = list(TOWN[dataset])
    lines[number : number + 1] = [line]
    return lines


def write(
    folder: Path, files: Mapping[str, Sequence[str]], manifest: Mapping[str, Any] | None = None
) -> Path:
    """Write the files, and nothing else, into the folder."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for key, lines in files.items():
        (folder / f"{key}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if manifest is not None:
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


class Town:
    """Delivers files and tells what became of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(
        self,
        files: Mapping[str, Sequence[str]] | None = None,
        *,
        as_of: datetime | None = None,
        complete: bool | None = None,
        dry_run: bool = False,
        manifest: Mapping[str, Any] | None = None,
    ) -> Delivery:
        """Deliver the files (the whole town) and let the pipeline run."""
        write(self.folder, TOWN if files is None else files, manifest)
        delivery = pipeline.receive(
            [self.folder], profile="neutral", as_of=as_of, complete=complete, dry_run=dry_run
        )
        return pipeline.proceed(delivery.pk)


def numbers(delivery: Delivery, dataset: str) -> Numbers:
    """The numbers of one dataset that are not 0."""
    return {name: count for name, count in report(delivery)["datasets"][dataset].items() if count}


def findings(delivery: Delivery, kind: str | None = None) -> list[tuple[str, int | None, str]]:
    """Dataset, row number and column of every finding."""
    found = Finding.objects.filter(part__delivery=delivery).order_by("part_id", "row_number", "pk")
    if kind is not None:
        found = found.filter(kind=kind)
    return [
        (finding.part.dataset, finding.row_number, finding.column) for finding in found.select_related("part")
    ]


def mirror() -> dict[str, list[Any]]:
    """What the mirror says, without ids."""
    return {
        "customers": sorted(
            Customer.objects.values_list("code", "name", "nip", "pesel_hash", "email", "source")
        ),
        "meters": sorted(Meter.objects.values_list("customer__code", "point__code", "number", "mounted_on")),
        "invoices": sorted(
            Invoice.objects.values_list(
                "customer__code", "number", "gross", "open_amount", "corrects__number"
            ),
            key=str,
        ),
        "readings": sorted(
            Reading.objects.values_list(
                "customer__code", "meter__number", "read_on", "register", "kind", "value", "usage", "state"
            )
        ),
    }

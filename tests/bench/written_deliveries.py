"""Deliveries to measure with: as many rows as wished, written in seconds, the same ones each time.

A row is as long as those billing systems write (a reading has 55 bytes). Readings come month by month, as
billing systems deliver them; a shuffled delivery is one of the cases.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

YEAR, YEAR_BEFORE = 2025, 2024
CHANGED_SHARE = 100
"""Every so many readings one differs in the changed delivery."""

READINGS_HEADER = "customer_code;meter_number;read_on;register;kind;value;usage;state\n"
ORDER = (
    "customers",
    "contracts",
    "service_points",
    "meters",
    "invoices",
    "invoice_lines",
    "ledger",
    "payments",
    "allocations",
)
"""Datasets beside the readings, in the order in which they are applied."""


def write_network(folder: Path, customers: int) -> dict[str, tuple[Path, int]]:
    """One delivery for each dataset beside the readings: its folder and its number of rows."""
    written = {}
    for dataset in ORDER:
        rows = list(_HEADS_AND_ROWS[dataset](customers))
        target = folder / dataset
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{dataset}.csv").write_text("".join(rows), encoding="utf-8")
        written[dataset] = (target, len(rows) - 1)
    return written


def _customers(count: int) -> Iterable[str]:
    yield "code;name;kind;street;house;flat;postcode;town;email;phone\n"
    for number in range(count):
        yield (
            f"K-{number:06};Anna Nowak-Kowalska {number};household;"
            f"ul. Lipowa;{number % 200 + 1};{number % 30 + 1};62-998;Lipowo;"
            f"anna{number}@example.org;+48600{number % 1_000_000:06}\n"
        )


def _contracts(count: int) -> Iterable[str]:
    yield "customer_code;number;name;concluded_on;valid_from\n"
    for number in range(count):
        yield f"K-{number:06};U/{number:06};Umowa o zaopatrzenie w wodę;2019-12-20;2020-01-01\n"


def _points(count: int) -> Iterable[str]:
    yield "customer_code;code;name;street;house;flat;postcode;town;contract_number\n"
    for number in range(count):
        yield (
            f"K-{number:06};P-{number:06};Budynek mieszkalny;ul. Lipowa;{number % 200 + 1};{number % 30 + 1};"
            f"62-998;Lipowo;U/{number:06}\n"
        )


def _meters(count: int) -> Iterable[str]:
    yield "customer_code;point_code;number;mounted_on;mounted_state;producer;diameter;verified_to\n"
    for number in range(count):
        yield f"K-{number:06};P-{number:06};17-{number:06};2020-01-01;0.000;Apator;20;2027-12-31\n"


def _invoices(count: int) -> Iterable[str]:
    yield (
        "customer_code;number;kind;issued_on;due_on;period_from;period_to;net;vat;gross;open_amount;"
        "usage;usage_unit;contract_number\n"
    )
    for number in range(count):
        yield (
            f"K-{number:06};FV/{YEAR}/{number:06};invoice;{YEAR}-05-31;{YEAR}-06-14;{YEAR}-05-01;{YEAR}-05-31;"
            f"114.77;9.18;123.95;{'123.95' if number % 8 == 0 else '0.00'};9.000;m³;U/{number:06}\n"
        )


def _invoice_lines(count: int) -> Iterable[str]:
    yield (
        "customer_code;invoice_number;position;kind;name;point_code;meter_number;register;"
        "quantity;unit;unit_price;net;vat_rate;vat;gross\n"
    )
    for number in range(count):
        start = f"K-{number:06};FV/{YEAR}/{number:06}"
        meter = f"P-{number:06};17-{number:06};1"
        yield f"{start};1;usage;Woda;{meter};9.000;m³;5.12000;46.08;8;3.69;49.77\n"
        yield f"{start};2;usage;Ścieki;{meter};9.000;m³;7.63000;68.69;8;5.49;74.18\n"


def _ledger(count: int) -> Iterable[str]:
    yield (
        "customer_code;number;kind;title;document_number;invoice_number;booked_on;due_on;amount;open_amount\n"
    )
    for number in range(count):
        document = f"FV/{YEAR}/{number:06}"
        open_amount = "123.95" if number % 8 == 0 else "0.00"
        yield (
            f"K-{number:06};KS/{YEAR}/{number:06};invoice;Faktura {document};{document};{document};"
            f"{YEAR}-05-31;{YEAR}-06-14;123.95;{open_amount}\n"
        )


def _payments(count: int) -> Iterable[str]:
    yield "customer_code;number;paid_on;booked_on;amount;method;title\n"
    for number in range(count):
        yield (
            f"K-{number:06};WB/{YEAR}/{number:06};{YEAR}-06-10;{YEAR}-06-11;123.95;transfer;"
            f"FV/{YEAR}/{number:06}\n"
        )


def _allocations(count: int) -> Iterable[str]:
    yield "customer_code;payment_number;entry_number;amount;booked_on\n"
    for number in range(count):
        yield f"K-{number:06};WB/{YEAR}/{number:06};KS/{YEAR}/{number:06};123.95;{YEAR}-06-11\n"


_HEADS_AND_ROWS = {
    "customers": _customers,
    "contracts": _contracts,
    "service_points": _points,
    "meters": _meters,
    "invoices": _invoices,
    "invoice_lines": _invoice_lines,
    "ledger": _ledger,
    "payments": _payments,
    "allocations": _allocations,
}


# Readings ----------------------------------------------------------------------------------


def write_readings(folder: Path, rows: int, meters: int, *, year: int = YEAR) -> Path:
    """Readings of the meters, month by month, in `readings.csv` of the folder."""
    chance = random.Random(year)
    states = [0] * meters
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "readings.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(READINGS_HEADER)
        for number in range(rows):
            month, meter = divmod(number, meters)
            usage = chance.randint(1, 20)
            states[meter] += usage
            file.write(
                f"K-{meter:06};17-{meter:06};{year}-{month % 12 + 1:02}-{28 - month // 12:02};1;actual;"
                f"{states[meter]}.000;{usage}.000;settled\n"
            )
    return path


def swapped(source: Path, folder: Path) -> Path:
    """The same rows, of which two have changed places: not the same bytes any more."""
    lines = _lines(source)
    lines[1], lines[2] = lines[2], lines[1]
    return _written(folder / source.name, lines)


def changed(source: Path, folder: Path) -> Path:
    """The same rows in the same order; in one of every hundred the usage is another."""
    lines = _lines(source)
    for place in range(1, len(lines), CHANGED_SHARE):
        cells = lines[place].split(b";")
        cells[6] = b"99.000"
        lines[place] = b";".join(cells)
    return _written(folder / source.name, lines)


def shuffled(source: Path, folder: Path) -> Path:
    """The same rows in another order."""
    head, *rows = _lines(source)
    random.Random(1).shuffle(rows)
    return _written(folder / source.name, [head, *rows])


def first_rows(source: Path, folder: Path, rows: int) -> Path:
    """The header and so many rows."""
    folder.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file, (folder / source.name).open("wb") as out:
        for _ in range(rows + 1):
            out.write(file.readline())
    return folder / source.name


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _written(path: Path, lines: list[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(lines)
    return path

"""Small deliveries for tests: files in a folder, taken in through the pipeline."""

from __future__ import annotations

from pathlib import Path

from ebok.exchange import pipeline
from ebok.exchange.models import Delivery, ExchangeSettings

CUSTOMERS = ["code;name;email;phone;postcode;since_on"] + [
    f"K-{number:06d};Klient {number};k{number}@example.org;600100{number:03d};62-200;2019-04-{number:02d}"
    for number in range(1, 11)
]
LEDGER = ["customer_code;number;kind;booked_on;due_on;amount;open_amount"] + [
    f"K-{number:06d};N/{number};invoice;2026-05-01;2026-05-15;{number}.50;{number}.50"
    for number in range(1, 11)
]


def write(folder: Path, **files: list[str]) -> Path:
    """`customers=[…]` becomes `customers.csv`; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def take_in(folder: Path, *, changes: bool = False, way_in: str = "command") -> Delivery:
    """Through all phases, as a command would."""
    received = pipeline.receive(
        [folder], profile="neutral", complete=False if changes else None, way_in=way_in
    )
    return pipeline.proceed(received.pk)


def changed(lines: list[str], **cells: str) -> list[str]:
    """The lines with other cells: `**{"K-000003": "Klient 3=Anna"}` replaces text in that row."""
    found = []
    for line in lines:
        change = cells.get(line.split(";")[0], "")
        old, _sign, new = change.partition("=")
        found.append(line.replace(old, new) if change else line)
    return found


def configure(**values: object) -> None:
    """Change the settings of the exchange, as the administrator would."""
    settings = ExchangeSettings.load()
    for name, value in values.items():
        setattr(settings, name, value)
    settings.save()

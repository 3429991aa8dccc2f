"""The demo town: what its billing system says is right, closed and adds up, whatever the seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from ebok.exchange.declared import declared_datasets
from ebok.exchange.validation import canonical, clean_row
from ebok.operations.town import rows as town_rows
from ebok.operations.town import streets
from ebok.operations.town.rows import BY_DATASET
from ebok.operations.town.streets import STREETS
from ebok.operations.town.town import Town
from ebok.ports.datasets import Dataset, Stored

Cells = Mapping[str, str]
GROSZ = Decimal("0.01")


def delivered(town: Town) -> dict[str, list[Cells]]:
    """Every row of the town by dataset, cells by column."""
    found: dict[str, list[Cells]] = {key: [] for key in BY_DATASET}
    for portion in town.rows():
        for key, rows in portion.of.items():
            names = BY_DATASET[key]._fields  # type: ignore[attr-defined]  # named tuples
            found[key] += [dict(zip(names, row, strict=True)) for row in rows]
    return found


@cache
def a_town(seed: int = 1) -> dict[str, list[Cells]]:
    """A town of 150 customers, made once."""
    return delivered(Town(customers=150, seed=seed))


def datasets() -> Iterator[Dataset]:
    """The declared datasets the town has rows for."""
    return (dataset for dataset in declared_datasets() if dataset.key in BY_DATASET)


def of_customers(rows: list[Cells]) -> dict[str, list[Cells]]:
    """Rows by the code of their customer."""
    found = defaultdict(list)
    for row in rows:
        found[row["customer_code"]].append(row)
    return found


def sum_of(rows: list[Cells], column: str) -> Decimal:
    """The sum of a column."""
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def test_rows_have_the_declared_columns_in_their_order() -> None:
    assert {dataset.key: tuple(column.name for column in dataset.columns) for dataset in datasets()} == {
        key: row._fields  # type: ignore[attr-defined]  # named tuples
        for key, row in BY_DATASET.items()
    }


def test_streets_are_those_of_the_outages() -> None:
    from snippets.outages.demo import ACROSS, ALONG, OTHERS  # the core itself knows no snippets

    drawn = f"{ACROSS}|{ALONG}".replace("\n", "|").split("|")
    others = [f"{prefix} {name}" for prefix, name in OTHERS]
    assert [*STREETS] == [*(f"ul. {name}" for name in drawn), *others]


def test_nobody_shares_a_house_or_flat() -> None:
    houses = {streets.house(index) for index in range(1, 50_001)}
    flats = {streets.flat(index) for index in range(1, 50_001)}
    assert (len(houses), len(flats)) == (50_000, 50_000)
    assert not {(home.street, home.house) for home in houses} & {(home.street, home.house) for home in flats}


def test_every_row_is_right_and_spelled_canonically() -> None:
    with override("en"):
        for dataset in datasets():
            rows = a_town()[dataset.key]
            assert rows, dataset.key
            for cells in rows:
                clean = clean_row(dataset, cells)
                assert (clean.errors, clean.warnings) == ([], []), (dataset.key, cells)
                for column in dataset.columns:
                    if column.stored is Stored.AS_IS:
                        assert canonical(column, clean.values[column.name]) == cells[column.name], (
                            dataset.key,
                            column.name,
                        )


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_keys_are_unique_and_references_lead_somewhere(seed: int) -> None:
    town = a_town(seed)
    declared = {dataset.key: dataset for dataset in datasets()}
    keys = {
        key: {tuple(row[name] for name in dataset.natural_key): row for row in town[key]}
        for key, dataset in declared.items()
    }
    for key, dataset in declared.items():
        assert len(keys[key]) == len(town[key]), key
        for column in dataset.lookups:
            filled = [row[column] for row in town[key] if row[column]]
            assert len(set(filled)) == len(filled), (key, column)
        for reference in dataset.references:
            for row in town[key]:
                name = tuple(row[column] for column in reference.columns)
                if not any(name):
                    assert not reference.required, (key, row)
                    continue
                found = keys[reference.dataset][name]
                if reference.same_owner and "customer_code" in found and reference.dataset != "customers":
                    assert found["customer_code"] == row["customer_code"], (key, row)


@pytest.mark.parametrize("seed", [1, 2])
def test_lines_are_quantity_times_price_and_invoices_are_their_lines(seed: int) -> None:
    town = a_town(seed)
    lines = defaultdict(list)
    for line in town["invoice_lines"]:
        net = (Decimal(line["quantity"]) * Decimal(line["unit_price"])).quantize(GROSZ, ROUND_HALF_UP)
        vat = (net * Decimal(line["vat_rate"]) / 100).quantize(GROSZ, ROUND_HALF_UP)
        assert (Decimal(line["net"]), Decimal(line["vat"])) == (net, vat), line
        assert Decimal(line["gross"]) == net + vat
        if (
            line["read_to"]
            and line["kind"] == "usage"
            and line["name"] == "Woda"
            and "FK/" not in line["invoice_number"]
        ):
            assert Decimal(line["read_to"]) - Decimal(line["read_from"]) == Decimal(line["quantity"]), line
        lines[line["invoice_number"]].append(line)
    assert {invoice["number"] for invoice in town["invoices"]} == set(lines)
    for invoice in town["invoices"]:
        for column in ("net", "vat", "gross"):
            assert Decimal(invoice[column]) == sum_of(lines[invoice["number"]], column), invoice


def test_prices_are_those_of_the_tariff_on_the_day() -> None:
    town = a_town()
    prices = {
        (row["tariff_code"], row["valid_from"], row["name"]): row["net_price"]
        for row in town["tariff_components"]
    }
    tariffs = {point["code"]: point["tariff_code"] for point in town["service_points"]}
    periods = {row["number"]: row for row in town["invoices"]}
    versions = sorted({row["valid_from"] for row in town["tariff_versions"]})
    assert len(versions) >= 2
    changes = 0
    for line in town["invoice_lines"]:
        period = periods[line["invoice_number"]]
        if period["kind"] == "correction":
            continue
        possible = {
            prices[tariffs[line["point_code"]], version, line["name"]]
            for version in versions
            if version <= period["period_to"]
            and f"{int(version[:4]) + 1}{version[4:]}" > period["period_from"]
        }
        assert line["unit_price"] in possible, line
        changes += len(possible) > 1
    assert changes > 0, "no period has a change of prices in it"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**63), months=st.integers(1, 40))
def test_open_amounts_are_charges_less_payments(seed: int, months: int) -> None:
    town = delivered(Town(customers=60, months=months, seed=seed))
    ledger, payments = of_customers(town["ledger"]), of_customers(town["payments"])
    allocations = of_customers(town["allocations"])
    for customer in town["customers"]:
        code = customer["code"]
        charged = [entry for entry in ledger[code] if entry["kind"] != "overpayment"]
        kept = [payment for payment in payments[code] if not payment["reversed_on"]]
        assert sum_of(ledger[code], "open_amount") == sum_of(charged, "amount") - sum_of(kept, "amount"), code
        over = [entry for entry in ledger[code] if entry["kind"] == "overpayment"]
        assert sum_of(allocations[code], "amount") == sum_of(kept, "amount") + sum_of(over, "open_amount"), (
            code
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_invoices_and_ledger_agree_to_the_grosz(seed: int) -> None:
    town = a_town(seed)
    entries = {row["invoice_number"]: row for row in town["ledger"] if row["invoice_number"]}
    assert set(entries) == {row["number"] for row in town["invoices"]}
    for invoice in town["invoices"]:
        entry = entries[invoice["number"]]
        assert (entry["amount"], entry["open_amount"]) == (invoice["gross"], invoice["open_amount"])
        assert (entry["booked_on"], entry["due_on"]) == (invoice["issued_on"], invoice["due_on"])
        assert bool(invoice["paid_on"]) == (Decimal(invoice["open_amount"]) == 0)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for allocation in town["allocations"]:
        paid[allocation["entry_number"]] += Decimal(allocation["amount"])
    corrected = {row["customer_code"] for row in town["invoices"] if row["kind"] == "correction"}
    for entry in town["ledger"]:
        if Decimal(entry["amount"]) > 0 and entry["customer_code"] not in corrected:
            assert Decimal(entry["amount"]) - paid[entry["number"]] == Decimal(entry["open_amount"]), entry


def test_readings_go_on_from_each_other_and_name_the_line_that_settled_them() -> None:
    town = a_town()
    lines = {(row["invoice_number"], row["position"]): row for row in town["invoice_lines"]}
    last: dict[tuple[str, str], Decimal] = {}
    for reading in town["readings"]:
        if reading["state"] in {"rejected", "unsettled"}:
            continue
        key, value = (reading["meter_number"], reading["register"]), Decimal(reading["value"])
        if reading["usage"]:
            assert value - last.get(key, Decimal(0)) == Decimal(reading["usage"]), reading
            assert Decimal(reading["usage"]) >= 0
        last[key] = value
        if reading["invoice_number"]:
            line = lines[reading["invoice_number"], reading["invoice_position"]]
            assert reading["state"] == "settled"
            assert line["meter_number"] in {"", reading["meter_number"]}
            assert not line["read_to_on"] or line["read_from_on"] < reading["read_on"] <= line["read_to_on"]
        else:
            assert not reading["usage"] or reading["state"] == "pending"
    assert {reading["kind"] for reading in town["readings"]} == {"actual", "estimated", "customer", "remote"}
    assert {reading["state"] for reading in town["readings"]} == {
        "pending",
        "settled",
        "unsettled",
        "rejected",
    }


def test_nothing_is_dated_after_the_last_day() -> None:
    town = Town(customers=80, until=date(2025, 2, 28), months=13)
    found = delivered(town)
    assert town.calendar.last_day == date(2025, 2, 28)
    for key, column in (
        ("invoices", "issued_on"),
        ("invoices", "paid_on"),
        ("readings", "read_on"),
        ("ledger", "booked_on"),
        ("payments", "booked_on"),
        ("payments", "reversed_on"),
        ("allocations", "booked_on"),
        ("meters", "mounted_on"),
        ("meters", "removed_on"),
    ):
        assert max(row[column] for row in found[key]) <= "2025-02-28", (key, column)


def test_the_town_is_mixed() -> None:
    town = delivered(Town(customers=600))
    kinds = [row["kind"] for row in town["customers"]]
    assert set(kinds) == {"household", "company", "community", "institution", "farm"}
    assert 0.8 < kinds.count("household") / len(kinds) < 0.9
    assert {row["method"] for row in town["payments"]} == {
        "transfer",
        "cash",
        "card",
        "blik",
        "online",
        "debit",
    }
    assert {row["kind"] for row in town["ledger"]} == {"invoice", "interest", "demand", "overpayment"}
    assert {row["vat_rate"] for row in town["tariff_components"]} == {"8", "23"}
    assert {row["service"] for row in town["service_points"]} >= {
        "water", "water_sewage", "rain", "waste", "heat", "electricity",
    }  # fmt: skip
    water = {row["number"] for row in town["meters"] if row["unit"] == "m³"}
    used = {
        month: sum_of(
            [
                row
                for row in town["readings"]
                if row["read_on"][5:7] == month and row["usage"] and row["meter_number"] in water
            ],
            "usage",
        )
        for month in ("02", "07")
    }
    assert used["07"] > used["02"] * Decimal("1.1")


def test_women_have_their_surnames() -> None:
    from ebok.operations.town.names import surname

    women = [surname(name, woman=True) for name in ("Kowalski", "Nowak", "Głowacki")]
    assert women == ["Kowalska", "Nowak", "Głowacka"]
    assert surname("Kamiński", woman=False) == "Kamiński"


def test_a_customer_is_the_same_in_a_larger_town() -> None:
    small, large = a_town(), delivered(Town(customers=200, seed=1))
    for key, rows in small.items():
        assert large[key][: len(rows)] == rows, key


def test_money_is_written_with_its_sign() -> None:
    assert [town_rows.money(value) for value in (0, 5, -5, 12345, -12345)] == [
        "0.00", "0.05", "-0.05", "123.45", "-123.45",
    ]  # fmt: skip
    assert town_rows.thousandths(-12_005) == "-12.005"

"""The stories of the demo town are there, and each is what docs/demo-town.md says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ebok.exchange.checks_of_text import ksef_crc
from ebok.operations.demo_world import ACCOUNTS
from ebok.operations.town import stories
from ebok.operations.town.rows import BY_DATASET
from ebok.operations.town.stories import BUCKETS, STORIES, code_of
from ebok.operations.town.town import UNTIL, Town

Cells = Mapping[str, str]
DOCUMENT = Path(__file__).parents[3] / "docs" / "demo-town.md"


@cache
def the_town(seed: int = 1) -> dict[str, list[Cells]]:
    """The first customers of a town: its stories."""
    found: dict[str, list[Cells]] = {key: [] for key in BY_DATASET}
    for portion in Town(customers=max(STORIES), seed=seed).rows():
        for key, rows in portion.of.items():
            names = BY_DATASET[key]._fields  # type: ignore[attr-defined]  # named tuples
            found[key] += [dict(zip(names, row, strict=True)) for row in rows]
    return found


def of(story: int, dataset: str, **wanted: str) -> list[Cells]:
    """Rows of a story's customer that look as wanted."""
    return [
        row
        for row in the_town()[dataset]
        if row.get("customer_code", row.get("code")) == code_of(story)
        and all(row[name] == text for name, text in wanted.items())
    ]


def only(story: int, dataset: str, **wanted: str) -> Cells:
    """The one row of a story that looks as wanted."""
    (found,) = of(story, dataset, **wanted)
    return found


def total(rows: list[Cells], column: str) -> Decimal:
    """The sum of a column."""
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def balance(story: int) -> Decimal:
    """What the customer owes."""
    return total(of(story, "ledger"), "open_amount")


def usages(story: int) -> list[Decimal]:
    """What the main meters counted, reading by reading."""
    return [Decimal(row["usage"]) for row in of(story, "readings") if row["usage"]]


def overdue(entry: Cells) -> int:
    """Days since the date of payment, on the town's last day."""
    return (UNTIL - date.fromisoformat(entry["due_on"])).days


def test_every_story_is_documented() -> None:
    documented = set(re.findall(r"K-\d{6}", DOCUMENT.read_text(encoding="utf-8")))
    assert documented == {code_of(story) for story in STORIES}


def test_stories_have_numbers_one_after_another() -> None:
    assert sorted(STORIES) == list(range(1, stories.FIRST_ORDINARY))


def test_home_belongs_to_the_demo_account() -> None:
    account = next(account for account in ACCOUNTS if account.role == "client")
    home = only(stories.DEMO_CLIENT, "customers")
    assert (home["name"], home["email"]) == (f"{account.first_name} {account.last_name}", account.email)
    assert {row["role"] for row in of(stories.HOME, "meters")} == {"metered", "garden"}
    assert balance(stories.HOME) > 0, "something to pay in the demo"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_stories_hold_for_other_seeds(seed: int) -> None:
    town = the_town(seed)
    debts: dict[str, list[int]] = {code_of(story): [] for story in BUCKETS}
    for entry in town["ledger"]:
        if entry["customer_code"] in debts and Decimal(entry["open_amount"]) > 0:
            debts[entry["customer_code"]].append(overdue(entry))
    for story, (least, most) in BUCKETS.items():
        beyond = [days for days in debts[code_of(story)] if days > 0 or story == stories.NOT_DUE]
        assert len(beyond) == 1, story
        assert least <= beyond[0] <= most


def test_moving_in() -> None:
    assert only(stories.MOVING_IN, "customers")["since_on"] == "2026-08-01"
    assert {row["read_on"][:7] for row in of(stories.MOVING_IN, "readings")} == {
        "2026-08",
        "2026-09",
        "2026-10",
    }


def test_dual_tariff_meter_has_two_registers() -> None:
    point = only(stories.DUAL_TARIFF, "service_points", service="electricity")
    meter = only(stories.DUAL_TARIFF, "meters", point_code=point["code"])
    registers = of(stories.DUAL_TARIFF, "registers", meter_number=meter["number"])
    assert [(row["number"], row["name"], row["unit"]) for row in registers] == [
        ("1", "dzienna", "kWh"),
        ("2", "nocna", "kWh"),
    ]
    days = {row["register"]: 0 for row in of(stories.DUAL_TARIFF, "readings", meter_number=meter["number"])}
    assert days == {"1": 0, "2": 0}


def test_manager_has_forty_points() -> None:
    assert len(of(stories.MANAGER, "service_points")) == stories.MANAGED_POINTS == 40
    assert len(of(stories.MANAGER, "meters")) == 40
    assert len({row["house"] for row in of(stories.MANAGER, "service_points")}) == 40
    assert only(stories.MANAGER, "customers")["correspondence_street"] == "pl. Wolności"


def test_overpaid_customer() -> None:
    assert balance(stories.OVERPAID) < 0
    assert of(stories.OVERPAID, "ledger", kind="overpayment")


def test_debtor_has_debts_of_every_age_and_every_kind() -> None:
    ages = [overdue(row) for row in of(stories.DEBTOR, "ledger") if Decimal(row["open_amount"]) > 0]
    for least, most in BUCKETS.values():
        assert any(least <= days <= most for days in ages), (least, most)
    assert of(stories.DEBTOR, "ledger", kind="interest")
    assert of(stories.DEBTOR, "ledger", kind="demand")


def test_leak() -> None:
    found = usages(stories.LEAK)
    assert min(found[-3:]) > 4 * max(found[:-3])


def test_stuck_meter() -> None:
    found = usages(stories.STUCK_METER)
    assert (found[-7:], 0 in found[:-7]) == ([0] * 7, False)


def test_meter_exchange_is_consistent() -> None:
    old, new = of(stories.EXCHANGE, "meters")
    assert (old["is_active"], new["is_active"], new["removed_on"]) == ("0", "1", "")
    assert old["removed_on"] == new["mounted_on"]
    last = of(stories.EXCHANGE, "readings", meter_number=old["number"])[-1]
    assert (last["read_on"], last["value"]) == (old["removed_on"], old["removed_state"])
    first = of(stories.EXCHANGE, "readings", meter_number=new["number"])[0]
    assert Decimal(first["value"]) - Decimal(new["mounted_state"]) == Decimal(first["usage"])
    invoice = first["invoice_number"]
    assert last["invoice_number"] == invoice
    assert len(of(stories.EXCHANGE, "invoice_lines", invoice_number=invoice, name="Woda")) == 2


def test_corrections_are_a_chain_of_two() -> None:
    first, second = of(stories.CORRECTIONS, "invoices", kind="correction")
    wrong = only(stories.CORRECTIONS, "invoices", number=first["corrects_number"])
    assert (wrong["kind"], second["corrects_number"]) == ("invoice", first["number"])
    assert Decimal(first["gross"]) < 0 < Decimal(second["gross"])
    chain = [row["number"] for row in (wrong, first, second)]
    water = [
        row
        for number in chain
        for row in of(stories.CORRECTIONS, "invoice_lines", invoice_number=number, name="Woda")
    ]
    reading = only(stories.CORRECTIONS, "readings", invoice_number=wrong["number"])
    assert total(water, "quantity") == Decimal(reading["usage"])
    assert water[-1]["read_to"] == reading["value"]


def test_customer_without_a_meter() -> None:
    point = only(stories.NO_METER, "service_points")
    assert (of(stories.NO_METER, "meters"), of(stories.NO_METER, "readings")) == ([], [])
    assert (point["settlement_form"], point["norm_code"], point["persons"]) == ("flat", "N3", "4")
    line = of(stories.NO_METER, "invoice_lines", name="Woda")[-1]
    assert Decimal(line["quantity"]) == Decimal("2.7") * 4 * 2


def test_change_of_tenants() -> None:
    before, after = (
        only(stories.TENANT_BEFORE, "service_points"),
        only(stories.TENANT_AFTER, "service_points"),
    )
    assert [before[name] for name in ("street", "house", "flat")] == [
        after[name] for name in ("street", "house", "flat")
    ]
    assert (before["status"], after["status"]) == ("closed", "active")
    assert before["code"] != after["code"]
    meter = only(stories.TENANT_AFTER, "meters")
    assert of(stories.TENANT_BEFORE, "meters") == []
    last, first = of(stories.TENANT_BEFORE, "readings")[-1], of(stories.TENANT_AFTER, "readings")[0]
    assert last["meter_number"] == first["meter_number"] == meter["number"]
    assert last["value"] == first["value"]
    assert date.fromisoformat(first["read_on"]) - date.fromisoformat(last["read_on"]) == timedelta(days=1)
    assert of(stories.TENANT_BEFORE, "invoices")[-1]["kind"] == "final"


def test_ksef_offline_gets_its_number_later() -> None:
    offline = of(stories.KSEF_OFFLINE, "invoices", ksef_mode="offline24")
    assert len(offline) == 4
    *assigned, waiting = offline
    assert (waiting["ksef_number"], waiting["ksef_accepted_at"]) == ("", "")
    assert waiting["ksef_sha256"] == ""
    for invoice in assigned:
        number = invoice["ksef_number"]
        assert ksef_crc(number[:32]) == number[33:]
        assert invoice["ksef_accepted_at"][:10] > invoice["issued_on"]
        assert number[11:19] == invoice["ksef_accepted_at"][:10].replace("-", "")
        assert date.fromisoformat(invoice["ksef_accepted_at"][:10]).weekday() < 5
    online = of(stories.KSEF_OFFLINE, "invoices", ksef_mode="online")
    assert all(invoice["ksef_accepted_at"][:10] == invoice["issued_on"] for invoice in online)


def test_closed_customer() -> None:
    closed = only(stories.CLOSED, "customers")
    assert closed["status"] == "closed"
    assert only(stories.CLOSED, "contracts")["valid_to"] == "2026-05-31"
    assert of(stories.CLOSED, "invoices")[-1]["kind"] == "final"
    assert balance(stories.CLOSED) == 0


def test_names_that_are_hard_to_show() -> None:
    assert 200 <= len(only(stories.LONG_NAME, "customers")["name"]) <= 255
    assert only(stories.POLISH_LETTERS, "customers")["name"].endswith("Łódź-Żółć")


def test_legalisation_ends_soon() -> None:
    ends = date.fromisoformat(only(stories.LEGALISATION_ENDS, "meters")["verified_to"])
    assert UNTIL < ends <= UNTIL + timedelta(days=90)


def test_rejected_and_unsettled_readings() -> None:
    rejected = only(stories.REJECTED_READING, "readings", state="rejected")
    assert (rejected["kind"], bool(rejected["reason"]), rejected["invoice_number"]) == ("customer", True, "")
    assert only(stories.REJECTED_READING, "readings", state="unsettled")


def test_returned_payment_counts_no_more() -> None:
    (returned,) = [row for row in of(stories.RETURNED_PAYMENT, "payments") if row["reversed_on"]]
    assert of(stories.RETURNED_PAYMENT, "allocations", payment_number=returned["number"]) == []
    assert of(stories.RETURNED_PAYMENT, "payments", title=returned["title"], reversed_on="")


def test_heat_suspended_rain_and_waste() -> None:
    assert only(stories.HEAT, "service_points", service="heat")
    assert of(stories.HEAT, "invoice_lines", name="Ciepło", vat_rate="23")
    assert only(stories.SUSPENDED, "service_points")["status"] == "suspended"
    assert [row["service"] for row in of(stories.RAIN_AND_WASTE, "service_points")] == [
        "water_sewage",
        "rain",
        "waste",
    ]


def test_estimates_are_made_good_by_a_real_reading() -> None:
    readings = of(stories.ESTIMATED, "readings")
    assert [row["kind"] for row in readings[-10:]] == ["estimated"] * 9 + ["actual"]


def test_garden_meter_lowers_sewage() -> None:
    invoice = of(stories.GARDEN, "invoices", period_to="2026-08-31") or of(
        stories.GARDEN, "invoices", period_to="2026-07-31"
    )
    number = invoice[0]["number"]
    water = total(of(stories.GARDEN, "invoice_lines", invoice_number=number, name="Woda"), "quantity")
    sewage = total(of(stories.GARDEN, "invoice_lines", invoice_number=number, name="Ścieki"), "quantity")
    garden = next(row["number"] for row in of(stories.GARDEN, "meters") if row["role"] == "garden")
    watered = total(of(stories.GARDEN, "readings", invoice_number=number, meter_number=garden), "usage")
    assert watered > 0
    assert sewage == water - watered

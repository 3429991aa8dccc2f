"""Three readings in one form, one doubtful: to the clerk, to the billing system, back with the bill."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.browser.billing_system import Bill, Line, archive, table
from tests.browser.demo import living_town
from tests.browser.journeys import after, eventually, in_town, looked_at, outcome, picture, taken, upload
from tests.browser.signing_in import EMAIL
from tests.browser.visiting import Combination
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PHONE = Combination("pl", 390, "light", scripts=True)
WARSAW = ZoneInfo("Europe/Warsaw")
GROWN = (60, 70, 2500)
"""Cubic metres since the reading before; the last is far beyond what is usual."""
REMARK = "Pękła rura w piwnicy, hydraulik był w środę."
KNOWN = """
import json
from ebok.billing.models import Reading
from ebok.customers.models import Customer, Meter
owner = Customer.objects.get(code="K-000004")
meters = Meter.objects.filter(customer=owner, removed_on=None, role="metered", unit="m³")
found = []
for meter in meters.select_related("point").order_by("number")[:3]:
    last = Reading.objects.filter(meter=meter, register=1).latest("read_on")
    found.append({
        "number": meter.number, "point": meter.point.code, "state": str(last.value),
        "on": last.read_on.isoformat(),
    })
print("KNOWN", json.dumps({"code": owner.code, "account": owner.virtual_account, "meters": found}))
"""
"""Three meters of the demo's property manager, as the billing system knows them."""


@pytest.fixture(scope="module")
def town(runtime: Path) -> Iterator[Portal]:
    """A demo town with worker and timer."""
    with living_town(runtime) as portal:
        yield portal


@pytest.mark.feature("F01", "F03", "F06", "F07", "F08", "F09", "L11")
def test_from_the_form_to_the_bill_that_settled_them(
    visitor: Callable[..., Page], town: Portal, runtime: Path, tmp_path: Path
) -> None:
    """The whole way of three readings, as everybody concerned sees it."""
    known = json.loads(after("KNOWN", in_town(runtime, KNOWN)))
    states = {
        meter["number"]: int(Decimal(meter["state"])) + grown
        for meter, grown in zip(known["meters"], GROWN, strict=True)
    }
    client = visitor("manager", PHONE)
    chooses(client, town, known, list(states))
    sends(client, town, states)
    is_confirmed(client, town, list(states))

    accepts(visitor("employee"), town, states)
    administrator = visitor("administrator")
    rows = exports(administrator, town)
    assert {row["meter_number"]: row["value"] for row in rows} == {
        number: f"{state}.000" for number, state in states.items()
    }
    assert shown_states(client, town) == dict.fromkeys(states, "przekazany do rozliczenia")

    bill = settled_by(known, rows)
    upload(administrator, town.url, delivery(tmp_path / "rozliczenie.zip", bill, rows), changes=True)
    assert outcome(administrator) == "Przejęta"
    assert "nie ma nic do przejrzenia" in administrator.locator(".ebok-exchange-verdict").inner_text()
    assert shown_states(client, town) == dict.fromkeys(states, "rozliczony")
    follows_to_the_bill(client, town, bill, list(states))


def chooses(page: Page, town: Portal, known: dict[str, Any], numbers: list[str]) -> None:
    """By the navigation: forty points are too many for one form, so three are ticked."""
    page.goto(f"{town.url}/moje-konto/")
    assert known["code"] in page.locator("header").inner_text()
    page.locator("nav a[href$='/odczyty/']:visible").first.click()
    page.wait_for_url("**/odczyty/")
    looked_at(page, town, urlsplit(page.url).path)
    page.get_by_role("link", name="Podaj odczyt").first.click()
    page.wait_for_url("**/wybierz/**")
    looked_at(page, town, urlsplit(page.url).path)
    for number in numbers:
        page.get_by_label(f"Licznik {number}", exact=True).check()
    page.get_by_role("button", name="Podaj odczyt zaznaczonych").click()
    page.wait_for_url("**/podaj/?**")


def sends(page: Page, town: Portal, states: dict[str, int]) -> None:
    """The doubtful one is asked back while typing; with a tick and a remark it goes out with the others."""
    for number, state in states.items():
        card = page.locator("section.eb-meter", has_text=f"Licznik {number}")
        card.locator("input.eb-counter").fill(str(state))
        card.locator("input.eb-counter").press("Tab")
    doubtful = page.locator("section.eb-meter", has_text=f"Licznik {list(states)[-1]}")
    warning = doubtful.locator(".eb-note--due")
    warning.wait_for()
    assert page.locator(".eb-note--due").count() == 1
    picture(page, "ostrzezenie")
    page.get_by_role("button", name="Wyślij odczyt").click()
    page.wait_for_selector(".govuk-error-summary")
    picture(page, "do-potwierdzenia")
    assert "potwierdź" in page.locator(".govuk-error-summary").inner_text()
    warning.get_by_label("Stan jest dobry").check()
    warning.get_by_label("Uwaga").fill(REMARK)
    page.get_by_role("button", name="Wyślij odczyt").click()
    page.wait_for_url("**/wyslane/**")
    looked_at(page, town, urlsplit(page.url).path)


def is_confirmed(page: Page, town: Portal, numbers: list[str]) -> None:
    """On the page, in the history and by e-mail."""
    assert shown_states(page, town) == {
        number: "sprawdzamy" if number == numbers[-1] else "przyjęty" for number in numbers
    }
    letter = page.locator("a.eb-row", has_text=EMAIL["manager"])

    def has_come() -> bool:
        page.goto(f"{town.url}/skrzynka/?co=email")
        return letter.count() > 0

    eventually(has_come, "the confirmation by e-mail")
    letter.first.click()
    text = page.locator(".eb-letter-text").inner_text()
    for number in numbers:
        assert number in text
    picture(page, "potwierdzenie")


def shown_states(page: Page, town: Portal) -> dict[str, str]:
    """What the history says about each reading of today."""
    page.goto(f"{town.url}/moje-konto/odczyty/")
    found = {}
    for row in page.locator("main a.eb-row").all():
        number = re.search(r"Licznik (\S+)", row.inner_text())
        if number:
            found[number[1]] = row.locator(".govuk-tag, .eb-tag").inner_text().strip()
    today = f"{datetime.now(WARSAW):%d.%m.%Y}"
    for row in page.locator("main tbody tr", has_text=today).all():
        cells = [text.strip() for text in row.locator("th, td").all_inner_texts()]
        found[cells[1]] = cells[5]
    return found


def accepts(page: Page, town: Portal, states: dict[str, int]) -> None:
    """From the queue, with the history beside; the two that raised no question are not there."""
    page.goto(f"{town.url}/pracownik/")
    page.locator("nav a[href$='/odczyty/']:visible").first.click()
    page.wait_for_url("**/pracownik/odczyty/")
    doubtful = list(states)[-1]
    looked_at(page, town, urlsplit(page.url).path)
    row = page.locator("main tbody tr", has_text=doubtful)
    assert REMARK in row.inner_text()
    for number in list(states)[:-1]:
        assert page.locator("main tbody tr", has_text=number).count() == 0
    row.locator("a").first.click()
    page.wait_for_url(re.compile(r"/pracownik/odczyty/\d+/"))
    looked_at(page, town, urlsplit(page.url).path)
    assert REMARK in page.locator("main").inner_text()
    page.get_by_role("button", name="Przyjmij").click()
    page.wait_for_selector(".eb-note--ok, .govuk-notification-banner, .eb-message")
    picture(page, "przyjety")
    page.goto(f"{town.url}/pracownik/odczyty/")
    assert page.locator("main tbody tr", has_text=doubtful).count() == 0


def exports(page: Page, town: Portal) -> list[dict[str, str]]:
    """One batch of what waits; its file as the billing system gets it."""
    page.goto(f"{town.url}/admin/")
    page.get_by_role("button", name="Wymiana danych").click()
    page.get_by_role("link", name="Paczki eksportu").click()
    page.wait_for_url("**/admin/wymiana/paczki/")
    outlet = page.locator(".ebok-exchange-outlet", has_text="Odczyty podane przez klientów")
    outlet.get_by_role("button").click()
    page.wait_for_selector(".ebok-exchange-facts")
    picture(page, "paczka")
    content = taken(page, page.get_by_role("link", name="Pobierz plik"))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def settled_by(known: dict[str, Any], rows: list[dict[str, str]]) -> Bill:
    """The invoice the billing system makes of the exported readings."""
    today = datetime.now(WARSAW).date()
    before = {meter["number"]: meter for meter in known["meters"]}
    lines = []
    for row in rows:
        meter = before[row["meter_number"]]
        earlier = (date.fromisoformat(meter["on"]), Decimal(meter["state"]))
        now = (date.fromisoformat(row["read_on"]), Decimal(row["value"]))
        lines.append(
            Line(
                name="Woda",
                quantity=now[1] - earlier[1],
                unit="m³",
                price=Decimal("5.44"),
                point=row["point_code"],
                meter=row["meter_number"],
                before=earlier,
                now=now,
            )
        )
    return Bill(
        customer=known["code"],
        account=known["account"],
        number=f"FV/{today:%Y/%m}/J00002",
        issued_on=today,
        since=min(line.before[0] for line in lines if line.before) + timedelta(days=1),
        lines=lines,
    )


def delivery(path: Path, bill: Bill, rows: list[dict[str, str]]) -> Path:
    """The invoice and the readings it settled."""
    place = {line.meter: position for position, line in enumerate(bill.lines, start=1)}
    settled = [
        {
            "customer_code": row["customer_code"],
            "meter_number": row["meter_number"],
            "read_on": row["read_on"],
            "register": row["register"],
            "kind": "customer",
            "value": row["value"],
            "usage": bill.lines[place[row["meter_number"]] - 1].quantity,
            "state": "settled",
            "invoice_number": bill.number,
            "invoice_position": place[row["meter_number"]],
        }
        for row in rows
    ]
    return archive(path, {**bill.files(), "readings.csv": table(settled)})


def follows_to_the_bill(page: Page, town: Portal, bill: Bill, numbers: list[str]) -> None:
    """By the link in the history; the state of the doubtful meter stands on the bill."""
    page.goto(f"{town.url}/moje-konto/odczyty/")
    looked_at(page, town, "/moje-konto/odczyty/")
    page.locator("main tbody tr", has_text=numbers[-1]).first.get_by_role("link", name=bill.number).click()
    page.wait_for_url(re.compile(r"/moje-konto/faktury/\d+/$"))
    main = re.sub(r"\s", " ", page.locator("main").inner_text())
    assert bill.number in main
    for number in numbers:
        assert number in main
    picture(page, "faktura")

"""An administrator sends a file with ten errors, reads the report, mends the rejects and sends them again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.demo import background_worker, demo_portal
from tests.browser.journeys import in_town, outcome, upload
from tests.browser.signing_in import sign_in
from tests.browser.visiting import Combination, open_context
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

DESKTOP = Combination("pl", 1280, "light", scripts=True)
PHONE = Combination("pl", 390, "light", scripts=True)
# On a phone without scripts Wagtail's own side bar lies over the page.
PLAIN = Combination("pl", 1280, "light", scripts=False)
HEADER = "code;name;kind;email;phone;postcode;since_on;nip"
WRONG = {
    1: ("email", "to nie adres"),
    2: ("phone", "12"),
    3: ("postcode", "622"),
    4: ("since_on", "2019-02-30"),
    5: ("name", ""),
    6: ("kind", "statek"),
    7: ("nip", "1234567890"),
    8: ("code", "J|8"),
    9: ("email", "jan@"),
    10: ("since_on", "kiedyś"),
}
"""Ten planted errors: the customer's number, the column, what stands there."""
FORGET = """
from ebok.customers.models import Customer, GroupMember
from ebok.exchange.models import NaturalKey
ours = Customer.objects.filter(code__startswith="J-")
GroupMember.objects.filter(customer__in=ours).delete()
NaturalKey.objects.filter(pk__in=ours.values("pk")).delete()
ours.delete()
"""
NAMES = """
from ebok.customers.models import Customer
ours = Customer.objects.filter(code__startswith="J-").order_by("code")
print(*ours.values_list("name", flat=True), sep="|")
"""


def row(number: int) -> dict[str, str]:
    """A customer without an error."""
    return {
        "code": f"J-{number:04d}",
        "name": f"Klient {number}",
        "kind": "household",
        "email": f"j{number}@example.org",
        "phone": f"600200{number:03d}",
        "postcode": "62-200",
        "since_on": f"2019-04-{number:02d}",
        "nip": "5261040828",
    }


def write_delivery(path: Path) -> Path:
    """Twenty customers, ten of them wrong."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER.split(";"), delimiter=";")
        writer.writeheader()
        for number in range(1, 21):
            cells = row(number)
            if number in WRONG:
                column, text = WRONG[number]
                cells[column] = text
            writer.writerow(cells)
    return path


def mend(path: Path, mended: Path) -> Path:
    """What a person does in a spreadsheet: put right what the last column says is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    reason = next(name for name in rows[0] if name.startswith("e-BOK"))
    assert len(rows) == len(WRONG)
    for place, cells in enumerate(rows, start=1):
        column, _text = WRONG[place]
        assert column in cells[reason]
        cells[column] = row(place)[column]
    with mended.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return mended


@pytest.fixture(scope="module")
def town(runtime: Path) -> Iterator[Portal]:
    """A demo town with a background worker."""
    with demo_portal(runtime) as portal, background_worker(runtime, portal.url):
        yield portal


@pytest.fixture(params=[DESKTOP, PHONE, PLAIN], ids=str)
def office(request: pytest.FixtureRequest, browser: Browser, town: Portal) -> Iterator[Page]:
    """The administrator's window: on a desk, on a phone, without scripts."""
    context = open_context(browser, town.url, request.param)
    page = context.new_page()
    sign_in(page, town.url, "administrator")
    yield page
    context.close()


@pytest.mark.feature("L11")
def test_ten_errors_are_mended_and_everything_is_in(
    office: Page, town: Portal, runtime: Path, tmp_path: Path
) -> None:
    in_town(runtime, FORGET)
    upload(office, town.url, write_delivery(tmp_path / "customers.csv"), changes=True)
    assert outcome(office) == "Przejęta"
    found = office.locator(".ebok-exchange-finding")
    assert found.count() == len(WRONG)
    for place, text in ((0, "to nie adres"), (2, "622"), (5, "statek"), (7, "J|8")):
        assert text in found.nth(place).inner_text()
    with office.expect_download() as download:
        office.locator(".ebok-exchange-downloads a").first.click()
    rejects = tmp_path / "odrzucone.csv"
    download.value.save_as(rejects)
    upload(office, town.url, mend(rejects, tmp_path / "poprawione.csv"))
    assert outcome(office) == "Przejęta"
    assert "nie ma nic do przejrzenia" in office.locator(".ebok-exchange-verdict").inner_text()
    assert in_town(runtime, NAMES).strip().splitlines()[-1].split("|") == [
        f"Klient {number}" for number in range(1, 21)
    ]

"""From a printed invoice to the account, a second factor, and a tenant who sees readings only."""

from __future__ import annotations

import email
import email.policy
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from tests.browser.demo import SETTINGS, background_worker, demo_portal
from tests.browser.journeys import after, eventually, in_town, looked_at
from tests.browser.visiting import Combination
from tests.database import manage
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PHONE = Combination("pl", 390, "light", scripts=False)
PASSWORD = "Cztery-wiadra-deszczu-9"
TENANT = "najemca@lipowo.example"
PRINTED = """
import json
from django.db.models import Count, Max, Min
from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.customers.models import Customer
months = Invoice.objects.values("customer").annotate(
    first=Min("issued_on"), last=Max("issued_on"), number=Count("pk")
).filter(number__gte=10).order_by("customer")
taken = User.objects.values("email")
regular = [row["customer"] for row in months]
known = Customer.objects.exclude(email="").exclude(email__in=taken).filter(pk__in=regular)
owner = known.filter(accesses__isnull=True).order_by("pk").first()
newest = Invoice.objects.filter(customer=owner, kind="invoice", is_cancelled=False).latest("issued_on", "pk")
print("FOUND", json.dumps({
    "code": owner.code, "number": newest.number, "amount": f"{newest.gross:.2f}".replace(".", ","),
    "email": owner.email,
}))
"""
"""Somebody of the town with a printed invoice, whose mailbox the billing data know."""
HISTORY = """
from ebok.accounts.models import User
from ebok.billing.queries import invoices_for
from ebok.customers.access import accesses_of
days = [
    invoice.issued_on
    for access in accesses_of(User.objects.get(email="{email}")) if "bills" in access.scopes
    for invoice in invoices_for(access.customer)
]
print("DAYS", (max(days) - min(days)).days if days else 0)
"""


@pytest.fixture(scope="module")
def town(runtime: Path) -> Iterator[Portal]:
    """A demo town with customers and two years of their bills."""
    with demo_portal(runtime) as portal:
        url = f"sqlite:///{runtime / 'ebok.sqlite3'}"
        environment = {**SETTINGS, "EBOK_RUNTIME_DIR": str(runtime)}
        manage(url, "demo_town", "--customers", "40", "--load", sample=False, **environment)
        # Letters wait in the outbox until the worker sends them.
        with background_worker(runtime, portal.url):
            yield portal


@pytest.mark.feature("B02", "B03", "B05", "C-6")
def test_from_a_printed_invoice_to_a_tenant(
    visitor: Callable[..., Page], town: Portal, runtime: Path
) -> None:
    """The whole way, as the utility's customers go it."""
    printed = json.loads(after("FOUND", in_town(runtime, PRINTED)))
    page = visitor()
    register(page, town, printed)
    looked_at(page, town, "/rejestracja/poczta/")
    page.goto(town.url + link_to(runtime, printed["email"], "potwierdz"))
    page.locator("main form button").click()
    page.wait_for_url("**/moje-konto/")
    assert printed["code"] in page.locator("header").inner_text()
    assert int(after("DAYS", in_town(runtime, HISTORY.format(email=printed["email"])))) > 600
    secret = set_up_second_factor(page, town)
    sign_in_with_it(visitor(), town, printed["email"], secret)
    invite_a_tenant(page, town)
    tenant = visitor(combination=PHONE)
    accept(tenant, town, link_to(runtime, TENANT, "zaproszenie"))
    sees_readings_only(tenant, town, runtime)
    end_the_access(page, town)
    tenant.goto(f"{town.url}/moje-konto/")
    assert printed["code"] not in tenant.locator("body").inner_text()


def register(page: Page, town: Portal, printed: dict[str, str]) -> None:
    """From the page that explains it, with a wrong amount first."""
    page.goto(f"{town.url}/rejestracja/")
    looked_at(page, town, "/rejestracja/")
    page.locator("main a[href$='/faktura/']").click()
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector(".govuk-error-summary")
    looked_at(page, town, "/rejestracja/faktura/")
    for name in ("code", "number", "amount"):
        page.locator(f"input[name={name}]").fill(printed[name])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/rejestracja/konto/")
    looked_at(page, town, "/rejestracja/konto/")
    page.locator("input[name=email]").fill(printed["email"])
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/rejestracja/poczta/")


def set_up_second_factor(page: Page, town: Portal) -> str:
    """An application for codes, by allauth's own pages; its secret."""
    page.goto(f"{town.url}/konto/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/2fa/totp/activate/")
    secret = re.sub(r"\s", "", page.locator(".eb-secret").inner_text())
    assert re.fullmatch(r"[A-Z2-7]{16,64}", secret)
    page.locator("input[name=code]").fill(code_of(secret))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "totp/activate" not in url)
    return secret


def sign_in_with_it(page: Page, town: Portal, login: str, secret: str) -> None:
    """Password, then a code; one that was used is not taken again."""
    page.goto(f"{town.url}/konto/login/")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/2fa/authenticate/**")
    used = code_of(secret)
    eventually(lambda: code_of(secret) != used, "the next code", seconds=40)
    page.locator("input[name=code]").first.fill(code_of(secret))
    page.locator("input[name=code]").first.press("Enter")
    page.wait_for_url("**/moje-konto/**")


def invite_a_tenant(page: Page, town: Portal) -> None:
    """By the navigation; the boxes are ticked as a tenant's."""
    page.goto(f"{town.url}/moje-konto/")
    page.locator("nav a[href$='/dostep/']").first.click()
    looked_at(page, town, "/moje-konto/dostep/")
    page.locator("main a[href$='/zapros/']").click()
    page.locator("main a[href$='rola=tenant']").click()
    ticked = page.locator("input[name=scopes]:checked").evaluate_all("boxes => boxes.map(box => box.value)")
    assert ticked == ["readings"]
    looked_at(page, town, "/moje-konto/dostep/zapros/?rola=tenant")
    page.locator("input[name=email]").fill(TENANT)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/moje-konto/dostep/")
    assert TENANT in page.locator("main").inner_text()


def accept(page: Page, town: Portal, link: str) -> None:
    """On a phone without scripts: a password, and in."""
    page.goto(town.url + link)
    page.locator("input[name=password]").fill("Piec-kaloryferow-i-kot-3")
    page.locator("input[name=again]").fill("Piec-kaloryferow-i-kot-3")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/moje-konto/")


def sees_readings_only(page: Page, town: Portal, runtime: Path) -> None:
    """No page that asks for another scope, and no way to one."""
    addresses = json.loads(after("PAGES", in_town(runtime, PAGES)))
    assert addresses["refused"]
    for path in addresses["refused"]:
        answer = page.goto(town.url + path)
        assert answer is not None
        assert (path, answer.status) == (path, 404)
    for path in addresses["open"]:
        answer = page.goto(town.url + path)
        assert answer is not None
        assert (path, answer.status) == (path, 200)
    page.goto(f"{town.url}/moje-konto/")
    targets = page.locator("nav a").evaluate_all("links => links.map(link => link.pathname)")
    assert not set(targets) & set(addresses["refused"])
    assert any(target.endswith("/moj-dostep/") for target in targets)
    assert int(after("DAYS", in_town(runtime, HISTORY.format(email=TENANT)))) == 0


PAGES = """
import json
from django.utils import translation
from ebok.testing.urls import zone_urls
translation.activate("pl")
asking = [url for url in zone_urls() if url.zone == "client" and url.scopes and not url.parameters
          and hasattr(url.callback.view_class, "get")
          and "get" in url.callback.view_class.http_method_names]
print("PAGES", json.dumps({
    "refused": [url.path() for url in asking if "readings" not in url.scopes],
    "open": [url.path() for url in asking if "readings" in url.scopes],
}))
"""
"""Every page of the client zone that asks for a scope, also those of modules yet to come."""


def end_the_access(page: Page, town: Portal) -> None:
    """The owner ends it; it works at once."""
    page.goto(f"{town.url}/moje-konto/dostep/")
    page.locator(f"main a.eb-row:has-text('{TENANT}')").first.click()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/moje-konto/dostep/")


def link_to(runtime: Path, address: str, kind: str) -> str:
    """The path of a link in the newest letter to that mailbox."""
    found: list[str] = []

    def has_come() -> bool:
        for file in sorted((runtime / "mail").glob("*"), key=lambda path: path.stat().st_mtime):
            for raw in file.read_bytes().split(b"-" * 79 + b"\n"):
                letter = email.message_from_bytes(raw, policy=email.policy.default)
                body = letter.get_body(("plain",)) if letter["To"] == address else None
                match = re.search(rf"https?://[^/\s]+(/\S*/{kind}/\S+)", body.get_content()) if body else None
                if match:
                    found.append(match[1])
        return bool(found)

    eventually(has_come, f"a letter to {address}")
    return found[-1]


def code_of(secret: str) -> str:
    """The code an application would show now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

"""Signing in through the portal's own form, once for each role."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from ebok.operations.demo_world import ACCOUNTS, DEMO_PASSWORD

EMAIL = {account.role: account.email for account in ACCOUNTS}
ROLE_OF_ZONE = {"client": "client", "employee": "employee", "mobile": "technician"}
"""Which demo account walks which zone; others are walked by the administrator."""


def sign_in(page: Page, base: str, role: str) -> None:
    """Fill in the form as a person would. Raises `AssertionError` when that person is not let in."""
    page.goto(f"{base}/konto/login/")
    page.locator("input[name=login]").fill(EMAIL[role])
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(
        lambda url: "/konto/login" not in url or page.locator(".govuk-error-summary").count() > 0
    )
    assert "/konto/login" not in page.url, f"{role} was not let in: {page.locator('main').inner_text()[:400]}"


def session_of(browser: Browser, base: str, role: str) -> Any:
    """Cookies of a signed-in person, for any number of contexts."""
    context = browser.new_context()
    try:
        sign_in(context.new_page(), base, role)
        return context.storage_state()
    finally:
        context.close()

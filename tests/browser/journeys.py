"""What journeys have in common: filling in any form, waiting, looking into the town."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.demo import SETTINGS
from tests.database import manage

PATIENCE_SECONDS = 15
HUMAN_SECONDS = 4
"""Forms that come back faster than a person can type are taken for a machine's."""


def fill_in(page: Page, given: dict[str, str] | None = None) -> None:
    """Answer every visible question of the page's main form somehow; `given` by the type of the field."""
    values = {
        "email": "anna@lipowo.example",
        "number": "12",
        "tel": "600 000 789",
        "date": "2026-11-20",
        **(given or {}),
    }
    names = set()
    for choice in page.locator(
        "main form input[type=radio]:visible, main form input[type=checkbox]:visible"
    ).all():
        name = choice.get_attribute("name")
        if name not in names:
            names.add(name)
            choice.check()
    for select in page.locator("main form select:visible").all():
        select.select_option(index=1)
    for field in page.locator("main form input:visible, main form textarea:visible").all():
        kind = field.get_attribute("type") or "text"
        mode = field.get_attribute("inputmode") or ""
        if field.get_attribute("tabindex") == "-1":
            # What a person cannot reach is there for machines.
            continue
        if kind in ("radio", "checkbox", "file", "submit", "hidden", "search"):
            continue
        if kind == "text" and mode in ("numeric", "decimal"):
            kind = "number"
        if kind == "text" and (field.get_attribute("autocomplete") or "") == "email":
            kind = "email"
        field.fill(values.get(kind, "Ogrodowa 14, Lipowo"))


def eventually(question: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Ask until it is so; a page in the cache may be served once more while it is renewed."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, f"still not so after {seconds} s: {what}"
        time.sleep(0.5)


def in_town(runtime: Path, code: str) -> str:
    """Run a few lines of Python in the demo town; returns what they printed."""
    url = f"sqlite:///{runtime / 'ebok.sqlite3'}"
    return manage(url, "shell", "-c", code, sample=False, **SETTINGS, EBOK_RUNTIME_DIR=str(runtime))

"""What journeys have in common: filling in any form, waiting, looking into the town."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.browser.addresses import Address
from tests.browser.demo import SETTINGS
from tests.browser.visiting import visit
from tests.database import manage
from tests.processes import Portal

PATIENCE_SECONDS = 60
"""What runs in the background gives way to everything else on a busy machine."""
PICTURES = os.environ.get("EBOK_JOURNEY_PICTURES", "")
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


def after(word: str, printed: str) -> str:
    """What stands behind the word at the beginning of a line."""
    return next(line for line in printed.splitlines() if line.startswith(word)).removeprefix(word).strip()


def looked_at(page: Page, town: Portal, path: str) -> None:
    """The page as it stands has no fault that the walk would find. It is opened once more for that."""
    found = visit(page, town.url, Address(path, "pl", "", ""))
    assert found.problems == [], "\n".join(found.problems)
    picture(page, path)


def picture(page: Page, name: str) -> None:
    """A picture of the whole page; see `kept`."""
    if PICTURES:
        width = (page.viewport_size or {"width": 0})["width"]
        kept(page.screenshot(full_page=True), f"{name.partition('?')[0]}-{width}.png")


def kept(content: bytes, name: str) -> None:
    """Lay a file where `EBOK_JOURNEY_PICTURES` names a folder, for a person who wants to look."""
    if PICTURES:
        folder = Path(PICTURES)
        place = len(list(folder.iterdir()))
        clean = re.sub(r"[^a-z0-9.-]+", "_", name.strip("/")) or "start"
        (folder / f"{place:03}-{clean}").write_bytes(content)


def taken(page: Page, link: Locator) -> bytes:
    """The file behind a link, as the browser stores it."""
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_bytes()


# Deliveries ------------------------------------------------------------------------------


def upload(page: Page, base: str, *files: Path, changes: bool = False) -> None:
    """Upload a delivery as its administrator and wait for the report, however the page learns of it."""
    page.goto(f"{base}/admin/wymiana/nowa/")
    page.locator("input[type=file]").set_input_files(list(files))
    if changes:
        page.locator("input[value=changes]").check()
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/admin/wymiana/\d+/"))
    eventually(lambda: is_over(page), "the delivery is finished")


def is_over(page: Page) -> bool:
    """Whether the report is there; without scripts a person presses "Odśwież"."""
    if page.locator("#postep").count() == 0:
        return True
    if not page.evaluate("Boolean(window.htmx)"):
        page.locator("#postep a").click()
    return False


def outcome(page: Page) -> str:
    """The word at the top of the report."""
    return page.locator(".ebok-exchange-verdict__word").inner_text().strip()

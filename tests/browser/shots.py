"""`python -m tests.browser.shots`: a picture of every walked page under var/shots/, and an index page.

For a person who wants to leaf through the whole product in a minute: desktop beside phone.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import django
from playwright.sync_api import Browser, Page

from tests import sample_plugin  # noqa: F401 (settings look for plugins where the tests do)

WIDTHS = (1280, 390)
TARGET = Path(__file__).resolve().parents[2] / "var" / "shots"
WINDOW_HEIGHT = 900
TALLEST = 4_000
"""Pixels of a page that are shown; nobody leafs through more."""


def main() -> None:
    """Start the demo town, take all pictures, write the index."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.test")
    django.setup()
    # These read the registry, which is there only now.
    from tests.browser.chromium import chromium
    from tests.browser.demo import demo_portal

    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory(prefix="ebok-shots-") as folder,
        demo_portal(Path(folder) / "runtime") as portal,
        chromium() as browser,
    ):
        taken = list(_shots(browser, portal.url))
    (TARGET / "index.html").write_text(_index(taken), encoding="utf-8")
    sys.stdout.write(f"\n{len(taken)} pages: {TARGET / 'index.html'}\n")


def _shots(browser: Browser, base: str) -> Iterator[tuple[str, str, str]]:
    """Path, title and file name of each page, as its pictures are taken."""
    from tests.browser.addresses import Surveyor
    from tests.browser.conftest import cookie_header
    from tests.browser.signing_in import ROLE_OF_ZONE, session_of
    from tests.browser.visiting import Combination, open_context

    roles = sorted({*ROLE_OF_ZONE.values(), "administrator"})
    sessions = {role: session_of(browser, base, role) for role in roles}
    pages = Surveyor(base, {role: cookie_header(state) for role, state in sessions.items()}).survey()
    tabs: dict[tuple[str, int], Page] = {}
    for place, address in enumerate(pages):
        name = f"{place:03}-{re.sub(r'[^a-z0-9-]+', '_', address.path.strip('/'))[:80] or 'start'}"
        title = ""
        for width in WIDTHS:
            if (address.role, width) not in tabs:
                look = Combination("pl", width, "light", scripts=True)
                tabs[address.role, width] = open_context(
                    browser, base, look, sessions.get(address.role)
                ).new_page()
            page = tabs[address.role, width]
            page.goto(base + address.path)
            title = page.title()
            height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
            # As tall as the page: a bar at the lower edge of the window stands below, not across it.
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=TARGET / f"{name}-{width}.png")
            page.set_viewport_size({"width": width, "height": WINDOW_HEIGHT})
        sys.stdout.write(f"\r{place + 1}/{len(pages)} {address.path[:60]:60}")
        sys.stdout.flush()
        yield address.path, title, name


def _index(taken: list[tuple[str, str, str]]) -> str:
    figures = "\n".join(
        f"<section id='{name}'><h2>{escape(path)} <small>{escape(title)}</small></h2><div>"
        + "".join(
            f"<a href='{escape(name)}-{width}.png'>"
            f"<img loading='lazy' src='{escape(name)}-{width}.png' alt='{width} px' width='{width // 2}'></a>"
            for width in WIDTHS
        )
        + "</div></section>"
        for path, title, name in taken
    )
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>e-BOK, every page</title>"
        "<style>body{font:16px system-ui;margin:2rem;background:#eee}section{margin:0 0 3rem}"
        "div{display:flex;gap:1rem;align-items:start}img{border:1px solid #999;background:#fff}"
        "small{color:#555;font-weight:400}</style>"
        f"<h1>e-BOK, {len(taken)} pages</h1>{figures}</html>\n"
    )


if __name__ == "__main__":
    main()

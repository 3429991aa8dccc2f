"""Debian's Chromium through Playwright, one for each test process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """Where the machine's Chromium lies; `.ci/browser.sh` says which. Raises `RuntimeError` without one."""
    found = os.environ.get("EBOK_CHROMIUM")
    if not found:
        raise RuntimeError("No Chromium is named in EBOK_CHROMIUM: start this through .ci/browser.sh")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()

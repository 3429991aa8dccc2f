"""A running demo town, a browser, and everything there is to walk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_socket
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.addresses import Address, Surveyor
from tests.browser.chromium import chromium
from tests.browser.demo import demo_portal
from tests.browser.signing_in import ROLE_OF_ZONE, session_of, sign_in
from tests.browser.visiting import Combination, open_context
from tests.database import locked
from tests.processes import Portal


def pytest_addoption(parser: pytest.Parser) -> None:
    """How thorough the walk is."""
    parser.addoption(
        "--walk", choices=("pairwise", "full"), default="pairwise", help="combinations of the page walk"
    )


@pytest.fixture(scope="session")
def demo_runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime folder of this process's demo town."""
    return tmp_path_factory.mktemp("demo") / "runtime"


@pytest.fixture(scope="session")
def demo(demo_runtime: Path) -> Iterator[Portal]:
    """A server of the demo town that tests only read."""
    with demo_portal(demo_runtime) as portal:
        yield portal


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for this process."""
    # Playwright talks to the browser through pipes and to nobody else.
    pytest_socket.enable_socket()
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def sessions(browser: Browser, demo: Portal) -> dict[str, Any]:
    """Cookies of every demo role that walks."""
    return {
        role: session_of(browser, demo.url, role)
        for role in sorted({*ROLE_OF_ZONE.values(), "administrator"})
    }


@pytest.fixture(scope="session")
def surveyed(
    demo: Portal, sessions: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> Any:
    """What the surveyor found, once for a run: pages, unreached addresses, and the HTML of each page."""
    kept = tmp_path_factory.getbasetemp().parent / f"survey-{testrun_uid}.json"
    with locked("survey"):
        if not kept.exists():
            cookies = {role: cookie_header(state) for role, state in sessions.items()}
            surveyor = Surveyor(demo.url, cookies)
            pages = [vars(address) for address in surveyor.survey()]
            kept.write_text(json.dumps([pages, surveyor.unreached(), surveyor.texts]))
    return json.loads(kept.read_text())


@pytest.fixture(scope="session")
def survey(surveyed: Any) -> tuple[list[Address], list[str]]:
    """All pages to walk, and the named addresses of which there is no example."""
    return [Address(**page) for page in surveyed[0]], surveyed[1]


@pytest.fixture(scope="session")
def texts(surveyed: Any) -> dict[str, str]:
    """The HTML of each page by its path, as the server sent it to whoever walks the page."""
    found: dict[str, str] = surveyed[2]
    return found


def cookie_header(state: Any) -> str:
    """The session as the header a plain client sends."""
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in state["cookies"])


@pytest.fixture
def window(
    browser: Browser, demo: Portal, sessions: dict[str, Any]
) -> Iterator[Callable[..., BrowserContext]]:
    """`window(combination, role)`: a browser window, closed after the test."""
    opened: list[BrowserContext] = []

    def make(combination: Combination, role: str = "") -> BrowserContext:
        context = open_context(browser, demo.url, combination, sessions[role] if role else None)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


# Journeys, each in a town of its own: the file has a fixture `town` ---------------------------------------

DESKTOP = Combination("pl", 1280, "light", scripts=True)


@pytest.fixture(scope="module")
def runtime(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime folder of the town that the journeys of a file change."""
    return tmp_path_factory.mktemp(request.module.__name__.rpartition(".")[2]) / "runtime"


@pytest.fixture
def visitor(browser: Browser, town: Portal) -> Iterator[Callable[..., Page]]:
    """`visitor()`: a fresh browser window; `visitor("client")`: signed in."""
    opened: list[BrowserContext] = []

    def make(role: str = "", combination: Combination = DESKTOP) -> Page:
        context = open_context(browser, town.url, combination)
        opened.append(context)
        page = context.new_page()
        if role:
            sign_in(page, town.url, role)
        return page

    yield make
    for context in opened:
        context.close()

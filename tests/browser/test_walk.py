"""The page walk: every page there is, as the people and the devices that come to it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import BrowserContext, Page

from ebok.plugins.registry import registry
from ebok.testing.urls import named_urls
from tests.browser.addresses import Address
from tests.browser.combinations import FULL, PAIRWISE, pairs
from tests.browser.visiting import Combination, visit
from tests.database import ROOT
from tests.processes import Portal

pytestmark = pytest.mark.browser

Survey = tuple[list[Address], list[str]]
VALIDATOR = ROOT / "templates" / "theme" / "node_modules" / ".bin" / "html-validate"
RULES = Path(__file__).with_name("htmlvalidate.json")
PLAIN_AT = {width: Combination("pl", width, "light", scripts=True) for width in (1280, 320)}
PLAIN = PLAIN_AT[1280]
PARTS = 3
"""Each combination is walked in so many tests, so that processes share the work evenly."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The chosen combinations."""
    if "combination" in metafunc.fixturenames:
        chosen = FULL if metafunc.config.getoption("--walk") == "full" else PAIRWISE
        metafunc.parametrize("combination", chosen, ids=str)


def test_the_cut_loses_no_pair() -> None:
    """Each two values meet in some combination."""
    assert pairs(PAIRWISE) == pairs(FULL)


def test_the_walk_finds_its_way(survey: Survey) -> None:
    """Both languages, all zones, and an example of every address that has parameters."""
    pages, unreached = survey
    roles = {page.role for page in pages}
    assert {page.language for page in pages} == {"pl", "en"}
    assert {"", "client", "employee", "technician"} <= roles
    walked = {page.name for page in pages}
    fronts = {f"{zone}:{plugin.key}:dashboard" for zone, (_zone, plugin) in registry.zones.items()}
    assert fronts <= walked & {url.name for url in named_urls()}
    assert unreached == [], "Link to these from a page, or say in NOT_REACHED why nobody does."


@pytest.mark.feature("A13", "M13", "M16", "M17")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page(
    part: int,
    combination: Combination,
    survey: Survey,
    demo: Portal,
    window: Callable[..., BrowserContext],
) -> None:
    """axe and console are silent, no other host is asked, no sideways scroll."""
    pages = [page for page in survey[0] if page.language == combination.language][part::PARTS]
    tabs: dict[str, Page] = {}
    found: dict[str, list[str]] = {}

    for address in pages:
        if address.role not in tabs:
            tabs[address.role] = window(combination, address.role).new_page()
        seen = visit(tabs[address.role], demo.url, address, scripts=combination.scripts)
        if seen.problems:
            found[address.path] = seen.problems

    if found:
        pytest.fail(listing(found) + demo.last_error(), pytrace=False)


def test_titles_are_unique(survey: Survey, texts: dict[str, str]) -> None:
    """A person with many tabs finds the right one; in each language."""
    titles: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for address in survey[0]:
        titles[address.language, title_of(texts[address.path])].append(address.path)
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def title_of(html: str) -> str:
    """The title, which every page must have."""
    (title,) = lxml.html.fromstring(html).xpath("/html/head/title")
    return str(title.text_content()).strip()


@pytest.mark.feature("A13")
def test_html_is_valid(texts: dict[str, str], tmp_path: Path) -> None:
    """As the server sent it, held to the HTML standard by html-validate."""
    if not VALIDATOR.exists():
        pytest.fail("html-validate is not installed: run `make theme` (npm ci in templates/theme).")
    files: dict[str, str] = {}
    for place, (path, html) in enumerate(texts.items()):
        file = tmp_path / f"{place}.html"
        file.write_text(html)
        files[str(file)] = path
    answer = tmp_path / "answer.json"
    with answer.open("wb") as output:  # a pipe loses the end of a long answer
        done = subprocess.run(
            ["node", str(VALIDATOR), "--config", str(RULES), "--formatter", "json", *files],
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=300,
            check=False,
        )
    assert answer.stat().st_size, done.stderr
    found = {
        files[result["filePath"]]: [
            f"{message['line']}: {message['ruleId']}: {message['message']}" for message in result["messages"]
        ]
        for result in json.loads(answer.read_text())
        if result["messages"]
    }
    if found:
        pytest.fail(listing(found), pytrace=False)


@pytest.mark.feature("A13")
@pytest.mark.parametrize("role", ["", "client", "employee", "technician"])
def test_skip_link_leads_to_the_content(
    role: str, survey: Survey, demo: Portal, window: Callable[..., BrowserContext]
) -> None:
    """The first stop of the Tab key; Enter jumps over the navigation."""
    address = next(page for page in survey[0] if page.role == role and page.language == "pl")
    page = window(PLAIN, role).new_page()
    page.goto(demo.url + address.path)
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    assert target, f"{address.path}: the first Tab stop is no link"
    assert target.startswith("#")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate(
        "id => { const main = document.getElementById(id);"
        " return main.contains(document.activeElement) || Boolean(main.compareDocumentPosition("
        "document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING); }",
        target[1:],
    )
    assert inside, f"{address.path}: after the skip link, Tab goes back before the content"


@pytest.mark.feature("B15")
def test_zone_pages_say_where_one_is(survey: Survey, texts: dict[str, str]) -> None:
    """On every page of every zone one entry of the navigation is marked as the place where one is."""
    zone_pages = [address.path for address in survey[0] if address.role]
    assert zone_pages
    lost = [
        path for path in zone_pages if not lxml.html.fromstring(texts[path]).xpath("//nav//*[@aria-current]")
    ]
    assert lost == []


@pytest.mark.feature("A12")
@pytest.mark.parametrize("width", [1280, 320])
def test_larger_text_scrolls_no_page_sideways(
    width: int, survey: Survey, demo: Portal, window: Callable[..., BrowserContext]
) -> None:
    """150 % text, chosen through the portal's own control, on public pages and in every zone."""
    tabs: dict[str, Page] = {}
    found = {}
    for address in survey[0]:
        if address.language != "pl":
            continue
        if address.role not in tabs:
            tabs[address.role] = window(PLAIN_AT[width], address.role).new_page()
            tabs[address.role].goto(f"{demo.url}/wyglad/?tekst=150&wroc=/")
        page = tabs[address.role]
        page.goto(demo.url + address.path)
        text, over = page.evaluate(
            "[document.documentElement.dataset.text,"
            " document.documentElement.scrollWidth - document.documentElement.clientWidth]"
        )
        if text != "150" or over > 0:
            found[address.path] = f"text {text}, {over} px too wide"
    assert found == {}


def listing(found: dict[str, list[str]]) -> str:
    """Problems as a list to work through, page by page."""
    return "\n" + "\n".join(
        f"{path}\n" + "\n".join(f"    {problem}" for problem in found[path]) for path in found
    )


def test_node_is_there() -> None:
    """html-validate needs it; the machine's own or the one from the Python package."""
    assert shutil.which("node"), "The browser walk needs Node.js: apt-get install nodejs"

"""One visit of one page, and everything that must be right about it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from ebok.look.variants import COOKIE
from tests.browser.addresses import Address
from tests.database import ROOT

REVIEWED = Path(__file__).with_name("reviewed.toml")
NEWER_AXE = ROOT / "templates" / "theme" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event =>
  console.error("CSP: " + event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile));
"""
RUN_AXE = """([tags, preload]) => axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations", "incomplete"], preload
}).then(found => ["violations", "incomplete"].flatMap(kind => found[kind].flatMap(rule =>
  rule.nodes.map(node => ({
    kind, rule: rule.id, target: node.target.flat().join(" "), html: node.html.slice(0, 160),
    why: [...node.any, ...node.all, ...node.none].map(check => check.message).join(" ").slice(0, 240)
  })))))"""
TIMERS_AT_ONCE = """() => {
  window.setTimeout = (action, _wait, ...given) => {
    Promise.resolve().then(() => action(...given));
    return 1;
  };
}"""
"""For pages that run no scripts. Chromium evaluates what we ask for there all the same, but lets no timer
fire, and axe lets go of its work with timers of no time. It cannot fetch there either: its one rule that
reads style sheets (orientation lock) is for the windows with scripts."""
FACTS = """() => ({
  title: document.title,
  language: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  wide: [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.right > document.documentElement.clientWidth + 1 && box.width > 0 && !element.closest("svg");
  }).slice(0, 3).map(element => element.tagName.toLowerCase() + "." + element.className),
  duplicates: [...document.querySelectorAll("[id]")].map(element => element.id)
    .filter((id, place, all) => all.indexOf(id) !== place),
  dangling: [...document.querySelectorAll("[aria-describedby],[aria-labelledby],[aria-controls],label[for]")]
    .flatMap(element => ["aria-describedby", "aria-labelledby", "aria-controls", "for"]
      .flatMap(name => (element.getAttribute(name) || "").split(/\\s+/)))
    .filter(id => id && !document.getElementById(id))
})"""


@dataclass(frozen=True)
class Combination:
    """One way of looking at a page."""

    language: str
    width: int
    theme: str
    scripts: bool

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.theme}-{'scripts' if self.scripts else 'plain'}"


@dataclass
class Visit:
    """What one visit found wrong, as sentences; and the page's title and HTML."""

    address: Address
    problems: list[str] = field(default_factory=list)
    title: str = ""
    html: str = ""


@dataclass(frozen=True)
class Review:
    """A finding of axe that a person looked at and accepted, with the reason."""

    rule: str
    target: str
    reason: str
    why: str = ""
    """A part of axe's own explanation; narrows the review to this cause."""
    kind: str = "incomplete"

    def accepts(self, finding: dict[str, str]) -> bool:
        """Whether this is the finding that was looked at."""
        same_kind = finding["kind"] == self.kind and finding["rule"] == self.rule
        return same_kind and self.target in finding["target"] and self.why in finding["why"]


@cache
def reviews() -> tuple[Review, ...]:
    """The reviewed findings."""
    with REVIEWED.open("rb") as file:
        return tuple(Review(**entry) for entry in tomllib.load(file).get("reviewed", []))


@cache
def axe_source() -> str:
    """axe-core: the theme's newer one where it is installed, else the one in the Python package."""
    return (NEWER_AXE if NEWER_AXE.exists() else Path(AXE_FILE_PATH)).read_text(encoding="utf-8")


def open_context(browser: Browser, base: str, combination: Combination, state: Any = None) -> BrowserContext:
    """A browser window for one combination, signed in when `state` has cookies."""
    context = browser.new_context(
        viewport={"width": combination.width, "height": 900 if combination.width > 600 else 700},
        java_script_enabled=combination.scripts,
        storage_state=state,
        locale="pl-PL" if combination.language == "pl" else "en-GB",
        reduced_motion="reduce",
    )
    if combination.theme != "light":
        context.add_cookies([{"name": COOKIE, "value": f"{combination.theme}-100", "url": base}])
    if combination.scripts:
        context.add_init_script(REPORT_VIOLATIONS)
    return context


def visit(page: Page, base: str, address: Address, *, scripts: bool = True) -> Visit:
    """Open one page and collect all that is wrong about it. `scripts` says whether the window runs any."""
    seen = Visit(address)
    with listening(page, base, seen):
        answer = page.goto(base + address.path)
        if answer is None or answer.status != 200:
            seen.problems.append(f"answers {answer.status if answer else 'nothing'}")
            return seen
        page.wait_for_load_state("load")
        facts = page.evaluate(FACTS)
        seen.title = facts["title"]
        seen.html = answer.text()
        seen.problems += _wrong_facts(facts, address)
        _unfold(page)
        if not scripts:
            page.evaluate(TIMERS_AT_ONCE)
        page.evaluate(axe_source())
        seen.problems += _axe_problems(page.evaluate(RUN_AXE, [TAGS, scripts]))
    return seen


class listening:  # noqa: N801 (reads as a verb where it is used)
    """Collects console errors and requests to other hosts while the block runs."""

    def __init__(self, page: Page, base: str, seen: Visit) -> None:
        self.page, self.host, self.seen = page, urlsplit(base).netloc, seen

    def __enter__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)

    def __exit__(self, *_exception: object) -> None:
        self.page.remove_listener("console", self._console)
        self.page.remove_listener("pageerror", self._error)
        self.page.remove_listener("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.problems.append(f"console {message.type}: {message.text[:300]}")

    def _error(self, error: Any) -> None:
        self.seen.problems.append(f"script error: {str(error)[:300]}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.seen.problems.append(f"request to another host: {request.url[:200]}")


def _unfold(page: Page) -> None:
    # A bar fixed to the bottom of a phone covers what scrolls below it, and axe cannot judge what is
    # covered. In a window as tall as the page nothing is.
    size = page.viewport_size
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    if size is not None and height + 200 > size["height"]:
        page.set_viewport_size({"width": size["width"], "height": min(height + 200, 16_000)})


def _wrong_facts(facts: dict[str, Any], address: Address) -> Iterator[str]:
    if not facts["title"].strip():
        yield "has no title"
    if facts["language"] != address.language:
        yield f"says it is in {facts['language']!r} instead of {address.language!r}"
    if facts["headings"] != 1:
        yield f"has {facts['headings']} main headings"
    if facts["sideways"] > 0:
        yield f"scrolls sideways by {facts['sideways']} px ({', '.join(facts['wide'])})"
    if facts["duplicates"]:
        yield f"has ids twice: {', '.join(facts['duplicates'][:5])}"
    if facts["dangling"]:
        yield f"refers to ids that are not there: {', '.join(facts['dangling'][:5])}"


def _axe_problems(findings: list[dict[str, str]]) -> Iterator[str]:
    for finding in findings:
        if not any(review.accepts(finding) for review in reviews()):
            place = f"{finding['target']} — {finding['why']} — {finding['html']}"
            yield f"axe {finding['kind']} {finding['rule']}: {place}"

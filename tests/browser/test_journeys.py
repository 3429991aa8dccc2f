"""Things people come to do, done from beginning to end in a browser, on a town they may change."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from ebok.operations.demo_world import DEMO_PASSWORD
from tests.browser.addresses import Address
from tests.browser.demo import demo_portal, minute_timer
from tests.browser.journeys import HUMAN_SECONDS, eventually, fill_in, in_town
from tests.browser.signing_in import EMAIL
from tests.browser.visiting import Combination, visit
from tests.processes import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture(scope="module")
def town(runtime: Path) -> Iterator[Portal]:
    """A demo town of its own."""
    with demo_portal(runtime) as portal:
        yield portal


# Signing in ------------------------------------------------------------------------------


@pytest.mark.feature("B01", "A13")
def test_signing_in_and_out_with_the_keyboard_only(visitor: Callable[..., Page], town: Portal) -> None:
    """A wrong password is explained and the focus is on the explanation; the right one opens the zone."""
    page = visitor()
    page.goto(f"{town.url}/moje-konto/")
    assert "/konto/login/" in page.url
    tab_to(page, "login")
    page.keyboard.type(EMAIL["client"])
    tab_to(page, "password")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Błąd:")
    assert page.evaluate("Boolean(document.activeElement.closest('.govuk-error-summary'))")
    page.locator("input[name=password]").focus()
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/moje-konto/")
    assert page.locator("main h1").count() == 1
    page.goto(f"{town.url}/konto/logout/")
    page.locator("main button").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{town.url}/moje-konto/")
    assert "/konto/login/" in page.url


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of that name has the focus; visible all the way."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"Tab never came to {name}")


# Sending ---------------------------------------------------------------------------------


@pytest.mark.feature("G10")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_filling_in_a_survey(visitor: Callable[..., Page], town: Portal, scripts: bool) -> None:
    """From the survey's page to the thanks, with and without scripts."""
    page = visitor(combination=Combination("pl", 390, "light", scripts))
    page.goto(f"{town.url}/ankieta/")
    page.locator("main a[href*='wypelnij']").first.click()
    page.wait_for_selector("main form")
    fill_in(page)
    time.sleep(HUMAN_SECONDS)
    page.locator("main form button:not([name])").last.click()
    page.wait_for_url("**/dziekujemy/")
    assert page.locator("main h1").count() == 1


@pytest.mark.feature("G18", "N01")
def test_sending_an_application(visitor: Callable[..., Page], town: Portal) -> None:
    """An empty one is refused with words; a full one gets a number, and staff find it."""
    page = visitor()
    page.goto(f"{town.url}/dokumenty/wniosek-o-wodomierz-ogrodowy/")
    page.locator("main a[href*='/wniosek/']").first.click()
    page.wait_for_selector("main form")
    time.sleep(HUMAN_SECONDS)
    page.locator("main form button.govuk-button").first.click()
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Błąd:")
    fill_in(page)
    time.sleep(HUMAN_SECONDS)
    page.locator("main form button.govuk-button").first.click()
    page.wait_for_url("**/dokumenty/wyslane/*/")
    sent = visit(page, town.url, Address(page.url.removeprefix(town.url), "pl", "", ""))
    assert sent.problems == []
    number = re.search(r"\S+/\d{4}/\d+|\S*\d{4}\S*[/-]\d+", page.locator("main").inner_text())
    assert number, "the confirmation shows no number"
    employee = visitor("employee")
    employee.goto(f"{town.url}/pracownik/wnioski/")
    assert number.group().strip(".,") in employee.locator("body").inner_text()


# Switching -------------------------------------------------------------------------------


@pytest.mark.feature("M11", "N01", "J02")
def test_switching_a_module_off_and_on(visitor: Callable[..., Page], town: Portal) -> None:
    """On the screen “Moduły”: the pages and the menu entry vanish at once, and come back."""
    admin = visitor("administrator")
    visit_of = visitor()

    def answer() -> int:
        response = visit_of.goto(f"{town.url}/dokumenty/")
        assert response is not None
        return response.status

    def press(value: str) -> None:
        admin.goto(f"{town.url}/admin/moduly/")
        admin.locator(f"#e_dokument button[name=to][value={value}]").click()
        admin.wait_for_load_state()

    assert answer() == 200
    press("off")
    assert answer() == 404
    visit_of.goto(f"{town.url}/")
    assert visit_of.locator("nav a[href^='/dokumenty/']").count() == 0
    press("on")
    eventually(lambda: answer() == 200, "documents are back")
    visit_of.goto(f"{town.url}/")
    assert visit_of.locator("nav a[href^='/dokumenty/']").count() > 0


# Publishing ------------------------------------------------------------------------------

WITHDRAW = {
    "announcement": """
from page_types.models import AnnouncementPage
page = AnnouncementPage.objects.live().filter(locale__language_code="pl").order_by("pk").first()
address = "/" + page.full_url.split("/", 3)[-1]
page.unpublish()
print("FOUND", f"/admin/pages/{page.pk}/edit/", address, "<h1")
""",
    "outage": """
from django.urls import reverse
from page_types.models import OutageIndexPage
from snippets.models import Outage
outage = Outage.objects.filter(live=True, kind="failure").latest("starts_at")
edit = reverse(outage.snippet_viewset.get_url_name("edit"), args=[outage.pk])
outage.unpublish()
index = OutageIndexPage.objects.live().get(locale__language_code="pl")
print("FOUND", edit, "/" + index.full_url.split("/", 3)[-1], outage.uid)
""",
    "document": """
from django.urls import reverse
from ebok_plugins.e_dokument.models import DocumentTemplate
document = DocumentTemplate.objects.filter(live=True, language="pl").order_by("pk").last()
edit = reverse(document.snippet_viewset.get_url_name("edit"), args=[document.pk])
document.unpublish()
print("FOUND", edit, document.get_absolute_url(), "<h1")
""",
}
"""Takes one of the town's live things off, so that the editor can schedule it; prints its edit screen, its
public address and what stands there when it is published. An outage that was called off keeps its own page,
so it is sought in the list."""


@pytest.mark.feature("J03", "A02", "A06", "A07")
def test_scheduled_content_appears_and_disappears(
    visitor: Callable[..., Page], town: Portal, runtime: Path
) -> None:
    """An editor sets go-live and expiry of three things; the minute timer does the rest."""
    scheduled = {kind: withdrawn(runtime, kind) for kind in WITHDRAW}
    addresses = [address for _edit, address, _mark in scheduled.values()]
    reader = visitor()

    def seen() -> list[bool]:
        return [is_there(reader, town.url + address, mark) for _edit, address, mark in scheduled.values()]

    eventually(lambda: not any(seen()), f"{addresses} are withdrawn")
    editor = visitor("editor")
    # Far enough to set three schedules, near enough not to wait for long.
    begins = (datetime.now(WARSAW) + timedelta(seconds=90)).replace(second=0, microsecond=0)
    for edit, _address, _mark in scheduled.values():
        schedule(editor, town.url + edit, begins, begins + timedelta(minutes=2))
    assert datetime.now(WARSAW) < begins
    assert seen() == [False] * 3
    ever = [False] * 3

    def all_were_seen() -> bool:
        for place, now in enumerate(seen()):
            ever[place] |= now
        return all(ever)

    with minute_timer(runtime):
        eventually(all_were_seen, f"{addresses} went live", seconds=200)
        assert datetime.now(WARSAW) >= begins
        eventually(lambda: not any(seen()), f"{addresses} expired", seconds=200)
    history = in_town(
        runtime,
        "from wagtail.models import ModelLogEntry, PageLogEntry\n"
        "for model in (PageLogEntry, ModelLogEntry):\n"
        "    print(*model.objects.order_by('pk').values_list('action', flat=True))\n",
    )
    assert history.count("wagtail.publish.schedule") >= 2 * len(WITHDRAW)


def withdrawn(runtime: Path, kind: str) -> tuple[str, str, str]:
    """Take one thing of that kind off; returns what `WITHDRAW` says."""
    printed = in_town(runtime, WITHDRAW[kind])
    found = next(line for line in printed.splitlines() if line.startswith("FOUND"))
    _found, edit, address, mark = found.split()
    return edit, address, mark


def is_there(reader: Page, address: str, mark: str) -> bool:
    """Whether a visitor sees the page, and the mark on it."""
    response = reader.goto(address)
    return response is not None and response.status == 200 and mark in response.text()


def schedule(page: Page, address: str, begins: datetime, ends: datetime) -> None:
    """Set both moments on the edit screen of the Wagtail admin and press “Schedule to publish”."""
    page.goto(address)
    page.wait_for_selector("input[name=go_live_at]", state="attached")
    for name, moment in (("go_live_at", begins), ("expire_at", ends)):
        page.evaluate(
            "([name, value]) => { document.querySelector(`input[name=${name}]`).value = value; }",
            [name, f"{moment:%Y-%m-%d %H:%M}"],
        )
    page.evaluate(
        "() => {"
        " const form = document.querySelector('#page-edit-form, #w-editor-form');"
        " const action = document.createElement('input'); action.type = 'hidden';"
        " action.name = 'action-publish'; action.value = 'action-publish'; form.append(action);"
        " form.submit(); }"
    )
    page.wait_for_load_state("networkidle")
    problems = page.locator(".messages .error, .w-message--error, .error-message").all_inner_texts()
    assert problems == [], problems

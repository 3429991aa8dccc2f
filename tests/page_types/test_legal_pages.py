"""Privacy policy and accessibility declaration, and their lights on the status board."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from ebok.ports import StatusLight
from page_types import status
from page_types.accessibility import AccessibilityDeclarationPage, Conformity, Method, review_is_due
from page_types.privacy import PolicyState, PrivacyPolicyPage
from page_types.standard import StandardPage
from tests.page_types.conftest import Town

NOW = datetime(2026, 5, 14, 12, 0, tzinfo=timezone.get_default_timezone())
REQUIRED_IDS = {
    "a11y-wstep",
    "a11y-podmiot",
    "a11y-url",
    "a11y-data-publikacja",
    "a11y-data-aktualizacja",
    "a11y-status",
    "a11y-data-sporzadzenie",
    "a11y-kontakt",
    "a11y-osoba",
    "a11y-email",
    "a11y-telefon",
    "a11y-procedura",
    "a11y-architektura",
    "a11y-aplikacje",
    "a11y-deklaracja",
    "a11y-ocena",
    "a11y-data-przeglad",
}
WORDS: dict[str, Any] = {
    "entity": "Wodociągi Lipowo",
    "published_on": date(2026, 1, 12),
    "updated_on": date(2026, 3, 1),
    "conformity": Conformity.PARTIAL,
    "shortcomings": "<p>Stare skany.</p>",
    "prepared_on": date(2026, 1, 12),
    "reviewed_on": date(2026, 3, 2),
    "contact_person": "Anna Nowak",
    "contact_email": "anna@lipowo.example",
    "contact_phone": "67 200 19 90",
    "architecture": "<p>Bez progu.</p>",
    "applications": "<p>Nie mamy.</p>",
}


@pytest.fixture(autouse=True)
def _may() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.feature("A13")
def test_the_declaration_has_every_id_machines_look_for(client: Client, town: Town) -> None:
    town.plant(AccessibilityDeclarationPage, "deklaracja", **WORDS)
    text = client.get("/deklaracja/").text
    ids = re.findall(r'id="(a11y-[a-z-]+)"', text)
    assert set(ids) == REQUIRED_IDS
    assert len(ids) == len(set(ids))
    dates = re.findall(r'<time id="(a11y-data-[a-z]+)" datetime="([0-9-]+)"', text)
    assert dict(dates) == {
        "a11y-data-publikacja": "2026-01-12",
        "a11y-data-aktualizacja": "2026-03-01",
        "a11y-data-sporzadzenie": "2026-01-12",
        "a11y-data-przeglad": "2026-03-02",
    }
    assert "częściowo zgodna" in text


@pytest.mark.feature("A13")
def test_every_page_names_the_declaration(client: Client, town: Town) -> None:
    town.plant(AccessibilityDeclarationPage, "deklaracja", **WORDS)
    town.plant(StandardPage, "ceny")
    for address in ("/", "/ceny/"):
        text = client.get(address).text
        assert '<meta name="deklaracja-dostępności" content="http://testserver/deklaracja/">' in text
        assert '<li><a href="/deklaracja/">' in text.split("<footer")[1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"shortcomings": ""}, "shortcomings"),
        ({"method": Method.AUDIT}, "auditor"),
        ({"reviewed_on": date(2026, 6, 1)}, "reviewed_on"),
        ({"reviewed_on": date(2026, 1, 1)}, "reviewed_on"),
        ({"updated_on": date(2025, 1, 1)}, "updated_on"),
        ({"contact_phone": "telefon"}, "contact_phone"),
    ],
)
def test_a_declaration_that_says_too_little_is_refused(
    town: Town, changes: dict[str, Any], field: str
) -> None:
    page = AccessibilityDeclarationPage(
        title="D", slug="d", path="000100010099", depth=3, locale=town.home.locale, **{**WORDS, **changes}
    )
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert field in refused.value.message_dict


@pytest.mark.parametrize(
    ("reviewed", "today", "due"),
    [
        (date(2025, 6, 1), date(2026, 3, 31), False),
        (date(2025, 6, 1), date(2026, 4, 1), True),
        (date(2026, 1, 2), date(2026, 4, 1), False),
        (date(2026, 1, 2), date(2026, 12, 31), False),
        (date(2024, 12, 30), date(2026, 1, 1), True),
    ],
)
def test_the_review_is_due_after_the_end_of_march(reviewed: date, today: date, due: bool) -> None:
    assert review_is_due(reviewed, today) is due


def test_the_board_reminds_of_declaration_and_review(town: Town) -> None:
    assert status.declaration(town.site).light is StatusLight.WARNING
    page = town.plant(AccessibilityDeclarationPage, "deklaracja", **WORDS)
    assert status.declaration(town.site).light is StatusLight.OK
    with time_machine.travel(NOW + timedelta(days=365), tick=False):
        late = status.declaration(town.site)
    assert (late.light, late.mend_url) == (StatusLight.WARNING, f"/admin/pages/{page.pk}/edit/")


# Privacy policy ---------------------------------------------------------------------------


@pytest.mark.feature("A14")
def test_every_published_wording_is_kept(client: Client, town: Town) -> None:
    page = town.plant(PrivacyPolicyPage, "prywatnosc", title="Prywatność", body=_body("<p>Pierwsza.</p>"))
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        page.body = [("page_types__text", "<p>Druga.</p>")]
        page.save_revision()
        assert "Pierwsza." in client.get("/prywatnosc/").text, "a draft changes nothing"
        page.get_latest_revision().publish()
        # Published again unchanged: no new wording.
        page.save_revision().publish()
    assert list(page.versions.values_list("number", flat=True)) == [2, 1]
    current = client.get("/prywatnosc/").text
    assert "Druga." in current
    assert "Wersja 2, obowiązuje od" in current.replace("\n", " ")
    assert 'href="/prywatnosc/wersja/1/"' in current
    old = client.get("/prywatnosc/wersja/1/").text
    assert "Pierwsza." in old
    assert "To wcześniejsza wersja." in old
    for number in ("3", "0", "99999999999999999999999"):
        assert client.get(f"/prywatnosc/wersja/{number}/").status_code == 404


@pytest.mark.feature("A14", "M06")
def test_the_policy_is_default_until_somebody_writes_it(client: Client, town: Town) -> None:
    assert status.privacy_policy(town.site).light is StatusLight.WARNING
    page = town.plant(PrivacyPolicyPage, "prywatnosc")
    assert PrivacyPolicyPage.objects.get(pk=page.pk).state is PolicyState.DEFAULT
    assert "Domyślna" in str(status.privacy_policy(town.site).sentence)
    assert "Kto odpowiada za dane" in client.get("/prywatnosc/").text
    page.body = [("page_types__text", "<p>Nasza własna.</p>")]
    page.save_revision().publish()
    assert PrivacyPolicyPage.objects.get(pk=page.pk).state is PolicyState.CONFIGURED
    assert str(status.privacy_policy(town.site).sentence) == "Skonfigurowana."


def _body(html: str) -> list[tuple[str, str]]:
    return [("page_types__text", html)]

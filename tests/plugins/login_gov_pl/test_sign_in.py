"""Signing in through the simulated node, over real HTTP."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from wagtail.models import Site

from ebok.accounts.federation.models import IdentityLink
from ebok.accounts.federation.signals import IdentityRefused, about_to_link
from ebok.accounts.models import User
from ebok.exchange.checks_of_text import keyed_hash
from ebok.journal.models import Detail, Event
from ebok.plugins.activation import SwitchRefused, disable, enable
from ebok.testing.people import PASSWORD
from ebok_plugins.login_gov_pl import keys
from ebok_plugins.login_gov_pl.models import LoginGovPlSettings
from tests.plugins.login_gov_pl.conftest import ANNA, BACK, EWA, JAN, START, World, form_of, query_of

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"
LINK = "/konto/tozsamosc/polacz/"


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_it_is_off_until_it_is_switched_on_and_nothing_lacks(client: Client, utility: Site) -> None:
    assert client.post(START).status_code == 404
    with pytest.raises(SwitchRefused) as refused:
        enable(utility, "login_gov_pl")
    assert len(refused.value.blockers) == 6
    assert "login.gov.pl" not in client.get(LOGIN).content.decode()


def test_switched_off_again_it_is_away(client: Client, world: World) -> None:
    assert START in client.get(LOGIN).content.decode()
    disable(world.site, "login_gov_pl")
    assert START not in client.get(LOGIN).content.decode()
    assert client.get(BACK).status_code == 404


@pytest.mark.feature("M04")
def test_the_page_before_says_what_happens_and_posts_only_to_the_node(client: Client, world: World) -> None:
    page = client.post(START)
    words = page.content.decode()
    assert "PESEL" in words
    assert f'action="{world.node.sign_in_url}"' in words
    policy = page["Content-Security-Policy"]
    assert re.search(rf"form-action[^;]*{re.escape(world.node.url)}", policy)
    question = base64.b64decode(re.search(r'name="SAMLRequest" value="([^"]+)"', words)[1]).decode()  # type: ignore[index]
    for part in (
        'ForceAuthn="true"',
        "bindings:HTTP-Artifact",
        "xmldsig-more#ecdsa-sha256",
        "http://eidas.europa.eu/LoA/substantial",
        "naturalperson/PersonIdentifier",
        "<eidas:SPType>public</eidas:SPType>",
    ):
        assert part in question


@pytest.mark.feature("M04", "B10")
def test_a_first_time_asks_for_password_and_consent_and_then_signs_in(
    client: Client, world: World, client_user: User
) -> None:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    came = world.sign_in(client)
    assert (came.status_code, who(client)) == (302, None)
    assert came["Location"].startswith(LOGIN)
    assert not IdentityLink.objects.exists()

    client.post(came["Location"], {"login": client_user.email, "password": PASSWORD, "next": LINK})
    page = client.get(LINK).content.decode()
    assert "Anna Próbna" in page
    assert "PESEL" in page
    assert not IdentityLink.objects.exists()
    client.post(LINK, {"agree": "1"})
    link = IdentityLink.objects.get()
    assert (link.user, link.provider) == (client_user, "login_gov_pl.citizen")
    assert "PESEL" in link.consent

    again = Client()
    world.sign_in(again)
    assert who(again) == str(client_user.pk)
    signed_in = Event.objects.filter(kind="accounts.signed_in").order_by("-moment", "-id")[0]
    assert Detail.objects.get(event_id=signed_in.id).payload["methods"] == ["login.gov.pl", "mfa"]


def test_the_number_is_kept_nowhere(world: World, linked: Callable[..., User]) -> None:
    """Neither in the link, the session, the journal nor anywhere else in the database."""
    linked(ANNA)
    world.sign_in(Client(), ANNA)
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert ANNA.identifier not in repr(cursor.fetchall()), table
    link = IdentityLink.objects.get()
    assert link.subject_hash != keyed_hash(ANNA.identifier)


def test_sessions_hold_no_number(client: Client, world: World, client_user: User) -> None:
    client.force_login(client_user)
    world.sign_in(client, ANNA)
    kept = dict(client.session)
    assert ANNA.identifier not in repr(kept)
    assert kept["ebok_pending_identity"]["personal_number_hash"] == keyed_hash(ANNA.identifier)


def test_another_room_may_object_to_a_link(world: World, client_user: User) -> None:
    """The kartoteka compares the number's hash with that of the person's customers."""
    asked: list[dict[str, Any]] = []

    def object_to_it(sender: object, **said: Any) -> None:
        asked.append(said)
        raise IdentityRefused("Ten PESEL nie należy do Twojej umowy.")

    browser = Client()
    browser.force_login(client_user)
    world.sign_in(browser, ANNA)
    about_to_link.connect(object_to_it)
    try:
        answer = browser.post(LINK, {"agree": "1"})
    finally:
        about_to_link.disconnect(object_to_it)
    assert answer.status_code == 403
    assert "nie należy do Twojej umowy" in answer.content.decode()
    assert not IdentityLink.objects.exists()
    assert asked[0]["personal_number_hash"] == keyed_hash(ANNA.identifier)
    assert asked[0]["user"] == client_user


def test_two_people_are_two_identities(world: World, linked: Callable[..., User]) -> None:
    linked(ANNA)
    browser = Client()
    world.sign_in(browser, JAN)
    assert who(browser) is None


@pytest.mark.parametrize(("level", "answered"), [("substantial", 403), ("low", 302)])
def test_a_level_that_is_too_low_is_refused(client: Client, world: World, level: str, answered: int) -> None:
    LoginGovPlSettings.objects.update(level=level)
    assert world.sign_in(client, EWA).status_code == answered


@pytest.mark.parametrize(("citizen", "asked"), [(ANNA, False), (EWA, True)])
def test_two_factors_over_there_are_enough_and_one_is_not(
    world: World, linked: Callable[..., User], citizen: Any, asked: bool
) -> None:
    LoginGovPlSettings.objects.update(level="low")
    user = linked(citizen)
    TOTP.activate(user, generate_totp_secret())
    browser = Client()
    answer = world.sign_in(browser, citizen)
    assert (answer["Location"] == "/konto/2fa/authenticate/") is asked
    assert (who(browser) is None) is asked


def test_breaking_off_over_there_is_said(client: Client, world: World) -> None:
    answer = world.sign_in(client, None)
    assert answer.status_code == 403
    assert "nie potwierdził" in answer.content.decode()


def test_the_answer_may_come_as_a_form(world: World, linked: Callable[..., User]) -> None:
    """A form of another host brings no cookie of ours, so it is asked for again by GET."""
    user = linked(ANNA)
    browser = Client(enforce_csrf_checks=True)
    token = browser.get(LOGIN) and browser.cookies["csrftoken"].value
    page = browser.post(START, {"csrfmiddlewaretoken": token})
    back = world.choose(form_of(page.content.decode()))
    again = Client(enforce_csrf_checks=True).post(BACK, query_of(back))
    assert again.status_code == 303
    assert query_of(again["Location"]) == query_of(back)
    browser.get(again["Location"])
    assert who(browser) == str(user.pk)


def test_the_node_knows_one_address_and_people_keep_their_language(client: Client, world: World) -> None:
    page = client.post(f"/en{START}").content.decode()
    assert "Go on to login.gov.pl" in page
    back = world.choose(form_of(page))
    assert back.startswith(f"http://testserver{BACK}")
    assert client.get(back)["Location"].startswith("/en/konto/login/")


def test_signing_out_is_told_to_the_node(world: World, linked: Callable[..., User]) -> None:
    linked(ANNA)
    browser = Client()
    world.sign_in(browser)
    browser.post("/konto/logout/")
    assert who(browser) is None
    ((name_id, session_index),) = world.node.signed_out
    assert name_id.startswith("Próbna-")
    assert session_index


def test_signing_out_does_not_wait_for_a_dead_node(world: World, linked: Callable[..., User]) -> None:
    linked(ANNA)
    browser = Client()
    world.sign_in(browser)
    LoginGovPlSettings.objects.update(sign_out_url="http://127.0.0.1:9/")
    assert browser.post("/konto/logout/").status_code == 302
    assert who(browser) is None


@pytest.mark.parametrize("field", ["sign_in_url", "artifact_url", "sign_out_url"])
def test_addresses_must_be_secure(world: World, field: str) -> None:
    from django.core.exceptions import ValidationError

    settings = LoginGovPlSettings.for_site(world.site)
    setattr(settings, field, "http://login.gov.pl/")
    with pytest.raises(ValidationError):
        settings.full_clean()


@pytest.mark.parametrize("text", ["nic", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----"])
def test_only_certificates_are_certificates(world: World, text: str) -> None:
    from django.core.exceptions import ValidationError

    settings = LoginGovPlSettings.for_site(world.site)
    settings.node_certificates = text
    with pytest.raises(ValidationError):
        settings.full_clean()


@pytest.mark.parametrize("name", keys.FILES)
def test_an_unusable_key_gives_a_friendly_page(client: Client, world: World, name: str) -> None:
    (keys.folder() / name).write_text("nie klucz")
    answer = client.post(START)
    assert answer.status_code == 503
    assert "nie odpowiada" in answer.content.decode()

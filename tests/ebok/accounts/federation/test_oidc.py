"""Signing in through a real OpenID provider, and through one that lies."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.test import Client

from ebok.accounts.federation.models import IdentityLink
from ebok.accounts.models import User
from ebok.journal.models import Detail, Event
from ebok.testing.letters import sent_letters
from ebok.testing.people import PASSWORD, person
from tests.ebok.accounts.federation.conftest import Provider
from tests.ebok.accounts.federation.lying import Liar, lying_provider

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"
LINK = "/konto/tozsamosc/polacz/"
MATCH = {"match_domains": ["firma.example"]}
Configure = Callable[..., None]


@pytest.fixture
def ewa(db: None) -> User:
    user = person("ewa@firma.example", first_name="Ewa")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def methods(user: User) -> list[list[str]]:
    events = Event.objects.filter(kind="accounts.signed_in", actor_id=user.pk).order_by("moment", "id")
    return [Detail.objects.get(event_id=event.id).payload["methods"] for event in events]


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def nothing_changed() -> bool:
    return not (IdentityLink.objects.exists() or SocialAccount.objects.exists())


# No button without settings -----------------------------------------------------------------


def test_without_settings_there_is_no_button_and_no_address(client: Client) -> None:
    assert "Inne sposoby logowania" not in client.get(LOGIN).content.decode()
    assert client.post("/konto/tozsamosc/oidc/").status_code == 404
    assert client.get("/konto/oidc/oidc/login/callback/?code=1&state=2").status_code == 404


@pytest.mark.feature("M04")
def test_the_button_stands_on_the_sign_in_page(client: Client, provider: Provider) -> None:
    page = client.get(LOGIN).content.decode()
    assert "Konto firmowe" in page
    assert 'action="/konto/tozsamosc/oidc/"' in page
    assert client.get("/konto/tozsamosc/oidc/").status_code == 405


def test_the_way_there_carries_state_and_a_challenge(client: Client, provider: Provider) -> None:
    address = client.post("/konto/tozsamosc/oidc/")["Location"]
    assert address.startswith(f"{provider.url}/oauth2/authorize?")
    assert {"state=", "code_challenge=", "code_challenge_method=S256"} <= {
        part for part in ("state=", "code_challenge=", "code_challenge_method=S256") if part in address
    }


# First time ---------------------------------------------------------------------------------


@pytest.mark.feature("M04", "B10")
def test_unknown_identity_asks_for_the_password_then_for_consent_and_signs_in_afterwards(
    client: Client, provider: Provider, ewa: User
) -> None:
    came = provider.sign_in(client, "ewa")
    assert (came.status_code, who(client)) == (302, None)
    assert came["Location"].startswith(LOGIN)
    assert nothing_changed()
    assert "Nie znamy jeszcze tej tożsamości" in client.get(came["Location"]).content.decode()

    signed_in = client.post(came["Location"], {"login": ewa.email, "password": PASSWORD, "next": LINK})
    assert signed_in["Location"] == LINK
    page = client.get(LINK).content.decode()
    assert "Konto firmowe" in page
    assert "Ewa Nowak" in page
    assert nothing_changed()

    sent_letters()
    mail.outbox.clear()
    assert client.post(LINK, {"agree": "1"}).status_code == 302
    link = IdentityLink.objects.get()
    assert (link.user, link.provider, link.way) == (ewa, "oidc", "consent")
    assert "Konto firmowe" in link.consent
    assert "ewa" not in link.subject_hash
    assert len(link.subject_hash) == 64
    assert Event.objects.filter(kind="accounts.identity_linked", actor_id=ewa.pk).count() == 1
    assert not SocialAccount.objects.exists()

    again = Client()
    assert provider.sign_in(again, "ewa", "/konto/tozsamosc/")["Location"] == "/konto/tozsamosc/"
    assert who(again) == str(ewa.pk)
    assert methods(ewa) == [["password"], ["oidc"]]


def test_refusing_links_nothing(client: Client, provider: Provider, ewa: User) -> None:
    client.force_login(ewa)
    assert provider.sign_in(client, "ewa")["Location"] == LINK
    assert client.post(LINK, {"refuse": "1"}).status_code == 302
    assert nothing_changed()
    # Nothing waits any more: agreeing afterwards links nothing either.
    assert client.post(LINK, {"agree": "1"})["Location"] == "/konto/tozsamosc/"
    assert nothing_changed()


def test_an_identity_waits_a_quarter_of_an_hour(client: Client, provider: Provider, ewa: User) -> None:
    client.force_login(ewa)
    provider.sign_in(client, "ewa")
    session = client.session
    session["ebok_pending_identity"]["at"] = int(time.time()) - 15 * 60 - 1
    session.save()
    client.post(LINK, {"agree": "1"})
    assert nothing_changed()


def test_one_identity_belongs_to_one_account(client: Client, provider: Provider, ewa: User) -> None:
    other = person("inny@example.org")
    for user in (ewa, other):
        browser = Client()
        browser.force_login(user)
        answer = provider.sign_in(browser, "ewa")
        if user is ewa:
            browser.post(LINK, {"agree": "1"})
    assert answer.status_code == 403
    assert "już połączona" in answer.content.decode()
    assert [link.user for link in IdentityLink.objects.all()] == [ewa]


def test_a_link_is_taken_back_on_the_account_page(provider: Provider, ewa: User) -> None:
    browser = Client()
    browser.force_login(ewa)
    provider.sign_in(browser, "ewa")
    browser.post(LINK, {"agree": "1"})
    link = IdentityLink.objects.get()
    unlink = f"/konto/tozsamosc/odlacz/{link.pk}/"
    assert unlink in browser.get("/konto/tozsamosc/").content.decode()

    stranger = Client()
    stranger.force_login(person("inny@example.org"))
    assert stranger.post(unlink).status_code == 404
    assert IdentityLink.objects.exists()

    assert browser.get(unlink).status_code == 200
    assert IdentityLink.objects.exists()
    assert browser.post(unlink).status_code == 302
    assert nothing_changed()
    assert Event.objects.filter(kind="accounts.identity_unlinked").count() == 1
    assert who(browser) == str(ewa.pk)
    later = Client()
    provider.sign_in(later, "ewa")
    assert who(later) is None


# Matching by address ------------------------------------------------------------------------


def test_a_verified_address_of_a_named_domain_finds_its_account(
    client: Client, provider: Provider, ewa: User, configure: Configure
) -> None:
    configure(provider.url, **MATCH)
    provider.sign_in(client, "ewa")
    assert who(client) == str(ewa.pk)
    assert IdentityLink.objects.get().way == "email"


@pytest.mark.parametrize(("sub", "policy"), [("ewa", {}), ("obcy", MATCH), ("tekst", MATCH), ("gosc", MATCH)])
def test_other_addresses_find_nobody(
    client: Client, provider: Provider, ewa: User, configure: Configure, sub: str, policy: dict[str, Any]
) -> None:
    person("gosc@gdzie.example")
    configure(provider.url, **policy)
    assert provider.sign_in(client, sub)["Location"].startswith(LOGIN)
    assert who(client) is None
    assert nothing_changed()


def test_a_locked_account_stays_shut(
    client: Client, provider: Provider, ewa: User, configure: Configure
) -> None:
    configure(provider.url, **MATCH)
    User.objects.filter(pk=ewa.pk).update(is_active=False)
    provider.sign_in(client, "ewa")
    assert who(client) is None


# Second factor ------------------------------------------------------------------------------


@pytest.mark.parametrize(("sub", "asked"), [("ewa", True), ("ewa-mfa", False)])
def test_the_second_step_is_asked_unless_the_provider_has_asked(
    client: Client, provider: Provider, ewa: User, configure: Configure, sub: str, asked: bool
) -> None:
    configure(provider.url, **MATCH)
    TOTP.activate(ewa, generate_totp_secret())
    answer = provider.sign_in(client, sub)
    assert (answer["Location"] == "/konto/2fa/authenticate/") is asked
    assert (who(client) is None) is asked
    assert methods(ewa) == ([] if asked else [["oidc", "mfa"]])


def test_what_a_provider_says_about_two_proofs_counts_only_when_trusted(
    client: Client, provider: Provider, ewa: User, configure: Configure
) -> None:
    configure(provider.url, **MATCH, second_factor=[])
    TOTP.activate(ewa, generate_totp_secret())
    assert provider.sign_in(client, "ewa-mfa")["Location"] == "/konto/2fa/authenticate/"
    assert who(client) is None


# Required for a domain ----------------------------------------------------------------------


def test_people_of_a_required_domain_do_not_sign_in_by_password(
    client: Client, provider: Provider, ewa: User, configure: Configure
) -> None:
    configure(provider.url, **MATCH, required_domains=["firma.example"])
    answer = client.post(LOGIN, {"login": ewa.email, "password": PASSWORD}, follow=True)
    assert who(client) is None
    assert "Konto firmowe" in answer.content.decode()
    assert "loguje się przez" in answer.content.decode() or "logują się przez" in answer.content.decode()
    provider.sign_in(client, "ewa")
    assert who(client) == str(ewa.pk)


# Languages ----------------------------------------------------------------------------------


def test_the_provider_knows_one_address_and_people_keep_their_language(
    client: Client, provider: Provider, ewa: User
) -> None:
    begun = client.post("/en/konto/tozsamosc/oidc/")["Location"]
    assert "%2Fkonto%2Foidc%2Foidc%2Flogin%2Fcallback%2F" in begun
    assert "%2Fen%2F" not in begun
    came = client.get(provider.authorize(begun, "ewa"))
    assert came["Location"].startswith("/en/konto/login/")


# Attacks ------------------------------------------------------------------------------------


@pytest.fixture
def liar(configure: Configure) -> Iterator[Liar]:
    with lying_provider() as found:
        configure(found.url, **MATCH)
        yield found


def come_back(client: Client, state: str = "") -> Any:
    address = client.post("/konto/tozsamosc/oidc/")["Location"]
    state = state or address.partition("state=")[2].partition("&")[0]
    return client.get(f"/konto/oidc/oidc/login/callback/?code=kod&state={state}")


def test_the_lying_provider_is_believed_while_it_tells_the_truth(
    client: Client, liar: Liar, ewa: User
) -> None:
    assert come_back(client).status_code == 302
    assert who(client) == str(ewa.pk)


def _wrong_key(liar: Liar) -> None:
    liar.signing_key = rsa.generate_private_key(65537, 2048)


def _unsigned(liar: Liar) -> None:
    liar.signing_key, liar.algorithm = "", "none"


def _public_key_as_secret(liar: Liar) -> None:
    liar.signing_key, liar.algorithm = "a" * 64, "HS256"


LIES: dict[str, Callable[[Liar], Any]] = {
    "another key": _wrong_key,
    "no signature": _unsigned,
    "symmetric signature": _public_key_as_secret,
    "another audience": lambda liar: liar.claims.update(aud="inny"),
    "another issuer": lambda liar: liar.claims.update(iss="https://obcy.example"),
    "expired": lambda liar: liar.claims.update(exp=int(time.time()) - 3600),
    "somebody else's data": lambda liar: liar.userinfo.update(sub="prezes"),
    "no token": lambda liar: setattr(liar, "without_token", True),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_with_a_sentence_and_changes_nothing(
    client: Client, liar: Liar, ewa: User, lie: str
) -> None:
    LIES[lie](liar)
    answer = come_back(client)
    assert answer.status_code == 403
    assert "nie potwierdza, kim jesteś" in answer.content.decode()
    assert who(client) is None
    assert nothing_changed()
    assert Event.objects.filter(kind="accounts.identity_refused").count() == 1


def test_an_answer_nobody_asked_for_is_refused(client: Client, liar: Liar, ewa: User) -> None:
    assert come_back(client, state="wymyślony").status_code == 403
    assert "/token" not in liar.asked
    assert who(client) is None


def test_an_answer_counts_once(client: Client, provider: Provider, ewa: User, configure: Configure) -> None:
    configure(provider.url, **MATCH)
    back = provider.authorize(client.post("/konto/tozsamosc/oidc/")["Location"], "ewa")
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 403
    assert who(client) is None


def test_an_answer_belongs_to_the_browser_that_asked(provider: Provider, ewa: User) -> None:
    back = provider.authorize(Client().post("/konto/tozsamosc/oidc/")["Location"], "ewa")
    thief = Client()
    assert thief.get(back).status_code == 403
    assert who(thief) is None


def test_breaking_off_is_said(client: Client, provider: Provider) -> None:
    # `oidc-provider-mock` forgets the state when somebody says no, against RFC 6749 4.1.2.1.
    state = client.post("/konto/tozsamosc/oidc/")["Location"].partition("state=")[2].partition("&")[0]
    answer = client.get(f"/konto/oidc/oidc/login/callback/?error=access_denied&state={state}")
    assert answer.status_code == 403
    assert "Przerwano logowanie" in answer.content.decode()


def test_other_hosts_are_no_place_to_go_to(
    client: Client, provider: Provider, ewa: User, configure: Configure
) -> None:
    configure(provider.url, **MATCH)
    assert "zly.example" not in provider.sign_in(client, "ewa", "https://zly.example/")["Location"]


# The provider is away -----------------------------------------------------------------------


def test_a_dead_provider_gives_a_friendly_page(client: Client, configure: Configure) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    configure(f"http://127.0.0.1:{port}")
    answer = client.post("/konto/tozsamosc/oidc/")
    assert answer.status_code == 503
    assert "nie odpowiada" in answer.content.decode()


def test_a_silent_provider_gives_a_friendly_page(client: Client, configure: Configure, settings: Any) -> None:
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        configure(f"http://127.0.0.1:{silent.getsockname()[1]}")
        answer = client.post("/konto/tozsamosc/oidc/")
    assert answer.status_code == 503


def test_a_provider_that_breaks_midway_gives_a_friendly_page(client: Client, liar: Liar, ewa: User) -> None:
    address = client.post("/konto/tozsamosc/oidc/")["Location"]
    state = address.partition("state=")[2].partition("&")[0]
    liar.status = 500
    answer = client.get(f"/konto/oidc/oidc/login/callback/?code=kod&state={state}")
    assert answer.status_code in {403, 503}
    assert who(client) is None

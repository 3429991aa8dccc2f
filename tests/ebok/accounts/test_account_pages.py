"""The pages of one's own account: security at a glance, details, consents, and every page of allauth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ebok.accounts import consents
from ebok.accounts.models import Channel, Consent, ConsentKind, ConsentText, User
from ebok.testing.letters import sent_letters
from ebok.testing.people import PASSWORD, person
from tests.ebok.accounts.test_sign_in import journal

pytestmark = pytest.mark.django_db
OURS = ("security", "profile", "sessions", "history", "consents", "identities", "second_step")


@pytest.fixture
def mine(client_user: User, signed_in: Callable[[User], Client]) -> Client:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    return signed_in(client_user)


@pytest.mark.parametrize("name", OURS)
def test_a_stranger_signs_in_first(name: str, client: Client) -> None:
    address = reverse(f"account_{name}")
    assert client.get(address)["Location"] == f"/konto/login/?next={address}"
    assert client.post(address).status_code in (302, 405)


def test_security_at_a_glance(mine: Client, client_user: User, assert_queries: Callable[[int], Any]) -> None:
    page = mine.get("/konto/bezpieczenstwo/").content.decode()
    for name in ("mfa_activate_totp", "mfa_list_webauthn", "account_change_password", "account_email"):
        assert f'href="{reverse(name)}"' in page
    assert reverse("mfa_view_recovery_codes") not in page, "no codes without a second step"
    TOTP.activate(client_user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(client_user)
    page = mine.get("/konto/bezpieczenstwo/").content.decode()
    assert 'href="/konto/2fa/totp/deactivate/"' in page
    assert "zostało 10" in page
    assert mine.get("/konto/2fa/")["Location"] == "/konto/bezpieczenstwo/"
    assert "Security of the account" in mine.get("/en/konto/bezpieczenstwo/").content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_the_account_is_in_the_frame(
    prefix: str, mine: Client, client_user: User, settings: Any
) -> None:
    mine.post("/konto/reauthenticate/", {"password": PASSWORD})
    pages = ["password/change/", "email/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/"]
    for page in pages:
        html = mine.get(f"{prefix}/konto/{page}").content.decode()
        assert 'class="eb-shell"' in html, page
        assert html.count("<h1") == 1, page
        assert 'aria-current="page"' in html, page
    TOTP.activate(client_user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(client_user)
    for page in ("2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/"):
        html = mine.get(f"{prefix}/konto/{page}").content.decode()
        assert 'class="eb-shell"' in html, page
        assert html.count("<h1") == 1, page
    codes = mine.get(f"{prefix}/konto/2fa/recovery-codes/download/")
    assert codes["Content-Disposition"].startswith("attachment")


def test_scripts_for_keys_are_files(mine: Client, client: Client) -> None:
    mine.post("/konto/reauthenticate/", {"password": PASSWORD})
    for page in (mine.get("/konto/2fa/webauthn/add/"), client.get("/konto/login/")):
        html = page.content.decode()
        assert "mfa/js/webauthn.js" in html
        for script in html.split("<script")[1:]:
            opening = script.partition(">")[0]
            assert "src=" in opening or "application/json" in opening, opening
        assert "script-src 'self'" in page["Content-Security-Policy"]
        assert "unsafe" not in page["Content-Security-Policy"]


def test_a_key_of_somebody_else_is_not_found(mine: Client) -> None:
    other = person("obcy@example.org")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x", "credential": {}})
    mine.post("/konto/reauthenticate/", {"password": PASSWORD})
    for deed in ("remove", "edit"):
        address = f"/konto/2fa/webauthn/keys/{key.pk}/{deed}/"
        assert [mine.get(address).status_code, mine.post(address, {"name": "y"}).status_code] == [404, 404]
    assert Authenticator.objects.get().data["name"] == "x"


# Details -----------------------------------------------------------------------------------


@pytest.mark.feature("B12")
def test_a_person_sees_and_changes_their_details(mine: Client, client_user: User) -> None:
    page = mine.get("/konto/dane/").content.decode()
    assert 'value="Klient"' in page
    assert "klient@example.org" in page
    new = {"first_name": "Anna Maria", "last_name": "Nowa", "language": "en"}
    assert mine.post("/konto/dane/", new)["Location"] == "/konto/dane/"
    mine.post("/konto/dane/", new)
    client_user.refresh_from_db()
    assert (client_user.get_full_name(), client_user.language) == ("Anna Maria Nowa", "en")
    [(_who, text, payload)] = journal("profile_changed")
    assert text == "Zmiana danych konta: klient@example.org"
    assert payload["old"]["last_name"] == "Klient"


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"first_name": "x" * 151}, {"last_name": "\x00"}])
def test_wrong_details_change_nothing(wrong: dict[str, str], mine: Client, client_user: User) -> None:
    data = {"first_name": "Nie", "last_name": "Zapisane", "language": "", **wrong}
    assert mine.post("/konto/dane/", data).status_code == 200
    client_user.refresh_from_db()
    assert client_user.first_name == "Anna"
    assert journal("profile_changed") == []


def test_a_new_address_takes_the_place_of_the_old_one_when_it_is_confirmed(
    mine: Client, client_user: User
) -> None:
    mine.post("/konto/reauthenticate/", {"password": PASSWORD})
    assert mine.post("/konto/email/", {"email": "nowy@example.org", "action_add": "1"}).status_code == 302
    client_user.refresh_from_db()
    assert client_user.email == "klient@example.org"
    assert "nowy@example.org" in mine.get("/konto/bezpieczenstwo/").content.decode()
    letter = next(sent for sent in sent_letters() if sent.to == ["nowy@example.org"])
    link = next(word for word in letter.body.split() if "/confirm-email/" in word)
    assert "nowy@example.org" in mine.get(link).content.decode()
    mine.post(link)
    client_user.refresh_from_db()
    assert client_user.email == "nowy@example.org"
    assert [text for _who, text, _payload in journal("email_changed")] == [
        "Zmiana adresu e-mail z klient@example.org na nowy@example.org"
    ]


# Consents ----------------------------------------------------------------------------------


@pytest.fixture
def news(db: None) -> ConsentText:
    return ConsentText.objects.create(
        kind=ConsentKind.MARKETING_EMAIL, title="Nowości e-mailem", body="Treść zgody."
    )


def test_a_free_consent_is_given_and_withdrawn_and_all_is_kept(
    mine: Client, client_user: User, news: ConsentText
) -> None:
    assert mine.get("/moje-konto/").status_code != 302, "nothing free is asked for"
    for ticked in ([news.kind], [news.kind], [], ["nieznana"]):
        assert mine.post("/konto/zgody/", {"consent": ticked}).status_code == 302
    rows = list(Consent.objects.order_by("at", "pk").values_list("given", "channel"))
    assert rows == [(True, "portal"), (False, "portal")]
    assert [text for _who, text, _payload in journal("consent_withdrawn")] == [
        "Wycofanie zgody: Nowości e-mailem (v1)"
    ]
    page = mine.get("/konto/zgody/").content.decode()
    assert "wycofana" in page
    assert "Nowości e-mailem" in page
    row = Consent.objects.first()
    assert row is not None
    with pytest.raises(TypeError):
        row.save()


def test_required_terms_are_not_left_by_unticking(mine: Client, client_user: User) -> None:
    terms = ConsentText.objects.create(kind="terms", title="Regulamin", body="x", required=True)
    consents.answer(client_user, terms, given=True, channel=Channel.OFFICE)
    mine.post("/konto/zgody/")
    assert Consent.objects.count() == 1


def test_versions_count_and_what_was_agreed_to_never_changes(news: ConsentText, client_user: User) -> None:
    later = ConsentText.objects.create(
        kind=news.kind, title="Później", body="x", valid_from=timezone.now() + timedelta(days=1)
    )
    assert (news.version, later.version) == (1, 2)
    assert list(consents.in_force()) == [news], "tomorrow's is not in force yet"
    news.clean()
    consents.answer(client_user, news, given=True)
    with pytest.raises(ValidationError, match="Napisz nową"):
        news.clean()
    with pytest.raises(ValidationError, match="tylko regulamin"):
        ConsentText(kind=ConsentKind.SURVEYS, title="x", body="x", required=True).clean()


@pytest.mark.parametrize("count", [1, 30])
def test_consents_take_the_same_queries(
    count: int, mine: Client, client_user: User, news: ConsentText, assert_queries: Callable[[int], Any]
) -> None:
    for number in range(count):
        consents.answer(client_user, news, given=number % 2 == 0)
    mine.get("/konto/zgody/")
    with assert_queries(8):
        assert len(mine.get("/konto/zgody/").context["history"]) == count

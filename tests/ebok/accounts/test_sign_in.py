"""Signing in and out, for the zones and for the Wagtail admin alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from ebok.accounts import roles
from ebok.accounts.hashers import PortalArgon2PasswordHasher
from ebok.accounts.models import User
from ebok.accounts.receivers import masked
from ebok.journal.models import Detail, Event
from ebok.testing.letters import sent_letters
from ebok.testing.people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/konto/login/"


@pytest.fixture
def verified(client_user: User) -> User:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    return client_user


def sign_in(client: Client, login: str, password: str, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": login, "password": password, **extra})


def journal(kind: str) -> list[tuple[int | None, str, dict[str, Any]]]:
    """(who, text, payload) of one kind, oldest first."""
    events = Event.objects.filter(kind=f"accounts.{kind}").order_by("moment", "id")
    details = Detail.objects.in_bulk([event.id for event in events])
    return [(event.actor_id, details[event.id].text, details[event.id].payload) for event in events]


# The user model --------------------------------------------------------------------------


def test_a_user_has_an_address_and_no_name_to_guess() -> None:
    user = User.objects.create_user("Anna@Example.ORG", "x" * 12, first_name="Anna")
    assert user.email == "Anna@example.org"
    assert (user.is_staff, user.is_superuser, user.display_name) == (False, False, "Anna")
    assert User.objects.get_by_natural_key("anna@EXAMPLE.org") == user
    assert user.public_id != User.objects.create_user("b@example.org").public_id
    assert str(User(email="c@example.org")) == "c@example.org"
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_one_address_is_one_account_in_any_case() -> None:
    User.objects.create_user("anna@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ANNA@example.org")
    with pytest.raises(ValidationError, match="Konto z tym adresem e-mail już istnieje"):
        User(email="Anna@example.org", password="x").full_clean()


def test_a_superuser_may_do_everything() -> None:
    user = User.objects.create_superuser("s@example.org", "x" * 12)
    assert (user.is_staff, user.is_superuser) == (True, True)


def test_every_installation_has_its_groups(client_user: User, editor: User) -> None:
    for user, admin in ((client_user, False), (editor, True)):
        assert user.has_perm("wagtailadmin.access_admin") is admin
    assert roles.WITH_WAGTAIL_ADMIN == ("Editors", "Administrators")


def test_the_wagtail_forms_add_and_change_people(
    superuser: User, signed_in: Callable[[User], Client]
) -> None:
    admin = signed_in(superuser)
    data = {
        "email": "nowa@example.org",
        "first_name": "Nowa",
        "last_name": "Osoba",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert admin.post(reverse("wagtailusers_users:add"), data).status_code == 302
    user = User.objects.get(email="nowa@example.org")
    edit = reverse("wagtailusers_users:edit", args=[user.pk])
    assert admin.get(edit).status_code == 200
    changed = {**data, "last_name": "Inna", "password1": "", "password2": "", "is_active": "on"}
    assert admin.post(edit, changed).status_code == 302
    user.refresh_from_db()
    assert (user.last_name, user.check_password(PASSWORD)) == ("Inna", True)
    again = admin.post(reverse("wagtailusers_users:add"), {**data, "email": "NOWA@example.org"})
    assert again.status_code == 200
    assert "Konto z tym adresem e-mail już istnieje" in again.content.decode()


def test_passwords_are_kept_by_argon2id_with_the_parameters_chosen(settings: Any) -> None:
    from ebok.settings import accounts  # the suite itself runs with a quick hasher

    settings.PASSWORD_HASHERS = accounts.PASSWORD_HASHERS
    kept = make_password(PASSWORD)
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, kept)
    assert not PortalArgon2PasswordHasher().must_update(kept)


@pytest.mark.parametrize(
    "weak", ["krótkie-hasło"[:11], "passwordpassword"[:8], "123456789012", "annaklient2026"]
)
def test_weak_passwords_are_refused(weak: str) -> None:
    from django.contrib.auth.password_validation import validate_password

    with pytest.raises(ValidationError):
        validate_password(weak, User(email="annaklient2026@example.org"))


# Signing in ------------------------------------------------------------------------------


@pytest.mark.feature("K01")
def test_a_person_signs_in_with_the_address_in_any_case(client: Client, verified: User) -> None:
    answer = sign_in(client, "KLIENT@example.org", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/konto/")
    assert answer.cookies["ebok_signed_in"].value == "1"
    assert not answer.cookies["ebok_signed_in"]["httponly"]
    assert answer.cookies["sessionid"]["httponly"]
    assert answer.cookies["sessionid"]["samesite"] == "Lax"
    assert journal("signed_in") == [
        (verified.pk, "Zalogowanie: klient@example.org", {"methods": ["password"]})
    ]


def test_an_unverified_address_gets_a_letter_first(client: Client, client_user: User) -> None:
    answer = sign_in(client, client_user.email, PASSWORD)
    assert answer["Location"] == "/konto/confirm-email/"
    assert [letter.to for letter in sent_letters()] == [[client_user.email]]
    found = re.search(r"https?://testserver(/konto/confirm-email/[^\s]+)", str(sent_letters()[0].body))
    assert found
    assert client.get(found[1]).status_code == 200
    assert client.post(found[1]).status_code == 302
    assert EmailAddress.objects.get(user=client_user).verified
    assert sign_in(client, client_user.email, PASSWORD)["Location"] == "/konto/"


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/moje-konto/", "/moje-konto/"),
        ("https://evil.example/", "/konto/"),
        ("//evil.example/", "/konto/"),
        ("javascript:alert(1)", "/konto/"),
        ("\\\\evil.example", "/konto/"),
    ],
)
def test_only_safe_places_follow_a_sign_in(
    client: Client, verified: User, wanted: str, leads_to: str
) -> None:
    assert sign_in(client, verified.email, PASSWORD, next=wanted)["Location"] == leads_to


def test_a_failed_try_is_noted_without_the_password(client: Client, verified: User) -> None:
    answers = [
        sign_in(client, verified.email, "moje-tajne-haslo"),
        sign_in(client, "nieznany@example.com", "moje-tajne-haslo"),
    ]
    texts = [strip(answer.content.decode()) for answer in answers]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert texts[0].replace(verified.email, "X") == texts[1].replace("nieznany@example.com", "X")
    noted = journal("sign_in_failed")
    assert [(who, text, payload["known"]) for who, text, payload in noted] == [
        (None, "Nieudane logowanie: klient@example.org", True),
        (None, "Nieudane logowanie: n…@example.com", False),
    ]
    everything = str(list(Detail.objects.values_list("text", "payload", "actor_label")))
    assert "tajne" not in everything
    assert "nieznany" not in everything
    known = Event.objects.filter(kind="accounts.sign_in_failed").order_by("moment").first()
    assert known is not None
    assert (known.object_type, known.object_id) == ("accounts.user", str(verified.pk))


def strip(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce-[\w-]+', "", html)


@pytest.mark.parametrize(
    ("login", "shown"),
    [("", "…"), ("x", "x…"), ("Trudne-Haslo-1", "T…"), ("anna@example.pl", "a…@example.pl")],
)
def test_what_matches_no_account_is_masked(login: str, shown: str) -> None:
    assert masked(login) == shown


def test_after_five_failures_the_right_password_is_refused_too(client: Client, verified: User) -> None:
    for _try in range(5):
        sign_in(client, verified.email, "moje-tajne-haslo")
    answer = sign_in(client, verified.email, PASSWORD)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    assert len(journal("sign_in_failed")) == 5


def test_a_flood_from_one_address_is_stopped(client: Client) -> None:
    statuses = [
        client.post(LOGIN, {"login": f"{n}@example.org", "password": "x"}).status_code for n in range(35)
    ]
    assert statuses[-1] == 429


def test_asking_for_a_new_password_never_tells_who_has_an_account(client: Client, verified: User) -> None:
    answers = [
        client.post("/konto/password/reset/", {"email": email})
        for email in (verified.email, "nikt@example.org")
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/konto/password/reset/done/")
    ] * 2


def test_a_new_password_is_noted(client: Client, verified: User) -> None:
    client.post("/konto/password/reset/", {"email": verified.email})
    found = re.search(r"https?://testserver(/konto/password/reset/key/[^\s]+)", str(sent_letters()[0].body))
    assert found
    form = client.get(found[1])["Location"]
    answer = client.post(form, {"password1": "Zupelnie-Nowe-8", "password2": "Zupelnie-Nowe-8"})
    assert answer.status_code == 302
    assert [(who, text) for who, text, _payload in journal("password_changed")] == [
        (verified.pk, "Zmiana hasła: klient@example.org")
    ]


def test_nobody_opens_an_account_by_an_address_alone(client: Client) -> None:
    answer = client.get("/konto/signup/")
    assert answer.status_code == 200
    client.post("/konto/signup/", {"email": "a@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="a@example.org").exists()
    assert "/konto/signup/" in client.get(LOGIN).content.decode()


@pytest.mark.parametrize(
    "data", [{"login": "\x00", "password": "\x00"}, {"login": "x" * 9999, "password": "y"}, {}]
)
def test_wrong_input_is_never_an_error_of_ours(client: Client, data: dict[str, str]) -> None:
    assert client.post(LOGIN, data).status_code in {200, 400}


# The admin -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/admin/login/", "/konto/login/?next=%2Fadmin%2F"),
        ("/admin/login/?next=/admin/pages/", "/konto/login/?next=%2Fadmin%2Fpages%2F"),
        ("/admin/", "/konto/login/?next=/admin/"),
    ],
)
def test_the_admin_has_no_sign_in_of_its_own(client: Client, asked: str, leads_to: str) -> None:
    assert client.get(asked)["Location"] == leads_to
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302


def test_an_editor_gets_into_the_admin_through_the_one_sign_in(client: Client, editor: User) -> None:
    EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)
    assert sign_in(client, editor.email, PASSWORD, next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


# Signing out -----------------------------------------------------------------------------


def test_signing_out_is_noted_and_forgotten_by_the_browser(client: Client, verified: User) -> None:
    sign_in(client, verified.email, PASSWORD)
    assert client.get("/konto/logout/").status_code == 200
    answer = client.post("/konto/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert answer.cookies["ebok_signed_in"].value == ""
    assert journal("signed_out") == [(verified.pk, "Wylogowanie: klient@example.org", {"manner": "manual"})]
    assert client.post("/en/konto/logout/")["Location"] == "/en/"

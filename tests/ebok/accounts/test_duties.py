"""What a person must do before going on: a second step for staff, a new password, new terms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts import consents
from ebok.accounts.models import Consent, ConsentKind, ConsentText, SignInRules, User
from ebok.testing.people import PASSWORD
from tests.ebok.accounts.test_sign_in import journal, sign_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def verify(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def required(settings: Any, enable: Callable[..., None]) -> None:
    settings.EBOK_STAFF_SECOND_FACTOR = True
    enable("client_zone", "employee_zone", "mobile_zone")


# A second step for staff -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("employee", "/pracownik/"),
        ("field_worker", "/teren/"),
        ("editor", "/admin/"),
        ("superuser", "/admin/"),
    ],
)
def test_staff_without_a_second_step_are_led_to_set_one_up(
    who: str, place: str, required: None, request: pytest.FixtureRequest, client: Client
) -> None:
    user = verify(request.getfixturevalue(who))
    sign_in(client, user.email, PASSWORD)
    answer = client.get(place + "?a=1")
    assert answer["Location"].startswith("/konto/drugi-krok/?next=%2F")
    page = client.get(answer["Location"]).content.decode()
    assert "Ustaw drugi krok logowania; to zajmie dwie minuty." in page
    assert 'href="/konto/2fa/totp/activate/"' in page
    assert client.post(place, {"x": "1"})["Location"] == "/konto/drugi-krok/"
    english = client.get("/en/konto/drugi-krok/").content.decode()
    assert "a password alone is not enough" in english


def test_setting_up_codes_opens_the_door_at_once(required: None, employee: User, client: Client) -> None:
    sign_in(client, verify(employee).email, PASSWORD)
    form = client.get("/konto/2fa/totp/activate/", follow=True)
    assert form.redirect_chain[-1][0].startswith("/konto/reauthenticate/")
    client.post(form.redirect_chain[-1][0], {"password": PASSWORD})
    shown = client.get("/konto/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;base64,' in shown.content.decode()
    secret = shown.context["form"].secret
    wrong = client.post("/konto/2fa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    answer = client.post("/konto/2fa/totp/activate/", {"code": code(secret)})
    assert answer["Location"] == "/konto/2fa/recovery-codes/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("restored_db")
def test_the_session_that_set_it_up_counts_as_proven(
    settings: Any, enable: Callable[..., None], employee: User, client: Client
) -> None:
    settings.EBOK_STAFF_SECOND_FACTOR = True
    enable("employee_zone")
    sign_in(client, verify(employee).email, PASSWORD)
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/konto/2fa/totp/activate/").context["form"].secret
    client.post("/konto/2fa/totp/activate/", {"code": code(secret)})
    assert client.get("/pracownik/").status_code == 200
    codes = client.get("/konto/2fa/recovery-codes/")
    assert len(codes.context["unused_codes"]) == 10
    assert [payload["type"] for _who, _text, payload in journal("second_factor_added")] == ["totp"]
    assert len(journal("recovery_codes_made")) == 1
    said = str([journal(kind) for kind in ("second_factor_added", "recovery_codes_made")])
    assert secret not in said
    assert codes.context["unused_codes"][0] not in said
    client.post("/konto/2fa/totp/deactivate/")
    assert client.get("/pracownik/")["Location"].startswith("/konto/drugi-krok/")
    assert len(journal("second_factor_removed")) == 1


def test_a_session_that_was_not_proven_is_asked_for_the_code(
    required: None, employee: User, signed_in: Callable[[User], Client]
) -> None:
    TOTP.activate(employee, SECRET)
    client = signed_in(employee)
    step = client.get("/pracownik/")["Location"]
    asked = client.get(step)["Location"]
    assert asked.startswith("/konto/2fa/reauthenticate/?next=%2Fpracownik%2F")
    assert client.post(asked, {"code": code(), "next": "/pracownik/"})["Location"] == "/pracownik/"
    assert client.get("/pracownik/").status_code == 200


@pytest.mark.feature("B10")
def test_signing_in_with_the_second_step_is_told_in_words(
    required: None, employee: User, client: Client
) -> None:
    TOTP.activate(verify(employee), SECRET)
    assert sign_in(client, employee.email, PASSWORD)["Location"] == "/konto/2fa/authenticate/"
    assert client.get("/pracownik/").status_code == 302, "half signed in is not signed in"
    assert client.post("/konto/2fa/authenticate/", {"code": "000000"}).status_code == 200
    failed = journal("sign_in_failed")
    assert [(text, payload["step"]) for _who, text, payload in failed] == [
        ("Nieudany drugi krok logowania: pracownik@example.org", "second")
    ]
    client.post("/konto/2fa/authenticate/", {"code": code()})
    assert client.get("/pracownik/").status_code == 200
    assert [payload["methods"] for _who, _text, payload in journal("signed_in")] == [["password", "totp"]]
    assert "hasło, kod z aplikacji" in client.get("/konto/sessions/").content.decode()


def test_clients_are_not_asked_and_learn_nothing(
    required: None, client_user: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(client_user)
    assert client.get("/moje-konto/").status_code == 200
    assert client.get("/pracownik/").status_code == 404, "no step leads to a place that is not theirs"


def test_the_requirement_costs_no_query(
    required: None,
    client_user: User,
    signed_in: Callable[[User], Client],
    settings: Any,
) -> None:
    client = signed_in(client_user)
    client.get("/konto/dane/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/moje-konto/").status_code == 200
        return len(queries)

    with_it = asked()
    settings.EBOK_STAFF_SECOND_FACTOR = False
    assert asked() == with_it


# A password that is too old ----------------------------------------------------------------


@pytest.mark.feature("B06")
def test_a_site_may_ask_for_a_new_password_and_none_does_by_itself(
    site: Site, enable: Callable[..., None], client_user: User, client: Client
) -> None:
    enable("client_zone")
    verify(client_user)
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        sign_in(client, client_user.email, PASSWORD)
        assert client.get("/moje-konto/").status_code == 200
    SignInRules.objects.update_or_create(site=site, defaults={"password_days": 90})
    new = "Zupelnie-Nowe-8"
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=True):
        other = Client()
        sign_in(other, client_user.email, PASSWORD)
        due = other.get("/moje-konto/?x=1")["Location"]
        assert due == "/konto/nowe-haslo/?next=%2Fmoje-konto%2F%3Fx%3D1"
        assert "najwyżej 90 dni" in other.get(due).content.decode()
        refused = other.post(due, {"oldpassword": "nie-to-haslo", "password1": new, "password2": new})
        assert refused.status_code == 200
        done = other.post(due, {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert done["Location"] == "/moje-konto/?x=1"
        assert other.get("/moje-konto/").status_code == 200
        assert other.get("/konto/nowe-haslo/")["Location"] == "/konto/", "nothing is due any more"
    assert User.objects.get(pk=client_user.pk).check_password(new)


# New terms ---------------------------------------------------------------------------------


@pytest.fixture
def terms(db: None) -> ConsentText:
    return ConsentText.objects.create(
        kind=ConsentKind.TERMS,
        title="Regulamin portalu",
        body="Pierwszy akapit.\n\nDrugi akapit.",
        title_en="Terms of the portal",
        body_en="First paragraph.",
        required=True,
        valid_from=timezone.now() - timedelta(days=1),
    )


def newer(terms: ConsentText, **changed: Any) -> ConsentText:
    values = {"kind": terms.kind, "title": "Nowy regulamin", "body": "Nowa treść.", "required": True}
    return ConsentText.objects.create(**{**values, **changed})


def test_required_terms_are_asked_once_and_the_way_goes_on(
    enable: Callable[..., None], terms: ConsentText, client_user: User, signed_in: Callable[[User], Client]
) -> None:
    enable("client_zone")
    client = signed_in(client_user)
    due = client.get("/moje-konto/?x=1")["Location"]
    assert due == "/konto/nowy-regulamin/?next=%2Fmoje-konto%2F%3Fx%3D1"
    page = client.get(due).content.decode()
    assert "<p>Drugi akapit.</p>" in page
    assert "Terms of the portal" in client.get("/en/konto/nowy-regulamin/").content.decode()
    refused = client.post(due, {"next": "/moje-konto/?x=1"})
    assert "Zaakceptuj, żeby przejść dalej" in refused.content.decode()
    assert not Consent.objects.exists()
    done = client.post(due, {"next": "/moje-konto/?x=1", f"accept_{terms.pk}": "on"}, REMOTE_ADDR="192.0.2.7")
    assert done["Location"] == "/moje-konto/?x=1"
    assert client.get("/moje-konto/").status_code == 200
    [given] = Consent.objects.all()
    assert (given.user, given.text, given.given, given.channel, given.address) == (
        client_user,
        terms,
        True,
        "portal",
        "192.0.2.7",
    )
    assert [(who, text) for who, text, _payload in journal("consent_given")] == [
        (client_user.pk, "Zgoda: Regulamin portalu (v1)")
    ]
    client.post(due, {f"accept_{terms.pk}": "on"})
    assert Consent.objects.count() == 1, "twice is once"


def test_a_newer_version_is_asked_within_a_minute_of_its_day_and_loses_no_form(
    enable: Callable[..., None], terms: ConsentText, client_user: User, signed_in: Callable[[User], Client]
) -> None:
    enable("client_zone")
    consents.answer(client_user, terms, given=True)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        client = signed_in(client_user)
        newer(terms, valid_from=start + timedelta(minutes=5))
    with time_machine.travel(start + timedelta(minutes=3), tick=False):
        assert client.get("/moje-konto/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=6), tick=False):
        client.get("/konto/dane/")
        assert client.post("/moje-konto/", {"typed": "x"}).status_code == 405, "the form reached its page"
        assert client.get("/moje-konto/", HTTP_ACCEPT="application/json").status_code == 200
        assert client.get("/moje-konto/")["Location"].startswith("/konto/nowy-regulamin/")
        assert client.get("/konto/logout/").status_code == 200


def test_leading_on_stays_on_this_host(
    terms: ConsentText, client_user: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(client_user)
    data = {"next": "https://evil.example/", f"accept_{terms.pk}": "on"}
    assert client.post("/konto/nowy-regulamin/", data)["Location"] == "/konto/"

"""A flood of sign-ins leaves other pages alone: few passwords are hashed at once."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from ebok.accounts import hashing
from ebok.accounts.middleware import BusyHashingMiddleware
from ebok.accounts.models import User
from ebok.journal.origin import current_request
from ebok.testing.people import PASSWORD
from tests.ebok.accounts.test_sign_in import sign_in

LOGIN = "/konto/login/"


@pytest.fixture
def one_place(settings: Any) -> None:
    from ebok.settings import accounts  # the suite itself runs with a quick hasher

    settings.PASSWORD_HASHERS = accounts.PASSWORD_HASHERS
    settings.EBOK_HASHING_PLACES = 1


@pytest.fixture
def at_a_page() -> Iterator[None]:
    token = current_request.set(HttpRequest())
    yield
    current_request.reset(token)


@pytest.fixture
def elsewhere(one_place: None) -> Iterator[Callable[[], None]]:
    """The only place is taken by another thread until the returned function is called."""
    taken, release = threading.Event(), threading.Event()

    def hold() -> None:
        with hashing.place():
            taken.set()
            release.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(5)
    yield release.set
    release.set()
    thread.join()


def is_free() -> bool:
    held = hashing._first_free()
    if held is not None:
        os.close(held)
    return held is not None


def test_never_more_at_once_than_there_are_places(settings: Any, one_place: None) -> None:
    settings.EBOK_HASHING_PLACES = 2
    inside, most, lock = 0, 0, threading.Lock()

    def hash_one() -> None:
        nonlocal inside, most
        with hashing.place():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=hash_one) for _n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_request_waits_a_little_and_goes_in(elsewhere: Callable[[], None], at_a_page: None) -> None:
    threading.Timer(0.05, elsewhere).start()
    with hashing.place():
        assert not is_free()


@pytest.mark.usefixtures("elsewhere", "at_a_page")
def test_the_wait_is_short_and_only_one_waits() -> None:
    began = time.monotonic()
    with pytest.raises(hashing.HashingBusy), hashing.place():
        pytest.fail("there was no place")
    assert hashing.LONGEST_WAIT <= time.monotonic() - began < 5
    waiting = hashing._taken(hashing.WAITING)
    assert waiting is not None
    try:
        began = time.monotonic()
        with pytest.raises(hashing.HashingBusy), hashing.place():
            pytest.fail("there was no place")
        assert time.monotonic() - began < hashing.LONGEST_WAIT
    finally:
        os.close(waiting)


def test_a_command_is_patient(elsewhere: Callable[[], None]) -> None:
    threading.Timer(hashing.LONGEST_WAIT * 2, elsewhere).start()
    assert check_password(PASSWORD, make_password(PASSWORD))


def test_a_place_comes_back_after_an_error(one_place: None) -> None:
    with pytest.raises(ValueError, match="x"), hashing.place():
        raise ValueError("x")
    assert is_free()
    with hashing.place(), hashing.place():
        pass
    assert is_free()


@pytest.mark.usefixtures("elsewhere", "at_a_page")
def test_without_a_limit_there_is_none(settings: Any) -> None:
    settings.EBOK_HASHING_PLACES = hashing.NO_LIMIT
    began = time.monotonic()
    with hashing.place():
        assert time.monotonic() - began < hashing.LONGEST_WAIT


def test_who_signs_in_keeps_the_place_until_the_answer(one_place: None, rf: RequestFactory) -> None:
    """Drawing the answer takes as long as hashing; only sent forms of such pages need a place."""
    seen: list[bool] = []

    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append(is_free())
        return HttpResponse()

    front = BusyHashingMiddleware(answer)
    for request in (rf.post(LOGIN, {"login": "x"}), rf.get(LOGIN), rf.post("/szukaj/")):
        assert front(request).status_code == 200
    assert seen == [False, True, True]
    assert is_free()


def test_a_form_that_never_comes_whole_holds_no_place(one_place: None, rf: RequestFactory) -> None:
    class Gone(io.BytesIO):
        def read(self, *_size: Any) -> bytes:
            assert is_free()
            raise OSError("the browser was closed")

    request = rf.post(LOGIN, {"login": "x"})
    request._stream = Gone()  # where Django reads the form from
    answer = BusyHashingMiddleware(lambda _request: HttpResponse())(request)
    assert answer.status_code == 400


@pytest.mark.django_db
def test_whoever_finds_no_place_is_sent_away_kindly_and_others_are_not(
    one_place: None, client_user: User, elsewhere: Callable[[], None], client: Client
) -> None:
    EmailAddress.objects.create(user=client_user, email=client_user.email, verified=True, primary=True)
    answer = sign_in(client, client_user.email, PASSWORD)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "2", "no-store")
    assert "Odczekaj kilka sekund" in answer.content.decode()
    assert client.get(LOGIN).status_code == 200
    assert client.get("/zdrowie/zyje/").status_code == 200
    elsewhere()
    time.sleep(0.1)
    assert sign_in(client, client_user.email, PASSWORD).status_code == 302


@pytest.mark.django_db
def test_a_crowd_is_sent_away_before_the_database_is_asked(
    elsewhere: Callable[[], None], client: Client, assert_queries: Callable[[int], Any]
) -> None:
    waiting = hashing._taken(hashing.WAITING)
    assert waiting is not None
    try:
        for address in (LOGIN, "/en/konto/login/", "/konto/password/change/", "/konto/reauthenticate/"):
            with assert_queries(0):
                assert client.post(address, {"login": "x", "password": "y"}).status_code == 503
        assert client.post("/konto/kto/").status_code == 405
    finally:
        os.close(waiting)

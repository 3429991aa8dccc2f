"""Nobody learns who has an account, or which customers and invoices there are.

Known and unknown get the same words and status, and cost the same: as many password hashes, queries and
letters. Time on the wall is not measured; what takes it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.customers.access import give_access
from ebok.customers.models import Customer
from ebok.testing.people import PASSWORD, person
from ebok_plugins.client_zone.models import AccessLetter
from tests.plugins.client_zone.joining.conftest import CODE, Newcomer, url


@dataclass
class Cost:
    """What an answer took."""

    hashes: int = 0
    letters: int = 0
    queries: Counter[str] = field(default_factory=Counter)


@contextmanager
def counted() -> Iterator[Cost]:
    """Count hashes, letters and queries by kind and table."""
    cost = Cost()
    real = MD5PasswordHasher.encode

    def encode(self: Any, *args: Any, **kwargs: Any) -> str:
        cost.hashes += 1
        return real(self, *args, **kwargs)

    before = len(mail.outbox)
    with mock.patch.object(MD5PasswordHasher, "encode", encode), CaptureQueriesContext(connection) as asked:
        yield cost
    cost.letters = len(mail.outbox) - before
    for query in asked.captured_queries:
        found = re.match(r'(SELECT|INSERT|UPDATE|DELETE).*?(?:FROM|INTO|UPDATE) "(\w+)"', query["sql"])
        if found:
            cost.queries[f"{found[1]} {found[2]}"] += 1


def said(answer: Any) -> tuple[int, str, str]:
    """Status, where it leads, and the words without what differs in every answer."""
    words = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return answer.status_code, answer.get("Location", ""), words


def same(ask: Callable[[bool], Any]) -> tuple[Cost, Cost]:
    """Ask once for the known and once for the unknown; the answers are equal. Returns what they cost."""
    ask(True)  # so that nothing is read for the first time in one of the two
    with counted() as known:
        first = ask(True)
    with counted() as unknown:
        second = ask(False)
    assert said(first) == said(second)
    assert known.queries
    return known, unknown


@pytest.fixture
def account(invoice: Invoice) -> User:
    """An account holder of the customer."""
    user = person("jest@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    give_access(invoice.customer, user)
    return user


UNKNOWN = [
    {"code": "K-999999"},
    {"number": "FV/2026/999999"},
    {"amount": "412,56"},
]


@pytest.mark.feature("B02", "B05")
@pytest.mark.parametrize("wrong", UNKNOWN, ids=["customer", "invoice", "amount"])
def test_the_first_step_tells_nothing(invoice: Invoice, wrong: dict[str, str]) -> None:
    """The same redirect and the same queries, whichever part is wrong."""
    known, unknown = same(lambda right: Newcomer(Client()).show_invoice(**({} if right else wrong)))
    assert known == unknown


@pytest.mark.feature("B02", "B05")
@pytest.mark.parametrize("wrong", UNKNOWN, ids=["customer", "invoice", "amount"])
def test_the_second_step_tells_nothing(invoice: Invoice, wrong: dict[str, str]) -> None:
    """One hash, one letter, the same rows, the same page. The letters differ: their reader owns them."""

    def ask(right: bool) -> Any:
        visitor = Newcomer(Client(), email=f"{'a' if right else 'b'}@example.org")
        visitor.show_invoice(**({} if right else wrong))
        return visitor.choose()

    known, unknown = same(ask)
    assert known == unknown
    assert (known.hashes, known.letters) == (1, 1)


@pytest.mark.feature("B03")
def test_a_taken_mailbox_is_told_to_its_reader_alone(account: User) -> None:
    """Registering a mailbox with an account costs and says the same as registering a new one."""

    def ask(right: bool) -> Any:
        visitor = Newcomer(Client(), email=account.email if right else "nikt@example.org")
        visitor.show_invoice()
        return visitor.choose()

    known, unknown = same(ask)
    assert known == unknown


@pytest.mark.feature("H21")
def test_letters_codes_tell_nothing(customer: Customer, make_letter: Callable[..., AccessLetter]) -> None:
    make_letter(customer)

    def ask(right: bool, typed: dict[str, str]) -> Any:
        given = {"code": "K-000777", "letter_code": CODE, **({} if right else typed)}
        return Client().post(url("letter"), given)

    for typed in ({"code": "K-999999"}, {"letter_code": "WWWWWWWWWWWW"}):
        known, unknown = same(lambda right, typed=typed: ask(right, typed))  # type: ignore[misc]
        assert known == unknown


@pytest.mark.feature("B04")
@pytest.mark.parametrize(
    "wrong",
    [*UNKNOWN, {"old_email": "nikt@example.org"}, {"old_email": "inny@example.org"}],
    ids=["customer", "invoice", "amount", "nobody", "stranger"],
)
def test_lost_sign_in_data_tell_nothing(account: User, wrong: dict[str, str]) -> None:
    """Both steps, also for a mailbox whose account is not the customer's."""
    person("inny@example.org")

    def first(right: bool) -> Any:
        return Newcomer(Client()).show_invoice(
            "recover", **{"old_email": account.email, **({} if right else wrong)}
        )

    def second(right: bool) -> Any:
        visitor = Newcomer(Client(), email=f"{'a' if right else 'b'}@example.org")
        visitor.show_invoice("recover", **{"old_email": account.email, **({} if right else wrong)})
        return visitor.choose()

    with mock.patch("ebok_plugins.client_zone.registration.limits.wait_of", return_value=0):
        known, unknown = same(first)
        assert known == unknown
        known, unknown = same(second)
    assert known == unknown
    assert (known.hashes, known.letters) == (1, 1)


def test_a_pause_tells_nothing(invoice: Invoice) -> None:
    """A code nobody has is paused after as many tries as one that exists."""
    answers = {}
    for code in ("K-000777", "K-999999"):
        answers[code] = [
            said(Newcomer(Client(REMOTE_ADDR="198.51.100.9")).show_invoice(code=code, amount="1,00"))
            for _number in range(6)
        ]
    assert answers["K-000777"] == answers["K-999999"]
    assert answers["K-000777"][-1][0] == 429


# allauth's own pages ------------------------------------------------------------------------------


@pytest.mark.feature("B01")
def test_signing_in_tells_nothing(account: User) -> None:
    """A wrong password and an unknown person: the same words, one hash each, no letter."""

    def ask(right: bool) -> Any:
        login = account.email if right else "xest@example.org"
        answer = Client().post("/konto/login/", {"login": login, "password": "To-nie-jest-to-haslo"})
        answer.content = answer.content.replace(login.encode(), b"")
        return answer

    known, unknown = same(ask)
    assert known.hashes == unknown.hashes == 1
    assert known.letters == unknown.letters == 0


@pytest.mark.feature("B04")
def test_resetting_a_password_tells_nothing(account: User) -> None:
    """One letter to whatever was typed."""

    def ask(right: bool) -> Any:
        email = account.email if right else "nikt@example.org"
        return Client().post("/konto/password/reset/", {"email": email})

    known, unknown = same(ask)
    assert known.letters == unknown.letters == 1
    assert known.hashes == unknown.hashes


def test_the_right_password_still_works(account: User) -> None:
    assert Client().post("/konto/login/", {"login": account.email, "password": PASSWORD}).status_code == 302


# What nobody should send ---------------------------------------------------------------------------

BAD = ["\x00", "a\x00b", "x" * 100_000, "9" * 400, "\ud800", "-1", "NaN", "1e400", "' OR 1=1 --", "💧", ""]


@pytest.mark.parametrize("bad", BAD, ids=[repr(text[:8]) for text in BAD])
def test_bad_input_is_answered_with_words(
    invoice: Invoice, account: User, as_user: Callable[[User | None], Client], bad: str
) -> None:
    """Every field of every form, for a visitor and for a person who is signed in."""
    raw = bad.encode("utf-8", "surrogatepass")
    names = ("code", "number", "amount", "old_email", "email", "password", "again", "letter_code", "do")
    body = b"&".join(name.encode() + b"=" + _quoted(raw) for name in names)
    visitor, client = as_user(None), as_user(account)
    for place in (url("invoice"), url("letter"), url("recover"), url("account")):
        _post(visitor, place, body)
    Newcomer(visitor).show_invoice()
    _post(visitor, url("account"), body)
    for view in ("join", "join_letter", "invite", "my_access"):
        _post(client, url(view, "client"), body)
    _post(client, url("invite", "client") + "?rola=tenant", body)
    assert visitor.get(f"/rejestracja/potwierdz/{'%00' * 3}/").status_code in (400, 404)


def _post(client: Client, place: str, body: bytes) -> None:
    answer = client.post(place, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500, place


def _quoted(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in raw)

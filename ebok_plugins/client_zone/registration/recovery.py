"""New sign-in data for somebody who lost the old ones (B04).

1. Who still reads the old mailbox sets a new password by the invoice and the letter to that mailbox.
2. Who does not proves the new mailbox and types a code from a letter by post; the old mailbox is told at
   the beginning and at the end.
3. An account that opens more than one customer, or anything of the office, is left to the office: one
   letter to one address must not open the others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.accounts.receivers import masked
from ebok.customers.access import accesses_of
from ebok.customers.models import AccessRole, Customer
from ebok.journal.services import record
from ebok_plugins.client_zone.models import Claim, ClaimKind, Registration
from ebok_plugins.client_zone.registration import notices, people, rules, tokens
from ebok_plugins.client_zone.registration.joining import CLAIM_DAYS, Outcome

NOBODY = -1


class MailboxTaken(Exception):
    """Somebody signs in with the new mailbox by now."""


def account_to_recover(email: str, customer: Customer | None) -> User | None:
    """The account of that mailbox, if it is an account holder of the customer's and no employee's.

    Asks the same of the database whatever the answer.
    """
    user = people.account_of(email)
    held = accesses_of(user or User(pk=NOBODY)).filter(
        customer_id=customer.pk if customer else NOBODY, role=AccessRole.OWNER
    )
    holds, is_staff = held.exists(), people.is_staff_account(user or User(pk=NOBODY))
    return user if user is not None and holds and not is_staff and user.is_active else None


def is_for_the_office(user: User) -> bool:
    """Whether only the office may move the account to another mailbox."""
    return people.is_staff_account(user) or accesses_of(user).count() != 1


def proceed(registration: Registration, *, request: HttpRequest) -> Outcome:
    """The new mailbox is proven: it is the old one, and all is done, or one more proof is awaited."""
    user, customer = registration.user, registration.customer
    assert user is not None  # `begin` has a customer only together with the account
    assert customer is not None
    if rules.same_mailbox(user.email, registration.email):
        _change(user, registration.email, registration.password, customer, actor=user, request=request)
        return Outcome(user)
    token, now = tokens.new_token(), timezone.now()
    claim = Claim.objects.create(
        kind=ClaimKind.RECOVER,
        customer=customer,
        user=user,
        made_at=now,
        expires_at=now + timedelta(days=CLAIM_DAYS),
        new_email=registration.email,
        new_password=registration.password,
        token_hash=tokens.token_hash(token),
    )
    record(
        "client_zone.claim_made",
        text=_("New sign-in data asked for, with the mailbox %(email)s")
        % {"email": masked(registration.email)},
        actor="",
        request=request,
        customer_id=customer.pk,
        obj=claim,
    )
    notices.tell_old_mailbox_begun(user, request=request)
    notices.tell_of_recovery(registration.email, token, request=request)
    return Outcome(user, claim=claim, token=token)


def complete(claim: Claim, *, actor: Any, request: HttpRequest) -> None:
    """Give the account its new mailbox and password. Raises `IntegrityError` for a mailbox that is taken."""
    _change(claim.user, claim.new_email, claim.new_password, claim.customer, actor=actor, request=request)


def _change(
    user: User, email: str, hashed: str, customer: Customer, *, actor: Any, request: HttpRequest
) -> None:
    old = user.email
    people.give_sign_in_data(user, email, hashed)
    record(
        "client_zone.credentials_recovered",
        text=_("New sign-in data: %(old)s is %(new)s now") % {"old": masked(old), "new": masked(email)},
        actor=actor or user,
        request=request,
        customer_id=customer.pk,
        obj=user,
    )
    notices.tell_old_mailbox_done(user, old, request=request)

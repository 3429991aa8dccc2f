"""From typed data to an account: the two steps before the mailbox is proven, and the one after."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.accounts.receivers import masked
from ebok.journal.digests import keyed_fingerprint
from ebok.journal.services import record
from ebok_plugins.client_zone.models import ClaimKind, Registration
from ebok_plugins.client_zone.registration import notices, people, recovery, rules, tokens
from ebok_plugins.client_zone.registration.joining import CodeUsed, Outcome, join
from ebok_plugins.client_zone.registration.proving import Proof

LINK_HOURS = 24
WRONG_PASSWORDS = 5


class LinkDead(Exception):
    """The link was used, is too old, or never was."""


class WrongPassword(Exception):
    """Not the password that was chosen with this registration."""


class SignInFirst(Exception):
    """The mailbox belongs to an account; its person must sign in to go on."""


def record_try(
    proof: Proof, typed_code: str, *, kind: str, request: HttpRequest, paused: bool = False
) -> None:
    """Write down that somebody tried, whether or not it fits: never the amount, the code as a fingerprint."""
    customer = proof.customer
    record(
        "client_zone.registration_tried",
        text=_("Data for %(what)s typed") % {"what": ClaimKind(kind).label},
        request=request,
        customer_id=customer.pk if customer else None,
        obj=customer,
        payload={
            "code": keyed_fingerprint(rules.spellings(typed_code)[1]),
            "fits": customer is not None,
            "way": proof.way,
            "paused": paused,
        },
    )


def begin(
    proof: Proof,
    *,
    email: str,
    password: str,
    request: HttpRequest,
    kind: str = ClaimKind.JOIN,
    user: User | None = None,
) -> Registration:
    """Keep what was typed and send exactly one letter to the mailbox, whether or not the data fitted."""
    token, now = tokens.new_token(), timezone.now()
    hashed = make_password(password)
    owner = people.account_of(email)
    if kind == ClaimKind.RECOVER and (user is None or (owner is not None and owner != user)):
        # Nobody's account moves to a mailbox with which somebody else signs in.
        proof = Proof(None, proof.way)
    with transaction.atomic():
        registration = Registration.objects.create(
            kind=kind,
            token_hash=tokens.token_hash(token),
            email=email,
            password=hashed,
            customer=proof.customer,
            user=user if proof.customer else None,
            way=proof.way,
            letter=proof.letter,
            made_at=now,
            expires_at=now + timedelta(hours=LINK_HOURS),
        )
        record(
            "client_zone.registration_begun",
            text=_("Letter to %(email)s to confirm the address") % {"email": masked(email)},
            request=request,
            customer_id=proof.customer.pk if proof.customer else None,
            obj=registration,
            payload={"kind": kind, "mailbox": keyed_fingerprint(email.lower())},
        )
        if proof.customer is None:
            notices.tell_that_nothing_fits(registration, request)
        else:
            notices.tell_to_go_on(registration, token, request)
    return registration


def open_registration(token: str) -> Registration | None:
    """The registration a link leads to, while the link works."""
    return (
        Registration.objects.filter(
            token_hash=tokens.token_hash(token),
            done_at__isnull=True,
            customer__isnull=False,
            expires_at__gt=timezone.now(),
            tries__lt=WRONG_PASSWORDS,
        )
        .select_related("customer", "letter", "user")
        .first()
    )


def confirm(token: str, *, password: str | None, request: HttpRequest) -> Outcome:
    """The mailbox is proven: open the account and join it with the customer, or begin a recovery.

    `password` is what the person types in another browser than the one that registered; None in that one.
    So a stranger's registration for my mailbox gives the stranger no account of mine.
    Raises `LinkDead`, `WrongPassword` or `SignInFirst`; then nothing has changed but the count of tries.
    """
    registration = open_registration(token)
    if registration is None:
        raise LinkDead
    if password is not None and not check_password(password, registration.password):
        _count_wrong(registration)
        raise WrongPassword
    try:
        with transaction.atomic():
            if not _close(registration):
                raise LinkDead
            if registration.kind == ClaimKind.RECOVER:
                return recovery.proceed(registration, request=request)
            return _open_account(registration, request)
    except IntegrityError as error:
        # Two links for one mailbox at the same moment: the account is there now.
        raise SignInFirst from error


def _open_account(registration: Registration, request: HttpRequest) -> Outcome:
    user = people.account_of(registration.email)
    is_new = user is None
    if user is None:
        user = people.make_account(registration.email, registration.password)
        record(
            "client_zone.registered",
            text=_("Account opened: %(email)s") % {"email": user.email},
            actor=user,
            request=request,
            customer_id=registration.customer_id,
            obj=user,
            payload={"way": registration.way},
        )
    elif request.user != user:
        raise SignInFirst
    assert registration.customer is not None  # open_registration asked for it
    proof = Proof(registration.customer, registration.way, registration.letter)
    try:
        with transaction.atomic():
            claim = join(user, proof, request=request)
    except CodeUsed:
        return Outcome(user, is_new, code_used=True)
    return Outcome(user, is_new, claim)


def _close(registration: Registration) -> bool:
    """Use the link up; False when somebody was quicker."""
    return bool(
        Registration.objects.filter(pk=registration.pk, done_at__isnull=True).update(done_at=timezone.now())
    )


def _count_wrong(registration: Registration) -> None:
    registration.tries += 1
    Registration.objects.filter(pk=registration.pk).update(tries=F("tries") + 1)

"""A person with a proven mailbox joins a customer: at once, or with a claim that waits for a second proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.customers.access import accesses_of, accesses_to, give_access
from ebok.customers.models import EVERYTHING, AccessRole, AccessWay, Customer, CustomerAccess
from ebok.journal.services import record
from ebok_plugins.client_zone.models import AccessLetter, Claim, ClaimKind, ClaimState
from ebok_plugins.client_zone.registration import notices, people
from ebok_plugins.client_zone.registration.proving import Proof

CLAIM_DAYS = 60


class CodeUsed(Exception):
    """The letter's code has been used, or has expired, since it was typed."""


@dataclass(frozen=True)
class Outcome:
    """What came of a confirmed registration."""

    user: User
    is_new: bool = False
    claim: Claim | None = None
    """What is still owed; None when the person is in."""
    token: str = ""
    """Leads to the page of a claim to recover an account."""
    code_used: bool = False
    """Somebody used the letter's code in between."""


def join(user: User, proof: Proof, *, request: HttpRequest | None) -> Claim | None:
    """Let the person in (None), or make the claim that waits for a second proof.

    A code from a letter went to the customer's own address and needs nothing more. Data from an invoice
    need it when the billing data name a mailbox that is not the person's. Raises `CodeUsed`.
    """
    customer = proof.customer
    assert customer is not None  # callers ask whether the proof holds
    with transaction.atomic():
        if proof.letter is not None:
            use_letter(proof.letter, user, request=request)
        elif customer.email and not people.has_mailbox(user, customer.email):
            return _claim(user, customer, request)
        admit(user, customer, way=proof.way, request=request)
    return None


def admit(
    user: User, customer: Customer, *, way: str, actor: Any = None, request: HttpRequest | None = None
) -> CustomerAccess:
    """The person is an account holder of the customer from now on; the earlier ones are told.

    An invited person who proves to be the customer gets everything; who has it already keeps it.
    """
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=customer.pk)
        held = accesses_of(user).filter(customer=customer).first()
        if held is not None and holds_all(held):
            return held
        others = accesses_to(customer).filter(role=AccessRole.OWNER).exclude(user=user)
        holders = [other.user for other in others]
        access = give_access(
            customer, user, role=AccessRole.OWNER, way=way, actor=actor or user, request=request
        )
        notices.tell_holders(holders, person=user.email, customer=customer, request=request)
    return access


def holds_all(access: CustomerAccess) -> bool:
    """Whether the access is an account holder's, whole and without an end."""
    return access.role == AccessRole.OWNER and access.scopes == EVERYTHING and access.valid_until is None


def use_letter(letter: AccessLetter, user: User, *, request: HttpRequest | None) -> None:
    """Use a letter's code up; of two people at once only one succeeds. Raises `CodeUsed`."""
    now = timezone.now()
    used = AccessLetter.objects.filter(
        pk=letter.pk, used_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=now
    ).update(used_at=now, used_by=user)
    if not used:
        raise CodeUsed
    record(
        "client_zone.letter_used",
        text=_("Code from a letter used by %(email)s") % {"email": user.email},
        actor=user,
        request=request,
        customer_id=letter.customer_id,
        obj=letter,
    )


def claims_of(user: User) -> list[Claim]:
    """What the person still owes a proof for, the newest first."""
    return list(
        Claim.objects.filter(
            user=user, kind=ClaimKind.JOIN, state=ClaimState.WAITING, expires_at__gt=timezone.now()
        )
        .select_related("customer")
        .order_by("-id")
    )


def _claim(user: User, customer: Customer, request: HttpRequest | None) -> Claim:
    now = timezone.now()
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=customer.pk)
        claim, made = Claim.objects.update_or_create(
            user=user,
            customer=customer,
            kind=ClaimKind.JOIN,
            state=ClaimState.WAITING,
            defaults={"expires_at": now + timedelta(days=CLAIM_DAYS)},
            create_defaults={"made_at": now, "expires_at": now + timedelta(days=CLAIM_DAYS)},
        )
        if made:
            record(
                "client_zone.claim_made",
                text=_("%(email)s knows an invoice; a second proof is awaited") % {"email": user.email},
                actor=user,
                request=request,
                customer_id=customer.pk,
                obj=claim,
            )
    return claim


def way_of(proof: str) -> str:
    """How an access counts as given that was claimed and then proven so."""
    return {"letter": AccessWay.LETTER, "office": AccessWay.STAFF}.get(proof, AccessWay.REGISTRATION)

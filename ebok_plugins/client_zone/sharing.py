"""Letting others in (C-6): invitations, revoking, resigning.

1. Nobody gives more than they hold, nor for longer.
2. Only an account holder ends an account holder's access, and the last account holder stays.
3. An invitation belongs to a mailbox; of its token only a hash is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.customers.access import accesses_of, accesses_to, give_access, revoke_access
from ebok.customers.models import (
    AccessRole,
    AccessWay,
    Customer,
    CustomerAccess,
    Invitation,
    Scope,
)
from ebok.customers.models.access import SCOPE_FIELDS
from ebok.journal.services import record
from ebok_plugins.client_zone import sharing_letters
from ebok_plugins.client_zone.registration import people, tokens

INVITATION_DAYS = 14
MOST_OPEN = 50
"""Open invitations of one customer."""
INVITED_ROLES = (AccessRole.HOUSEHOLD, AccessRole.TENANT, AccessRole.MANAGER, AccessRole.ATTORNEY)
"""Account holders are not invited: they prove to be the customer."""


class SharingRefused(Exception):
    """What was asked for is not allowed; the sentence is for the person."""


class InvitationDead(Exception):
    """Accepted, withdrawn, too old, or never sent."""


def offered_scopes(mine: CustomerAccess) -> list[str]:
    """What the person may pass on, in the order of the scopes."""
    return [scope for scope in Scope.values if scope in mine.scopes]


def open_invitations(customer: Customer) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, the newest first."""
    return (
        Invitation.objects.filter(
            customer=customer,
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .select_related("invited_by")
        .order_by("-invited_at", "-id")
    )


def invite(
    mine: CustomerAccess,
    *,
    email: str,
    role: str,
    scopes: Iterable[str],
    valid_until: datetime | None,
    request: HttpRequest,
) -> Invitation:
    """Offer access to whoever reads that mailbox, and send the letter. Raises `SharingRefused`.

    A further invitation to the same mailbox takes the place of the open one.
    """
    given, customer = frozenset(scopes), mine.customer
    _check(mine, email, role, given, valid_until)
    token, now = tokens.new_token(), timezone.now()
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=customer.pk)
        open_now = open_invitations(customer)
        open_now.filter(email=email.lower()).update(withdrawn_at=now)
        if open_now.count() >= MOST_OPEN:
            raise SharingRefused(_("You have many open invitations. Withdraw some of them first."))
        invitation = Invitation.objects.create(
            customer=customer,
            email=email.lower(),
            token_hash=tokens.token_hash(token),
            invited_at=now,
            invited_by=mine.user,
            expires_at=now + timedelta(days=INVITATION_DAYS),
            role=role,
            valid_until=valid_until,
            **{field: scope in given for scope, field in SCOPE_FIELDS.items()},
        )
        record(
            "client_zone.invited",
            text=_("%(email)s invited as %(role)s")
            % {"email": invitation.email, "role": invitation.get_role_display()},
            actor=mine.user,
            request=request,
            customer_id=customer.pk,
            obj=invitation,
            payload={"scopes": sorted(given), "until": valid_until},
        )
        sharing_letters.invitation(invitation, token, request=request)
    return invitation


def _check(
    mine: CustomerAccess, email: str, role: str, scopes: frozenset[str], valid_until: datetime | None
) -> None:
    if role not in INVITED_ROLES:
        raise SharingRefused(_("Choose as whom you invite the person."))
    if not scopes:
        raise SharingRefused(_("Choose at least one thing the person may do."))
    if not scopes <= mine.scopes:
        raise SharingRefused(_("You can only pass on what you may do yourself."))
    if valid_until is not None and valid_until <= timezone.now():
        raise SharingRefused(_("The last day must lie in the future."))
    if mine.valid_until is not None and (valid_until is None or valid_until > mine.valid_until):
        raise SharingRefused(_("Your own access ends earlier. Choose a day before its end."))
    invited = people.account_of(email)
    if invited is not None and _holder(invited, mine.customer_id):
        raise SharingRefused(_("This person is an account holder and sees everything already."))


def withdraw(invitation: Invitation, *, actor: User, request: HttpRequest) -> bool:
    """Take an open invitation back; False when it was accepted or withdrawn before."""
    with transaction.atomic():
        withdrawn = Invitation.objects.filter(
            pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
        ).update(withdrawn_at=timezone.now())
        if withdrawn:
            record(
                "client_zone.invitation_withdrawn",
                text=_("Invitation of %(email)s withdrawn") % {"email": invitation.email},
                actor=actor,
                request=request,
                customer_id=invitation.customer_id,
                obj=invitation,
            )
    return bool(withdrawn)


# Accepting -----------------------------------------------------------------------------------


def invitation_of(token: str) -> Invitation | None:
    """The invitation a link leads to, while it can be accepted."""
    return (
        Invitation.objects.filter(
            token_hash=tokens.token_hash(token),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .select_related("customer", "invited_by")
        .first()
    )


def accept(token: str, *, user: User | None, hashed_password: str = "", request: HttpRequest) -> User:
    """Take the access that was offered; without `user` an account is opened for the invited mailbox.

    The link came to the mailbox, so it is proven. Raises `InvitationDead`, and `SharingRefused` when the
    mailbox belongs to an account that is not signed in.
    """
    try:
        with transaction.atomic():
            invitation = invitation_of(token)
            if invitation is None or not _take(invitation):
                raise InvitationDead
            owner = people.account_of(invitation.email)
            if owner is None:
                owner = people.make_account(invitation.email, hashed_password)
                _record_opened(owner, invitation, request)
            elif owner != user:
                raise SharingRefused(_("Sign in first: you have an account with this e-mail."))
            _give(invitation, owner, request)
    except IntegrityError as error:
        raise SharingRefused(_("Sign in first: you have an account with this e-mail.")) from error
    return owner


def _take(invitation: Invitation) -> bool:
    return bool(
        Invitation.objects.filter(
            pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
        ).update(accepted_at=timezone.now())
    )


def _give(invitation: Invitation, user: User, request: HttpRequest) -> None:
    """An account holder who is invited keeps what they hold, which is more."""
    access = _holder(user, invitation.customer_id)
    if access is None:
        access = give_access(
            invitation.customer,
            user,
            role=invitation.role,
            scopes=invitation.scopes,
            valid_until=invitation.valid_until,
            way=AccessWay.INVITATION,
            actor=invitation.invited_by,
            request=request,
        )
        Invitation.objects.filter(pk=invitation.pk).update(access=access)
    record(
        "client_zone.invitation_accepted",
        text=_("Invitation accepted by %(email)s") % {"email": user.email},
        actor=user,
        request=request,
        customer_id=invitation.customer_id,
        obj=invitation,
    )
    if invitation.invited_by is not None:
        sharing_letters.accepted(invitation.invited_by, person=user.email, request=request)


def _record_opened(user: User, invitation: Invitation, request: HttpRequest) -> None:
    record(
        "client_zone.registered",
        text=_("Account opened: %(email)s") % {"email": user.email},
        actor=user,
        request=request,
        customer_id=invitation.customer_id,
        obj=user,
        payload={"way": AccessWay.INVITATION},
    )


# Ending --------------------------------------------------------------------------------------


def end_access(access: CustomerAccess, *, mine: CustomerAccess, request: HttpRequest) -> bool:
    """Revoke somebody's access, or resign from one's own, at once; False when it had ended before.

    Raises `SharingRefused` by the rules of this file.
    """
    with transaction.atomic():
        # Two account holders who end each other's access at once wait for each other here.
        customer = Customer.objects.select_for_update().get(pk=access.customer_id)
        valid = {held.pk: held for held in accesses_to(customer)}
        if mine.pk not in valid or access.pk not in valid:
            return False
        if access.pk != mine.pk and access.role == AccessRole.OWNER and mine.role != AccessRole.OWNER:
            raise SharingRefused(_("Only an account holder can end the access of an account holder."))
        if is_last_holder(access, list(valid.values())):
            raise SharingRefused(_("You are the only account holder, so your access stays."))
        ended = revoke_access(access, actor=mine.user, request=request)
        if ended:
            _tell_ended(access, mine, list(valid.values()), request)
    return ended


def is_last_holder(access: CustomerAccess, valid: Iterable[CustomerAccess]) -> bool:
    """Whether nobody else could let people in and out any more."""
    return access.role == AccessRole.OWNER and not any(
        other.pk != access.pk
        and other.role == AccessRole.OWNER
        and Scope.ACCOUNT in other.scopes
        and other.valid_until is None
        for other in valid
    )


def _tell_ended(
    access: CustomerAccess, mine: CustomerAccess, valid: list[CustomerAccess], request: HttpRequest
) -> None:
    if access.pk != mine.pk:
        sharing_letters.revoked(access.user, code=access.customer.code, request=request)
        return
    for other in valid:
        if other.role == AccessRole.OWNER and other.pk != access.pk:
            sharing_letters.resigned(other.user, person=access.user.email, request=request)


def _holder(user: User, customer_id: int) -> CustomerAccess | None:
    return accesses_of(user).filter(customer_id=customer_id, role=AccessRole.OWNER).first()

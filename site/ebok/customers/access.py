"""Giving people access to customers, taking it back, and asking who has it.

Every page of the client zone begins here: `accesses_of(user)` says for whom a person may act and how
far, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.customers.models.access import (
    EVERYTHING,
    SCOPE_FIELDS,
    AccessRole,
    AccessWay,
    CustomerAccess,
    Scope,
)
from ebok.journal.services import record

if TYPE_CHECKING:
    from django.http import HttpRequest

FIRST_SCOPES: dict[str, frozenset[str]] = {
    AccessRole.OWNER: EVERYTHING,
    AccessRole.HOUSEHOLD: frozenset({Scope.BILLS, Scope.PAYING, Scope.READINGS, Scope.MESSAGES}),
    AccessRole.TENANT: frozenset({Scope.READINGS}),
    AccessRole.MANAGER: EVERYTHING,
    AccessRole.ATTORNEY: EVERYTHING,
}
"""What a role is offered at first; whoever gives the access may choose otherwise."""


def valid_at(moment: datetime, prefix: str = "") -> Q:
    """The condition that an access is neither revoked nor past its end.

    `prefix` leads to the access from the model that is asked, such as "customer__accesses__".
    """
    revoked, until = f"{prefix}revoked_at", f"{prefix}valid_until"
    open_ended = Q(**{f"{until}__isnull": True})
    return Q(**{f"{revoked}__isnull": True}) & (open_ended | Q(**{f"{until}__gt": moment}))


def accesses_of(user: User, *, moment: datetime | None = None) -> QuerySet[CustomerAccess]:
    """For whom the person may act now (or at `moment`), with the customers; the first given first."""
    valid = valid_at(moment or timezone.now())
    return CustomerAccess.objects.filter(valid, user=user).select_related("customer").order_by("id")


def accesses_to(customer: Customer, *, moment: datetime | None = None) -> QuerySet[CustomerAccess]:
    """Who may act for the customer now, with the persons; the holder first."""
    valid = valid_at(moment or timezone.now())
    return CustomerAccess.objects.filter(valid, customer=customer).select_related("user").order_by("id")


def give_access(
    customer: Customer,
    user: User,
    *,
    role: str = AccessRole.OWNER,
    scopes: Iterable[str] | None = None,
    valid_until: datetime | None = None,
    way: str = AccessWay.STAFF,
    actor: Any = None,
    request: HttpRequest | None = None,
) -> CustomerAccess:
    """Let a person act for the customer; an access the person has already is replaced by this one.

    Without `scopes` the role's first ones are given. Raises `ValueError` for scopes that do not exist.
    """
    given = frozenset(FIRST_SCOPES[role] if scopes is None else scopes)
    if not given <= EVERYTHING:
        raise ValueError(f"No such scopes: {', '.join(sorted(given - EVERYTHING))}.")
    now = timezone.now()
    with transaction.atomic():
        # Two people who give at once wait for each other here; the second replaces the first.
        Customer.objects.select_for_update().get(pk=customer.pk)
        CustomerAccess.objects.filter(customer=customer, user=user, revoked_at__isnull=True).update(
            revoked_at=now, revoked_by=_person(actor)
        )
        access = CustomerAccess.objects.create(
            customer=customer,
            user=user,
            role=role,
            valid_until=valid_until,
            way=way,
            given_at=now,
            given_by=_person(actor),
            **{field: scope in given for scope, field in SCOPE_FIELDS.items()},
        )
        record(
            "customers.access_given",
            text=_("%(person)s may act for %(customer)s as %(role)s")
            % {"person": user.email, "customer": customer, "role": access.get_role_display()},
            actor=actor,
            request=request,
            customer_id=customer.pk,
            obj=access,
            payload={"scopes": sorted(given), "until": valid_until, "way": way, "user": user.pk},
        )
    return access


def revoke_access(access: CustomerAccess, *, actor: Any = None, request: HttpRequest | None = None) -> bool:
    """End an access at once; False when it was revoked before."""
    with transaction.atomic():
        revoked = CustomerAccess.objects.filter(
            pk=access.pk, customer_id=access.customer_id, revoked_at__isnull=True
        ).update(revoked_at=timezone.now(), revoked_by=_person(actor))
        if revoked:
            record(
                "customers.access_revoked",
                text=_("%(person)s no longer acts for %(customer)s")
                % {"person": access.user.email, "customer": access.customer},
                actor=actor,
                request=request,
                customer_id=access.customer_id,
                obj=access,
                payload={"user": access.user_id},
            )
    return bool(revoked)


def _person(actor: Any) -> User | None:
    return actor if isinstance(actor, User) and actor.pk else None

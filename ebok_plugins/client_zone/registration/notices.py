"""The letters around registration. Each is one e-mail in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok_plugins.client_zone.models import ClaimKind, Registration
from ebok_plugins.client_zone.writing import write

# What the mailbox is told after step two -----------------------------------------------------


def tell_to_go_on(registration: Registration, token: str, request: HttpRequest) -> None:
    """The link with which the person proves the mailbox and goes on."""
    recovering = registration.kind == ClaimKind.RECOVER
    write(
        "confirm_new_address" if recovering else "confirm_address",
        request=request,
        email=registration.email,
        values={"email": registration.email},
        view="public:client_zone:confirm",
        arguments={"token": token},
    )


def tell_that_nothing_fits(registration: Registration, request: HttpRequest) -> None:
    """The data did not fit together; which part was wrong is said to nobody."""
    recovering = registration.kind == ClaimKind.RECOVER
    write(
        "nothing_fits_recovery" if recovering else "nothing_fits",
        request=request,
        email=registration.email,
        values={"email": registration.email},
        view=f"public:client_zone:{'recover' if recovering else 'invoice'}",
    )


# What people hear about their accounts -------------------------------------------------------


def tell_holders(
    holders: Iterable[User], *, person: str, customer: Customer, request: HttpRequest | None
) -> None:
    """Those who acted for the customer before hear of somebody new."""
    for holder in holders:
        write("new_holder", request=request, user=holder, values={"person": person, "code": customer.code})


def tell_old_mailbox_begun(user: User, *, request: HttpRequest) -> None:
    """Somebody wants to take the account to another mailbox: time to object."""
    write("recovery_begun", request=request, user=user)


def tell_old_mailbox_done(user: User, old: str, *, request: HttpRequest | None) -> None:
    """The account has moved."""
    write("recovery_done", request=request, user=user, email=old)


def tell_of_recovery(address: str, token: str, *, request: HttpRequest) -> None:
    """Where to type the code when the letter has come."""
    write(
        "recovery_step",
        request=request,
        email=address,
        view="public:client_zone:recovery",
        arguments={"token": token},
    )


def tell_decision(
    user: User, address: str, *, customer: Customer, approved: bool, reason: str, request: HttpRequest
) -> None:
    """The office has decided about a claim."""
    if approved:
        write(
            "account_ready",
            request=request,
            user=user,
            email=address,
            values={"code": customer.code},
            view="account_login",
        )
        return
    write(
        "account_refused",
        request=request,
        user=user,
        email=address,
        values={"code": customer.code, "reason": reason},
    )

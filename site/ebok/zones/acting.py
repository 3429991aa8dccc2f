"""For whom the person at the screen acts: the current customer of the client zone.

One query finds the customers a person may act for; the choice between several lives in the session. An
employee who looks "as the client" acts for that customer too, may do nothing, and leaves a trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ebok.customers.access import accesses_of
from ebok.customers.models import EVERYTHING, Customer, CustomerAccess
from ebok.journal.services import record
from ebok.plugins.permissions import allowed

CHOSEN = "ebok_customer"
"""Session key: id of the customer the person chose."""
VIEWED_AS = "ebok_view_as"
"""Session key: id of the customer an employee looks as."""
MOST_CHOICES = 50
"""How many customers the switch in the header lists; the page of all customers lists every one."""


@dataclass(frozen=True)
class Acting:
    """The current customer and what may be done for it."""

    customer: Customer
    scopes: frozenset[str]
    access: CustomerAccess | None
    """None for an employee who looks as the client."""
    choices: tuple[CustomerAccess, ...] = ()
    """The first customers the person may act for, this one among them where it is one of the first."""

    @property
    def is_view_as(self) -> bool:
        """Whether an employee looks as the client: everything is seen, nothing may be done."""
        return self.access is None

    def may(self, scopes: Iterable[str]) -> bool:
        """Whether any of these scopes is held; no scopes ask for nothing."""
        wanted = frozenset(scopes)
        return not wanted or bool(wanted & self.scopes)


def acting_of(request: HttpRequest) -> Acting | None:
    """For whom the request acts, or None for a person without customers; asked once for a request."""
    if not hasattr(request, "ebok_acting"):
        request.ebok_acting = _find(request)  # type: ignore[attr-defined]  # our own attribute
    found: Acting | None = request.ebok_acting  # type: ignore[attr-defined]
    return found


def within_scopes(request: HttpRequest, scopes: Iterable[str]) -> bool:
    """Whether the person holds one of the scopes for the current customer; asks nothing for no scopes."""
    wanted = frozenset(scopes)
    if not wanted:
        return True
    acting = acting_of(request)
    return acting is not None and acting.may(wanted)


def choose(request: HttpRequest, customer_id: int) -> bool:
    """Act for this customer from now on; False, and nothing changes, when the person may not."""
    if not accesses_of(request.user).filter(customer_id=customer_id).exists():  # type: ignore[arg-type]
        return False
    request.session[CHOSEN] = customer_id
    _forget(request)
    return True


def look_as(request: HttpRequest, customer: Customer, *, reason: str = "") -> None:
    """Let an employee see the client zone as this customer does, until `stop_looking`; journalled.

    The caller has checked `customers.view_as`; it is checked again at every page.
    """
    request.session[VIEWED_AS] = customer.pk
    _forget(request)
    record(
        "customers.viewed_as",
        text=_("Looked at the client zone as %(customer)s. %(reason)s")
        % {"customer": customer, "reason": reason.strip()},
        request=request,
        customer_id=customer.pk,
        obj=customer,
    )


def stop_looking(request: HttpRequest) -> int | None:
    """End looking as a client; returns the customer's id, or None when nobody looked."""
    found: int | None = request.session.pop(VIEWED_AS, None)
    _forget(request)
    return found


def _find(request: HttpRequest) -> Acting | None:
    if not request.user.is_authenticated:
        return None
    viewed = request.session.get(VIEWED_AS)
    if viewed is not None and allowed(request.user, "customers.view_as"):
        customer = Customer.objects.filter(pk=viewed).first()
        return Acting(customer, EVERYTHING, None) if customer else None
    found = accesses_of(request.user)
    choices = tuple(found[:MOST_CHOICES])
    if not choices:
        return None
    chosen = request.session.get(CHOSEN)
    current = next((access for access in choices if access.customer_id == chosen), None)
    if current is None and chosen is not None and len(choices) == MOST_CHOICES:
        current = found.filter(customer_id=chosen).first()
    current = current or choices[0]
    return Acting(current.customer, current.scopes, current, choices)


def _forget(request: HttpRequest) -> None:
    request.__dict__.pop("ebok_acting", None)

"""The staff's one search: customers and what is theirs, by parts of words.

For people of the utility only; whoever calls it has asked for `customers.view` and `billing.view`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Customer
from ebok.customers.queries import find_customers, in_place, placed_points
from ebok.exchange import finding_names

MOST_WORDS = 6
NIP_DIGITS = 10
ACCOUNT_DIGITS = 6
"""A number shorter than this is a part of too many accounts."""


class FoundKind(models.TextChoices):
    """What was found, in the order in which it is told."""

    CUSTOMER = "customer", _("customer")
    ACCOUNT = "account", _("account for payments")
    POINT = "point", _("service point")
    METER = "meter", _("meter")
    CONTRACT = "contract", _("contract")
    INVOICE = "invoice", _("invoice")


KIND_OF = {
    "customers": FoundKind.CUSTOMER,
    "customers.virtual_account": FoundKind.ACCOUNT,
    "service_points": FoundKind.POINT,
    "meters": FoundKind.METER,
    "contracts": FoundKind.CONTRACT,
    "invoices": FoundKind.INVOICE,
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing found: what it is, whose it is, and the words in which it was found.

    `pk` is the key of the thing itself: of the point, the meter, the contract, the invoice; the
    customer's for a customer and an account.
    """

    kind: FoundKind
    customer: Customer
    text: str
    pk: int


@dataclass(frozen=True)
class _Hit:
    kind: FoundKind
    pk: int
    customer_id: int
    text: str
    exact: bool = False


def find_everywhere(words: str, *, most: int = 30) -> list[Found]:
    """Customers (name, code, NIP), accounts (NRB), points (code, address), meters, contracts, invoices.

    Every word must be found in the same thing; parts of words count when one of the words has three
    characters or more, shorter ones only as whole names. At most `most`, shared fairly among the kinds;
    what is called exactly so comes first. Four queries, whatever is found; none for an empty search.
    """
    wanted = words.replace("\x00", "").split()[:MOST_WORDS]
    if not wanted or most < 1:
        return []
    if len(wanted) > 1 and len(digits := _digits(wanted)) >= ACCOUNT_DIGITS:
        wanted = [digits]
    named = _named(wanted, most)
    hits = [*named, *_customers(wanted, most), *_points(wanted, named, most)]
    chosen = _share(_once(hits), most)
    owners = Customer.objects.in_bulk({hit.customer_id for hit in chosen})
    return [
        Found(kind=hit.kind, customer=owners[hit.customer_id], text=hit.text, pk=hit.pk)
        for hit in chosen
        if hit.customer_id in owners
    ]


def _named(words: Sequence[str], most: int) -> list[_Hit]:
    digits = _digits(words)
    wanted: dict[str, Sequence[str]] = dict.fromkeys(KIND_OF, words)
    wanted["customers.virtual_account"] = [digits] if len(digits) >= ACCOUNT_DIGITS else []
    # Parts of codes are found with the names of customers.
    found = finding_names.containing({**wanted, "customers": []}, most=most)
    return [_Hit(KIND_OF[row.dataset], row.object_id, row.customer_id, row.name, row.exact) for row in found]


def _customers(words: Sequence[str], most: int) -> list[_Hit]:
    if not finding_names.is_long_enough(words):
        found = Customer.objects.filter(code__in={" ".join(words), " ".join(words).upper()})
    else:
        found = find_customers(" ".join(words))
        if len(digits := _digits(words)) == NIP_DIGITS:
            found |= Customer.objects.filter(nip=digits)
    whole = " ".join(words).upper()
    return [
        _Hit(FoundKind.CUSTOMER, customer.pk, customer.pk, str(customer), customer.code.upper() == whole)
        # Not ordered by the database: it would walk all names in order, and miss the trigram index.
        for customer in sorted(found[:most], key=lambda customer: customer.name)
    ]


def _points(words: Sequence[str], named: Iterable[_Hit], most: int) -> list[_Hit]:
    """By address; and those found by their codes, so that all are told with their addresses."""
    wanted = Q(pk__in=[hit.pk for hit in named if hit.kind is FoundKind.POINT])
    if finding_names.is_long_enough(words):
        wanted |= in_place(words)
    found = placed_points().filter(wanted)[: 2 * most]
    return [
        _Hit(
            FoundKind.POINT, point.pk, point.customer_id, ", ".join(filter(None, (point.code, point.address)))
        )
        for point in found
    ]


def _digits(words: Sequence[str]) -> str:
    """The whole as a number: an NRB or NIP may be typed in groups; "" where it is none."""
    together = re.sub(r"[\s-]", "", "".join(words)).upper().removeprefix("PL")
    return together if together.isascii() and together.isdecimal() else ""


def _once(hits: Iterable[_Hit]) -> list[_Hit]:
    found: dict[tuple[FoundKind, int], _Hit] = {}
    for hit in hits:
        known = found.get((hit.kind, hit.pk))
        # The address says more than the code alone.
        if known is None or len(hit.text) > len(known.text):
            exact = hit.exact or (known is not None and known.exact)
            found[hit.kind, hit.pk] = _Hit(hit.kind, hit.pk, hit.customer_id, hit.text, exact)
    return list(found.values())


def _share(hits: Sequence[_Hit], most: int) -> list[_Hit]:
    """Exact ones, then one of each kind in turn until there are enough; told kind by kind."""
    queues = {kind: [hit for hit in hits if hit.kind == kind and not hit.exact] for kind in FoundKind}
    chosen = [hit for hit in hits if hit.exact][:most]
    while len(chosen) < most and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < most:
                chosen.append(queue.pop(0))
    order = list(FoundKind)
    return sorted(chosen, key=lambda hit: (not hit.exact, order.index(hit.kind)))

"""Staff search: any customer by whatever somebody has at hand (L09).

Numbers (account, invoice, contract, point, meter) are found by parts through the lookup table of natural
keys, payments by the beginnings of theirs, customers and addresses by parts of words. Each way is one query
with a limit, served by trigram indexes on PostgreSQL, so a million customers cost what a thousand do.

For people of the utility only: whoever calls it has asked for `customers.view`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Customer
from ebok.customers.queries import NIP_DIGITS, find_customers, find_points
from ebok.exchange import finding_names
from ebok.exchange.finding_names import Named, is_long_enough

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

NUMBERS: dict[str, Text] = {
    "customers.virtual_account": _("account for payments (NRB)"),
    "service_points": _("service point"),
    "meters": _("meter"),
    "contracts": _("contract"),
    "invoices": _("invoice"),
    "payments": _("payment"),
}
"""Datasets of which a number, or a part of it, leads to its customer, and what people call it."""

MOST_WORDS = 6
ACCOUNT_DIGITS = 6
"""A number shorter than this is a part of too many accounts."""


@dataclass(frozen=True)
class Found:
    """One hit: how the customer was found, the customer, and the text that fitted."""

    kind: Text
    customer: Customer
    text: str


def find_everywhere(words: str, *, most: int = 30) -> list[Found]:
    """Customers found by name, code, NIP, address, or a number of theirs; each once.

    Every word must be found in the same thing. Parts of words count when one of the words has three
    characters or more; shorter ones find only what is called exactly so. What is called exactly so comes
    first, then each way of finding has its turn until there are `most`. At most four queries, whatever the
    size of the tables; none for an empty search.
    """
    typed = words.replace("\x00", "").split()[:MOST_WORDS]
    if not typed or most < 1:
        return []
    digits = _digits(typed)
    if len(typed) > 1 and len(digits) >= ACCOUNT_DIGITS:
        # A number written in groups.
        typed = [digits]
    exact, ways = _by_number(typed, digits, most)
    ways += [_by_name(typed, digits, most), _by_address(typed, most)]
    once: dict[int, Found] = {}
    for hit in [*exact, *_in_turn(ways)]:
        once.setdefault(hit.customer.pk, hit)
    return list(once.values())[:most]


def _by_number(typed: Sequence[str], digits: str, most: int) -> tuple[list[Found], list[list[Found]]]:
    """Those called exactly so, and those of each kind of number of which it is a part."""
    wanted: dict[str, Sequence[str]] = dict.fromkeys(NUMBERS, typed)
    wanted["customers.virtual_account"] = [digits] if len(digits) >= ACCOUNT_DIGITS else []
    # The code of a customer is found with the name; only short ones have to be called exactly so.
    wanted["customers"] = [] if is_long_enough(typed) else typed
    rows = finding_names.containing(wanted, most=most, only_beginnings=frozenset({"payments"}))
    owners = Customer.objects.in_bulk({row.customer_id for row in rows})
    exact = _told([row for row in rows if row.exact], owners)
    rest = [row for row in rows if not row.exact]
    return exact, [_told([row for row in rest if row.dataset == dataset], owners) for dataset in NUMBERS]


def _told(rows: Iterable[Named], owners: dict[int, Customer]) -> list[Found]:
    return [
        Found(NUMBERS.get(row.dataset, _("customer")), owners[row.customer_id], row.name)
        for row in rows
        if row.customer_id in owners
    ]


def _by_name(typed: Sequence[str], digits: str, most: int) -> list[Found]:
    if not is_long_enough(typed):
        return []
    found = find_customers(" ".join(typed))
    if len(digits) == NIP_DIGITS:
        found |= Customer.objects.filter(nip=digits)
    # Not ordered by the database: it would walk all names in order and miss the trigram index.
    customers = sorted(found[:most], key=lambda customer: (customer.name, customer.pk))
    return [Found(_("customer"), customer, customer.code) for customer in customers]


def _by_address(typed: Sequence[str], most: int) -> list[Found]:
    """By the street and the number of a point: "lipowa 5"."""
    if not any(len(word) >= finding_names.SHORTEST and word[0].isalpha() for word in typed):
        return []
    points = find_points(typed).select_related("customer")[:most]
    return [Found(_("address of a point"), point.customer, point.address) for point in points]


def _digits(typed: Sequence[str]) -> str:
    """The whole as a number: an NRB or NIP may be typed in groups; "" where it is none."""
    together = re.sub(r"[\s-]", "", "".join(typed)).upper().removeprefix("PL")
    return together if together.isascii() and together.isdecimal() else ""


def _in_turn(ways: Iterable[list[Found]]) -> Iterable[Found]:
    queues = [list(way) for way in ways]
    while any(queues):
        for queue in queues:
            if queue:
                yield queue.pop(0)

"""Staff search: any customer by whatever somebody has at hand (L09).

Exact numbers (account, invoice, contract, point, meter) are found through the lookup table of natural keys,
names and codes by parts of words. Each way is one query with a limit, so a million customers cost what a
thousand do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Customer, ServicePoint
from ebok.customers.queries import find_customers
from ebok.exchange.models import NaturalKey

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

NUMBERS: dict[str, Text] = {
    "customers.virtual_account": _("account for payments (NRB)"),
    "invoices": _("invoice"),
    "contracts": _("contract"),
    "service_points": _("service point"),
    "meters": _("meter"),
    "payments": _("payment"),
}
"""Datasets of which a whole number leads to its customer, and what people call it."""

LONGEST_KEY = 200
SHORTEST_BEGINNING = 4
"""Characters from which the beginning of a number is looked for."""


@dataclass(frozen=True)
class Found:
    """One hit: how the customer was found, the customer, and the text that fitted."""

    kind: Text
    customer: Customer
    text: str


def find_everywhere(words: str, *, most: int = 30) -> list[Found]:
    """Customers found by name, code, address, or a number of theirs; each once, numbers first.

    At most four queries, whatever the size of the tables. Empty words find nobody.
    """
    typed = " ".join(words.split())
    if not typed:
        return []
    found = [*_by_number(typed, most), *_by_name(typed, most), *_by_address(typed, most)]
    once: dict[int, Found] = {}
    for hit in found:
        once.setdefault(hit.customer.pk, hit)
    return list(once.values())[:most]


def _by_number(typed: str, most: int) -> list[Found]:
    compact = typed.replace(" ", "").removeprefix("PL")
    exact = Q(key__in={typed, compact, typed.upper(), compact.upper()})
    condition = Q(dataset__in=NUMBERS) & exact
    if len(typed) >= SHORTEST_BEGINNING and any(letter.isdigit() for letter in typed):
        # A range, not LIKE: it uses the unique index whatever the collation of the database.
        condition |= Q(dataset__in=NUMBERS, key__gte=typed.upper(), key__lt=f"{typed.upper()}\U0010ffff")
    keys = list(
        NaturalKey.objects.filter(condition, customer_id__isnull=False)
        .order_by()
        .values_list("dataset", "key", "customer_id")[:most]
    )
    customers = Customer.objects.in_bulk({customer for _dataset, _key, customer in keys})
    return [
        Found(NUMBERS[dataset], customers[customer], key.replace("|", " "))
        for dataset, key, customer in sorted(keys, key=lambda row: row[1] not in {typed, compact})
        if customer in customers
    ]


def _by_name(typed: str, most: int) -> list[Found]:
    customers = find_customers(typed)[:most]
    return [Found(_("customer"), customer, customer.code) for customer in customers]


def _by_address(typed: str, most: int) -> list[Found]:
    """By the street and the number of a point: "lipowa 5"."""
    words = typed.split()
    if not any(len(word) > 2 and word[0].isalpha() for word in words):
        return []
    condition = Q()
    for word in words:
        condition &= _place(word)
    points = ServicePoint.objects.filter(condition).select_related("customer").order_by("street", "id")[:most]
    return [Found(_("address of a point"), point.customer, point.address) for point in points]


def _place(word: str) -> Q:
    if word[0].isdigit():
        house, _slash, flat = word.partition("/")
        return Q(house__iexact=house, flat__iexact=flat) if flat else Q(house__iexact=house)
    return Q(street__icontains=word) | Q(town__istartswith=word)

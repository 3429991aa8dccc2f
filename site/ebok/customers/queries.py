"""Reading what is one customer's on the network. Every function begins with the customer.

Each table of a join is filtered by the customer too, so that a query stays on one partition where a
deployment is distributed by customer, and so that nobody sees through a join what is not theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection
from django.db.models import CharField, F, Func, Prefetch, Q, QuerySet

from ebok.customers.models import Contract, Customer, Meter, MeterRegister, ServicePoint

VERIFICATION_WARNING = timedelta(days=90)
"""How long before its end an expiring legalisation is worth a warning."""
NIP_DIGITS = 10


def contracts_for(customer: Customer) -> QuerySet[Contract]:
    """The customer's contracts, the newest first (C05)."""
    return Contract.objects.filter(customer=customer).order_by("-concluded_on", "-id")


def points_for(customer: Customer) -> QuerySet[ServicePoint]:
    """The customer's service points with contract and meters, in the order of their codes (C02, C03).

    Three queries whatever the number of points; `meters` of each point hold the meters in use first.
    """
    contracts = Contract.objects.filter(customer=customer)
    meters = Meter.objects.filter(customer=customer).order_by("-is_active", "-mounted_on", "-id")
    return (
        ServicePoint.objects.filter(customer=customer)
        .prefetch_related(Prefetch("contract", contracts), Prefetch("meters", meters))
        .order_by("code")
    )


def meters_for(customer: Customer) -> QuerySet[Meter]:
    """The customer's meters with their points and registers, those in use first (C04).

    A dual-tariff meter has its two registers in the order of their numbers.
    """
    registers = MeterRegister.objects.filter(customer=customer).order_by("number")
    return (
        Meter.objects.filter(customer=customer, point__customer=customer)
        .select_related("point")
        .prefetch_related(Prefetch("registers", registers))
        .order_by("-is_active", "point__code", "-mounted_on", "-id")
    )


def meters_to_verify(customer: Customer, today: date) -> QuerySet[Meter]:
    """Meters in use of which the legalisation ends within `VERIFICATION_WARNING`, or has ended."""
    return meters_for(customer).filter(is_active=True, verified_to__lte=today + VERIFICATION_WARNING)


def find_customers(words: str) -> QuerySet[Customer]:
    """Customers of whom name or code contains every word; for staff.

    On PostgreSQL the trigram indexes of `customers.0002_search` serve it. An empty search finds all.
    """
    found = Customer.objects.all()
    for word in words.split():
        either = Q()
        for spelling in _spellings(word):
            either |= Q(name__icontains=spelling) | Q(code__icontains=spelling)
        found = found.filter(either)
    return found


def find_points(words: Sequence[str]) -> QuerySet[ServicePoint]:
    """Points at an address: street, house, town and name together contain every word; for staff.

    A word that begins with a digit is the whole number of the house ("5", "5/3" with the flat), or belongs
    to the name of the street ("3 Maja"). On PostgreSQL a trigram index serves it.
    """
    found = ServicePoint.objects.annotate(place=_place())
    for word in words:
        either = Q()
        for spelling in _spellings(word.partition("/")[0] if word[0].isdigit() else word):
            either |= Q(place__icontains=spelling)
        found = found.filter(either & _numbered(word) if word[0].isdigit() else either)
    return found


def _numbered(word: str) -> Q:
    house, _slash, flat = word.partition("/")
    at = Q(house__iexact=word) | Q(street__icontains=f"{word} ")
    return at | Q(house__iexact=house, flat__iexact=flat) if flat else at


PLACE = ("street", "house", "town", "name")


def _place() -> Func:
    """What a point is found by, written exactly as the index writes it."""
    return Func(
        *(F(name) for name in PLACE),
        template="(%(expressions)s)",
        arg_joiner=" || ' ' || ",
        output_field=CharField(),
    )


def _spellings(word: str) -> set[str]:
    """The word as it may stand in the table: SQLite knows capitals of the Latin alphabet only."""
    if connection.vendor == "sqlite" and not word.isascii():
        return {word, word.lower(), word.upper(), word.capitalize()}
    return {word}

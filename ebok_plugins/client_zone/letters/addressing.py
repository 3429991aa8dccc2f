"""The address on a letter; no Django, no database."""

from __future__ import annotations

from typing import Protocol


class Addressed(Protocol):
    """What a customer knows about letters."""

    name: str
    street: str
    house: str
    flat: str
    postcode: str
    town: str
    correspondence_name: str
    correspondence_street: str
    correspondence_house: str
    correspondence_flat: str
    correspondence_postcode: str
    correspondence_town: str


def address_lines(customer: Addressed) -> list[str]:
    """Addressee, street, postcode with town: the address of correspondence where there is one."""
    if customer.correspondence_town:
        return _lines(
            customer.correspondence_name or customer.name,
            customer.correspondence_street,
            customer.correspondence_house,
            customer.correspondence_flat,
            customer.correspondence_postcode,
            customer.correspondence_town,
        )
    return _lines(
        customer.correspondence_name or customer.name,
        customer.street,
        customer.house,
        customer.flat,
        customer.postcode,
        customer.town,
    )


def _lines(name: str, *place: str) -> list[str]:
    street, house, flat, postcode, town = place
    number = f"{house}/{flat}" if flat else house
    # Villages without streets are written by their name.
    second = " ".join(part for part in (street or town, number) if part)
    third = " ".join(part for part in (postcode, town) if part)
    return [line for line in (name, second, third) if line]

"""Reading single fields of a valid FA(3). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from lxml import etree

from ebok_plugins.e_faktura.ksef.problems import Problem, Refused
from ebok_plugins.e_faktura.ksef.schema import FA3

DAY = len("2026-01-31")


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(etree.QName(element).localname)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name."""
    return None if element is None else element.find(f"{{{FA3}}}{name}")


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """All children of that name, in their order."""
    return iter(()) if element is None else element.iterfind(f"{{{FA3}}}{name}")


def text(element: etree._Element | None, name: str) -> str:
    """The text of a child, blanks collapsed as the schema reads it; "" when it is missing."""
    found = child(element, name)
    return "" if found is None else own_text(found)


def own_text(element: etree._Element) -> str:
    """The text of an element, blanks collapsed; comments inside do not cut it."""
    return " ".join("".join(element.itertext()).split())


def number(element: etree._Element | None, name: str) -> Decimal | None:
    """The number of a child, exact."""
    found = text(element, name)
    return Decimal(found) if found else None


def day(element: etree._Element | None, name: str) -> date | None:
    """The day of a child. Raises `Refused` for one no calendar has; a zone behind it is of no meaning."""
    found = text(element, name)
    if not found:
        return None
    try:
        return date.fromisoformat(found[:DAY])
    except ValueError:
        raise Refused(Problem("schema-type", {"field": name, "value": found[:40]})) from None


def flag(element: etree._Element | None, name: str) -> bool:
    """Whether a marker says yes: "1"."""
    return text(element, name) == "1"

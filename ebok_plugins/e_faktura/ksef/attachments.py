"""The attachment of an invoice: places, meters, readings, in tables the issuer has laid out. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ebok_plugins.e_faktura.ksef.documents import Block, Table
from ebok_plugins.e_faktura.ksef.fields import child, children, own_text, text


def blocks_of(root: etree._Element) -> tuple[Block, ...]:
    """The blocks of the attachment; () when there is none."""
    return tuple(_block(one) for one in children(child(root, "Zalacznik"), "BlokDanych"))


def _block(element: etree._Element) -> Block:
    return Block(
        title=text(element, "ZNaglowek"),
        about=tuple(_pairs(element, "MetaDane", "ZKlucz", "ZWartosc")),
        paragraphs=tuple(own_text(one) for one in children(child(element, "Tekst"), "Akapit")),
        tables=tuple(_table(one) for one in children(element, "Tabela")),
    )


def _table(element: etree._Element) -> Table:
    columns = children(child(element, "TNaglowek"), "Kol")
    return Table(
        description=text(element, "Opis"),
        about=tuple(_pairs(element, "TMetaDane", "TKlucz", "TWartosc")),
        columns=tuple((one.get("Typ", "txt"), text(one, "NKom")) for one in columns),
        rows=tuple(
            tuple(own_text(cell) for cell in children(row, "WKom")) for row in children(element, "Wiersz")
        ),
        sums=tuple(own_text(cell) for cell in children(child(element, "Suma"), "SKom")),
    )


def _pairs(element: etree._Element, name: str, key: str, value: str) -> Iterator[tuple[str, str]]:
    for one in children(element, name):
        yield text(one, key), text(one, value)

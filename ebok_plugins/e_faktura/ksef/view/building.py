"""From the tree of a valid FA(3) to its view. Whatever the tree holds is in the view, known or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from lxml import etree

from ebok_plugins.e_faktura.ksef.attachments import blocks_of
from ebok_plugins.e_faktura.ksef.documents import Block, Table
from ebok_plugins.e_faktura.ksef.fields import child, children, local, own_text, text
from ebok_plugins.e_faktura.ksef.labels import has_words, label
from ebok_plugins.e_faktura.ksef.view.parts import NOTHING, Cell, Column, Fact, Grid, Row, Section, View
from ebok_plugins.e_faktura.ksef.view.sums import is_sum, sums_of
from ebok_plugins.e_faktura.ksef.view.values import YES_OR_NO, cell_of, kinds, typed

PARTIES = ("Podmiot1", "Podmiot2", "Podmiot3", "PodmiotUpowazniony")
FRAME = frozenset({"DaneIdentyfikacyjne", "OkresFa", "Informacje", "DaneKontaktowe", "TerminPlatnosci"})
"""Elements that only hold others together: their fields are shown as if they stood one level higher."""
ANNOTATIONS = "Adnotacje"
IN_ANNOTATIONS = frozenset({"Zwolnienie", "NoweSrodkiTransportu", "PMarzy"})
NONE_OF_IT = frozenset({"P_19N", "P_22N", "P_PMarzyN"})
"""Fields that say with a "1" that something is not the case."""
TABLES = frozenset(
    {
        *("FaWiersz", "ZamowienieWiersz", "Obciazenia", "Odliczenia", "DodatkowyOpis", "ZaplataCzesciowa"),
        *("DaneFaKorygowanej", "ZaliczkaCzesciowa", "NowySrodekTransportu", "FakturaZaliczkowa"),
    }
)
"""Elements that are rows however few they are; others become rows when there are several of them."""
BEFORE = ("StanPrzed", "StanPrzedZ")
ORDER = (
    "",
    "Podmiot1K",
    "Podmiot2K",
    "Rozliczenie",
    "Platnosc",
    "WarunkiTransakcji",
    "Zamowienie",
    ANNOTATIONS,
)
"""Sections of the invoice as they are shown; what is not named comes before the annotations."""


def view_of(root: etree._Element) -> View:
    """The view in the active language."""
    invoice = child(root, "Fa")
    currency = text(invoice, "KodWaluty")
    lines = list(children(invoice, "FaWiersz"))
    builder = _Builder(currency)
    parties = tuple(
        section for name in PARTIES for one in children(root, name) for section in [builder.section(one)]
    )
    own = [] if invoice is None else [one for one in invoice if not is_sum(local(one)) and one not in lines]
    sections = builder.sections(own)
    foot = [builder.section(one) for one in children(root, "Stopka")]
    blocks = [_block(block, place) for place, block in enumerate(blocks_of(root), start=1)]
    head = child(root, "Naglowek")
    return View(
        parties=parties,
        sections=(*sections, *foot),
        lines=builder.grid("FaWiersz", lines) if lines else None,
        sums=sums_of(invoice, lines, currency),
        attachment=tuple(blocks),
        technical=Section("Naglowek", "") if head is None else builder.section(head),
    )


class _Builder:
    """Makes sections of elements; knows the currency."""

    def __init__(self, currency: str) -> None:
        self.currency = currency

    def sections(self, elements: Iterable[etree._Element]) -> list[Section]:
        """The children of the invoice: what is its own first, then the rest in `ORDER`."""
        own: list[etree._Element] = []
        groups: dict[str, list[etree._Element]] = {}
        for one in elements:
            name = local(one)
            is_apart = name in ORDER or name == "DodatkowyOpis"
            groups.setdefault(name, []).append(one) if is_apart else own.append(one)
        found = [self._made("", label("Fa"), own)]
        descriptions = groups.pop("DodatkowyOpis", [])
        for name in ORDER[1:]:
            if name == ANNOTATIONS and descriptions:
                grid = self.grid("DodatkowyOpis", descriptions)
                found.append(Section("DodatkowyOpis", grid.title, grids=(grid,)))
            found.extend(self.section(one) for one in groups.get(name, []))
        return [section for section in found if not section.is_empty]

    def section(self, element: etree._Element, place: str = "") -> Section:
        """An element with everything inside it."""
        name = local(element)
        title = f"{label(name)} {place}".strip()
        if name in PARTIES and (role := text(element, "Rola") or text(element, "RolaPU")):
            field = "Rola" if child(element, "Rola") is not None else "RolaPU"
            title = f"{title} – {cell_of(field, role, self.currency).text}"
        return self._made(name, title, list(element))

    def _made(self, key: str, title: str, elements: list[etree._Element]) -> Section:
        facts: list[Fact] = []
        grids: list[Grid] = []
        sections: list[Section] = []
        absent: list[str] = []
        for name, group in _grouped(_unframed(elements)):
            if _is_address(group[0]):
                facts += [Fact(label(name), Cell(self._address(one))) for one in group]
            elif not len(group[0]):
                self._simple(name, group, facts, absent)
            elif name in TABLES or (len(group) > 1 and not _is_deep(group[0])):
                grids.append(self.grid(name, group))
            else:
                several = len(group) > 1
                sections += [
                    self.section(one, str(place) if several else "") for place, one in enumerate(group, 1)
                ]
        return Section(key, title, tuple(facts), tuple(grids), tuple(sections), absent=tuple(absent))

    def _simple(
        self,
        name: str,
        group: list[etree._Element],
        facts: list[Fact],
        absent: list[str],
    ) -> None:
        is_no = kinds().get(name) in YES_OR_NO and not has_words(name) and own_text(group[0]) == "2"
        if name in NONE_OF_IT or is_no:
            absent.append(label(name))
            return
        cells = [cell_of(name, own_text(one), self.currency) for one in group]
        joined = cells[0] if len(cells) == 1 else Cell(", ".join(cell.text for cell in cells))
        facts.append(Fact(label(name), joined))

    def _address(self, element: etree._Element) -> str:
        country, gln = text(element, "KodKraju"), text(element, "GLN")
        parts = [
            text(element, "AdresL1"),
            text(element, "AdresL2"),
            cell_of("KodKraju", country, self.currency).text if country else "",
            f"GLN {gln}" if gln else "",
        ]
        return ", ".join(part for part in parts if part)

    def grid(self, name: str, elements: list[etree._Element]) -> Grid:
        """Like elements as a table with the columns at least one of them has."""
        read = [dict(self._leaves(one)) for one in elements]
        fields = _in_order(read)
        marks = ["before" if any(field in row for field in BEFORE) else "" for row in read]
        columns = tuple(
            Column(label(field), any(row[field].is_number for row in read if field in row))
            for field in fields
        )
        rows = tuple(
            Row(tuple(row.get(field, NOTHING) for field in fields), mark)
            for row, mark in zip(read, marks, strict=True)
        )
        return Grid(label(name), columns, rows, key=name)

    def _leaves(self, element: etree._Element) -> Iterator[tuple[str, Cell]]:
        for name, group in _grouped(element):
            if len(group[0]):
                for one in group:
                    yield from self._leaves(one)
                continue
            cells = [cell_of(name, own_text(one), self.currency) for one in group]
            yield name, cells[0] if len(cells) == 1 else Cell(", ".join(cell.text for cell in cells))


def _unframed(elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    for one in elements:
        name = local(one)
        if name in FRAME or name in IN_ANNOTATIONS:
            yield from _unframed(one)
        else:
            yield one


def _grouped(elements: Iterable[etree._Element]) -> list[tuple[str, list[etree._Element]]]:
    groups: dict[str, list[etree._Element]] = {}
    for one in elements:
        groups.setdefault(local(one), []).append(one)
    return list(groups.items())


def _is_address(element: etree._Element) -> bool:
    return child(element, "AdresL1") is not None


def _is_deep(element: etree._Element) -> bool:
    return any(len(one) for one in element)


def _in_order(rows: list[dict[str, Cell]]) -> list[str]:
    """Fields of all rows, each behind those that precede it in its row."""
    order: list[str] = []
    for row in rows:
        place = 0
        for field in row:
            if field in order:
                place = order.index(field) + 1
            else:
                order.insert(place, field)
                place += 1
    return order


def _block(block: Block, place: int) -> Section:
    title = block.title or _("Part %(number)s") % {"number": place}
    return Section(
        "BlokDanych",
        title,
        facts=tuple(Fact(key, Cell(value)) for key, value in block.about),
        grids=tuple(_table(table) for table in block.tables),
        paragraphs=block.paragraphs,
    )


def _table(table: Table) -> Grid:
    kinds_of = [kind for kind, _name in table.columns]
    columns = tuple(Column(name, kind in ("dec", "int")) for kind, name in table.columns)
    rows = [_row(kinds_of, row) for row in table.rows]
    if table.sums:
        rows.append(Row(_row(kinds_of, table.sums).cells, "sum"))
    about = tuple(Fact(key, Cell(value)) for key, value in table.about)
    return Grid(table.description, columns, tuple(rows), about, key="Tabela")


def _row(kinds_of: list[str], texts: tuple[str, ...]) -> Row:
    """A row; one cell alone in a wider table is a heading, and cells beyond the columns are kept."""
    if len(texts) == 1 and len(kinds_of) > 1:
        return Row((Cell(texts[0]),), "heading")
    padded = [*kinds_of, *["txt"] * (len(texts) - len(kinds_of))]
    cells = [typed(kind, one) for kind, one in zip(padded, texts, strict=False)]
    return Row((*cells, *[NOTHING] * (len(kinds_of) - len(cells))))

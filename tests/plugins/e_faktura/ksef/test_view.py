"""The human view shows everything a document holds; the schema itself says what that may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from lxml import etree

from ebok_plugins.e_faktura.ksef import reading
from ebok_plugins.e_faktura.ksef.labels import LABELS, has_words, label, word
from ebok_plugins.e_faktura.ksef.labels.words import WORDS
from ebok_plugins.e_faktura.ksef.view import Fact, Grid, Section, View, view_of
from tests.plugins.e_faktura.ksef import making, samples

pytestmark = pytest.mark.feature("D01")


def texts(view: View) -> Iterator[str]:
    """Everything that is shown, names of fields included."""
    for section in (*view.parties, *view.sections, *view.attachment, view.technical):
        yield from _of_section(section)
    for grid in (view.lines, view.sums):
        if grid is not None:
            yield from _of_grid(grid)


def _of_section(section: Section) -> Iterator[str]:
    yield section.title
    yield from (text for fact in section.facts for text in _of_fact(fact))
    yield from section.paragraphs
    yield from section.absent
    for grid in section.grids:
        yield from _of_grid(grid)
    for inner in section.sections:
        yield from _of_section(inner)


def _of_grid(grid: Grid) -> Iterator[str]:
    yield grid.title
    yield from (column.label for column in grid.columns)
    yield from (text for fact in grid.about for text in _of_fact(fact))
    yield from (cell.text for row in grid.rows for cell in row.cells)


def _of_fact(fact: Fact) -> tuple[str, str]:
    return fact.label, fact.cell.text


def plain(text: str) -> str:
    """Numbers, days and accounts in the form the document has them."""
    text = text.replace("\xa0", "").replace("\u2212", "-")
    text = re.sub(r"(\d{2})\.(\d{2})\.(\d{4})", r"\3-\2-\1", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", text)
    return re.sub(r"(?<=\d),(?=\d)", ".", re.sub(r"(?<=\d) (?=\d)", "", text))


def leaves(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Name and text of every element without children."""
    for one in root.iter():
        if not len(one) and one.text:
            yield etree.QName(one).localname, " ".join(one.text.split())


def is_shown(name: str, text: str, shown: str) -> bool:
    """Whether the value stands there: as it is written, or as what its code means."""
    if has_words(name) and word(name, text) != text:
        return word(name, text) in shown
    if name.startswith(("P_13_", "P_14_")) or re.fullmatch(r"-?\d+(\.\d+)?", text):
        exact = text.rstrip("0").rstrip(".") if "." in text else text
        return exact in plain(shown) or label(name) in shown
    if re.match(r"\d{4}-\d{2}-\d{2}T", text):
        return text[:10] in plain(shown)
    return text in shown or text in plain(shown)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("file", samples.EXAMPLES, ids=lambda file: file.stem)
def test_official_examples_show_everything(file: Path, language: str) -> None:
    """No value of the Ministry's examples is lost on the way to the page, in either language."""
    root = reading.tree_of(file.read_bytes())
    with translation.override(language):
        shown = "\n".join(texts(view_of(root)))
        lost = [(name, text) for name, text in leaves(root) if not is_shown(name, text, shown)]
    assert lost == []


@pytest.mark.parametrize("variant", range(making.VARIANTS))
def test_everything_the_schema_knows_is_shown(variant: int) -> None:
    """Documents made by walking the schema: each value of each element stands in the view."""
    content, _names = making.document(variant)
    root = reading.tree_of(content)
    shown = "\n".join(texts(view_of(root)))
    lost = [(name, text) for name, text in leaves(root) if not is_shown(name, text, shown)]
    assert lost == []


def test_the_made_documents_hold_every_element_of_the_schema() -> None:
    """So that the test above leaves nothing out."""
    made = set().union(*(making.document(variant)[1] for variant in range(making.VARIANTS)))
    assert making.every_name() - made == set()


def test_every_element_has_a_name_for_people() -> None:
    """In both languages; no name of the schema reaches the page as it is, but for signs of the trade."""
    assert making.every_name() - set(LABELS) == set()
    signs = {"PKWiU", "KRS", "REGON", "BDO", "GLN", "GTIN", "CN", "PKOB", "GTU", "SWIFT", "NIP"}
    technical = {name for name in LABELS if "_" in name or re.search(r"[a-z][A-Z]", name)} - signs
    for language in ("pl", "en"):
        with translation.override(language):
            assert [name for name in technical if label(name) == name] == []


def test_codes_have_words() -> None:
    """Every code the schema enumerates for a field with words has words."""
    assert WORDS["RodzajFaktury"].keys() == {"VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ"}
    with translation.override("pl"):
        assert str(WORDS["RodzajFaktury"]["KOR_ZAL"]) == "korekta faktury zaliczkowej"
        assert str(WORDS["FormaPlatnosci"]["6"]) == "przelew"


def test_readings_of_a_bill_stand_in_a_table() -> None:
    """The tables of the attachment keep their order, headings inside them, and sums."""
    with translation.override("pl"):
        view = view_of(reading.tree_of(samples.energy()))
    (block,) = view.attachment
    readings, energy, _network = block.grids
    assert readings.title == "Odczyty"
    assert [column.label for column in readings.columns][:3] == [
        "Licznik/Strefa",
        "Data",
        "Wskazanie bieżące",
    ]
    assert readings.rows[0].mark == "heading"
    assert [cell.text for cell in readings.rows[1].cells][:3] == ["całodobowa", "28.02.2026", "1\xa0020"]
    assert energy.rows[-1].mark == "sum"
    assert energy.rows[-1].cells[4].text == "18,00"


def test_rates_of_the_lines_name_the_sums() -> None:
    """The field is for 23 or 22 percent; the lines say which."""
    view = view_of(reading.tree_of(samples.energy()))
    assert view.sums.rows[0].cells[0].text == "23%"


def test_rows_before_the_correction_are_marked() -> None:
    """A correction shows what stood there before beside what stands there now."""
    file = next(file for file in samples.EXAMPLES if file.stem.endswith("_12"))
    view = view_of(reading.tree_of(file.read_bytes()))
    order = next(section for section in view.sections if section.key == "Zamowienie")
    assert [row.mark for row in order.grids[0].rows] == ["before", "", "before", ""]


def test_what_is_not_the_case_is_kept_apart() -> None:
    """Annotations that say no do not fill the page."""
    view = view_of(reading.tree_of(samples.energy()))
    notes = next(section for section in view.sections if section.key == "Adnotacje")
    assert notes.facts == ()
    assert len(notes.absent) == 8

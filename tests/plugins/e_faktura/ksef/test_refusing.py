"""Files that are no invoices, damaged, or made to do harm: each is refused with a sentence of its own."""

from __future__ import annotations

import gzip
import io
import time
import zipfile

import pytest
from django.utils import translation

from ebok_plugins.e_faktura.ksef import guarding, reading
from ebok_plugins.e_faktura.ksef.problems import SENTENCES, Problem, Refused, from_json
from tests.plugins.e_faktura.ksef import samples

pytestmark = pytest.mark.feature("D01")

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
LAUGHS = (
    HEAD
    + '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><l>&i;</l>"
)


def refused(content: bytes) -> tuple[Problem, ...]:
    """The problems."""
    with pytest.raises(Refused) as caught:
        reading.read(content)
    return caught.value.problems


def packed() -> bytes:
    """A ZIP archive with an invoice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("faktura.xml", samples.energy())
    return out.getvalue()


def with_doctype(doctype: str, entity: str = "x") -> bytes:
    """The bill with a document type, and an entity where the seller's name stands."""
    content = samples.changed("Elektrownia S.A.", f"&{entity};")
    return content.replace(b"<Faktura", doctype.encode() + b"<Faktura", 1)


CASES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blanks": (b" \r\n\t ", "empty"),
    "five megabytes": (samples.energy() + b" " * 5_000_000, "too-big"),
    "gzip": (gzip.compress(samples.energy()), "packed"),
    "zip": (packed(), "packed"),
    "pdf": (b"%PDF-1.7\n", "packed"),
    "words": ("Faktura nr 5, do zapłaty 53,63 zł".encode(), "not-xml"),
    "byte order mark": (b"\xef\xbb\xbf" + samples.energy(), "bom"),
    "utf-16": (samples.energy().decode().encode("utf-16"), "encoding"),
    "utf-16 without mark": (samples.energy().decode().encode("utf-16-le"), "encoding"),
    "cp1250 labelled UTF-8": (samples.energy().decode().encode("cp1250"), "not-utf-8"),
    "declared cp1250": (samples.changed('encoding="UTF-8"', 'encoding="windows-1250"'), "encoding"),
    "declared ISO-8859-2": (samples.changed('encoding="UTF-8"', 'encoding="ISO-8859-2"'), "encoding"),
    "cut off": (samples.energy()[:4000], "not-well-formed"),
    "marks crossed": (samples.changed("</Naglowek>", "</Naglowek2>"), "not-well-formed"),
    "unknown entity": (samples.changed("Elektrownia S.A.", "&firma;"), "not-well-formed"),
    "file entity": (with_doctype('<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), "doctype"),
    "network entity": (with_doctype('<!DOCTYPE f [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]>'), "doctype"),
    "outer DTD": (with_doctype('<!DOCTYPE Faktura SYSTEM "http://127.0.0.1:9/f.dtd">'), "doctype"),
    "parameter entity": (
        with_doctype('<!DOCTYPE f [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>'),
        "doctype",
    ),
    "harmless DTD": (with_doctype('<!DOCTYPE f [<!ENTITY x "Firma">]>'), "doctype"),
    "billion laughs": (LAUGHS.encode(), "doctype"),
    "quadratic blow-up": (
        (HEAD + f'<!DOCTYPE l [<!ENTITY a "{"a" * 50_000}">]><l>{"&a;" * 50_000}</l>').encode(),
        "doctype",
    ),
    "style sheet": (
        samples.energy().replace(b"<Faktura", b'<?xml-stylesheet href="x.xsl"?><Faktura', 1),
        "instruction",
    ),
    "deep": ((HEAD + "<a>" * 100_000 + "</a>" * 100_000).encode(), "too-deep"),
    "html": (b"<html><body>404</body></html>", "other-form"),
    "confirmation": (samples.CONFIRMATIONS[0].read_bytes(), "other-form"),
    "earlier form": (
        samples.energy()
        .replace(b"2025/06/25/13775", b"2023/06/29/12648")
        .replace(b'kodSystemowy="FA (3)"', b'kodSystemowy="FA (2)"'),
        "older-form",
    ),
    "without namespace": (
        samples.changed('xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"', ""),
        "other-form",
    ),
    "over a megabyte without attachment": (
        samples.EXAMPLES[0]
        .read_bytes()
        .replace(b"<Naglowek>", b"<!--" + b"x" * 1_000_000 + b"--><Naglowek>"),
        "no-attachment-size",
    ),
    "no total": (samples.changed("<P_15>53.63</P_15>", ""), "schema-order"),
    "wrong order": (
        samples.changed("<KodWaluty>PLN</KodWaluty>", "").replace(
            b"<P_1>2026-02-28</P_1>", b"<P_1>2026-02-28</P_1><KodWaluty>PLN</KodWaluty>"
        ),
        "schema-order",
    ),
    "typing mistake": (samples.changed("<P_1M>Warszawa</P_1M>", "<P_1m>Warszawa</P_1m>"), "schema-order"),
    "no parties": (samples.changed("<JST>2</JST>", "").replace(b"<GV>2</GV>", b""), "schema-missing"),
    "comma in an amount": (samples.changed("<P_15>53.63", "<P_15>53,63"), "schema-type"),
    "three decimals": (samples.changed("<P_15>53.63", "<P_15>53.631"), "schema-digits"),
    "unknown currency": (samples.changed("<KodWaluty>PLN", "<KodWaluty>ZLO"), "schema-choice"),
    "unknown kind": (samples.changed("<RodzajFaktury>VAT", "<RodzajFaktury>FAK"), "schema-choice"),
    "no such day": (samples.changed("<P_1>2026-02-28", "<P_1>2026-02-30"), "schema-type"),
    "day too early": (samples.changed("<P_1>2026-02-28", "<P_1>1999-02-28"), "schema-range"),
    "long name": (samples.changed("Elektrownia S.A.", "E" * 600), "schema-too-long"),
    "empty name": (samples.changed("<Nazwa>Elektrownia S.A.", "<Nazwa>"), "schema-too-short"),
    "other form name": (samples.changed('wersjaSchemy="1-0E"', 'wersjaSchemy="9"'), "schema-fixed"),
    "mark of another kind": (samples.changed('<Kol Typ="txt">', '<Kol Typ="text">'), "schema-choice"),
    "mark nobody knows": (samples.changed("<P_1>", '<P_1 typ="data">'), "schema-attribute"),
    "no form name": (samples.changed(' wersjaSchemy="1-0E"', ""), "schema-attribute-missing"),
}


@pytest.mark.parametrize("name", CASES)
def test_broken_documents_are_refused_with_words(name: str) -> None:
    """Quickly, for their own reason, with a sentence in both languages that names no key of the code."""
    content, code = CASES[name]
    began = time.perf_counter()
    problems = refused(content)
    assert time.perf_counter() - began < 2
    assert problems[0].code == code, [problem.sentence for problem in problems]
    for language in ("en", "pl"):
        with translation.override(language):
            sentence = problems[0].sentence
        assert sentence
        assert "%(" not in sentence
        assert "–" not in sentence


def test_nothing_is_read_or_fetched_for_an_entity() -> None:
    """What an entity points to never comes into a sentence."""
    content, _code = CASES["file entity"]
    (problem,) = refused(content)
    assert "hostname" not in problem.sentence


def test_all_problems_of_a_document_are_told() -> None:
    """Whoever mends the document learns of everything at once, up to a number; each with its line."""
    content = samples.changed("<P_15>53.63", "<P_15>x").replace(b"<P_12>23<", b"<P_12>24<")
    problems = refused(content)
    assert [problem.told["field"] for problem in problems] == ["P_15", "P_12", "P_12"]
    assert problems[0].told["line"] == 54


def test_sentences_survive_storing() -> None:
    """What was kept as JSON is told again, and an unknown code of a later version is told as something."""
    problem = Problem("schema-pattern", {"field": "P_15", "value": "5,5", "line": 7})
    (again,) = from_json([problem.as_json()])
    assert again.sentence == problem.sentence
    assert from_json([["of-a-later-version", {}]])[0].sentence


def test_every_sentence_can_be_told_without_details() -> None:
    """A row that lacks a detail costs nobody a page."""
    for code in SENTENCES:
        assert Problem(code).sentence


def test_discouraged_signs_are_counted() -> None:
    """Signs XML discourages, which KSeF has refused since July 2026."""
    assert guarding.discouraged_signs(samples.energy()) == 0
    assert guarding.discouraged_signs(samples.changed("Elektrownia", "Elektro\u0081wnia")) == 1

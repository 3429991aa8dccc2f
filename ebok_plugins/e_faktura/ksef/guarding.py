"""Bytes that claim to be an XML document, let in only where they can do no harm. Pure.

The bytes are read twice: first by expat, which stops at the first declaration, instruction or depth that
has no place in an invoice, before anything is expanded; then by lxml without network, DTD and entities.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from lxml import etree

from ebok_plugins.e_faktura.ksef.problems import Problem, Refused

MOST_BYTES = 3_000_000
"""KSeF takes so much with an attachment."""
MOST_WITHOUT_ATTACHMENT = 1_000_000
DEEPEST = 32
"""FA(3) needs nine levels."""

_BOM = b"\xef\xbb\xbf"
_UTF_8 = frozenset({"utf-8", "utf8"})
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<", b"\x00\x00\x00<")
_PACKED = {
    b"\x1f\x8b": "GZIP",
    b"PK\x03\x04": "ZIP",
    b"BZh": "BZIP2",
    b"7z\xbc\xaf": "7Z",
    b"%PDF": "PDF",
    b"\xfd7zX": "XZ",
}
_DISCOURAGED = re.compile("[\x7f-\x84\x86-\x9f\ufdd0-\ufdef]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff]")


def parse(content: bytes) -> etree._Element:
    """The root of the document. Raises `Refused` with one problem that says why it is not let in."""
    _look_at_bytes(content)
    _look_through(content)
    parser = etree.XMLParser(
        encoding="utf-8",
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(Problem("not-well-formed", {"line": error.lineno or 0})) from None


def discouraged_signs(content: bytes) -> int:
    """How many signs the document holds that XML discourages; KSeF has refused them since July 2026."""
    return len(_DISCOURAGED.findall(content.decode("utf-8", "replace")))


def _look_at_bytes(content: bytes) -> None:
    if not content.strip():
        raise Refused(Problem("empty"))
    if len(content) > MOST_BYTES:
        raise Refused(Problem("too-big", {"size": len(content), "most": MOST_BYTES}))
    for beginning, kind in _PACKED.items():
        if content.startswith(beginning):
            raise Refused(Problem("packed", {"kind": kind}))
    if content.startswith(_WIDE):
        raise Refused(Problem("encoding", {"encoding": "UTF-16"}))
    if content.startswith(_BOM):
        raise Refused(Problem("bom"))
    if not content.lstrip().startswith(b"<"):
        raise Refused(Problem("not-xml"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(Problem("not-utf-8", {"line": line, "byte": f"0x{content[error.start]:02X}"})) from None


def _look_through(content: bytes) -> None:
    """Raise at the first thing an invoice must not hold, and where it is no XML at all."""
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def begin(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Refused(Problem("too-deep", {"line": parser.CurrentLineNumber}))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _UTF_8:
            raise Refused(Problem("encoding", {"encoding": encoding[:40]}))

    def doctype(*_told: object) -> None:
        raise Refused(Problem("doctype", {"line": parser.CurrentLineNumber}))

    def instruction(target: str, _told: str) -> None:
        raise Refused(Problem("instruction", {"target": target[:40], "line": parser.CurrentLineNumber}))

    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused(Problem("not-well-formed", {"line": error.lineno})) from None

"""Reads XML of strangers: no document types, no entities, no network, no giants."""

from __future__ import annotations

from collections import Counter

from lxml import etree

LARGEST = 512 * 1024
"""Bytes; the node's answers take about 15 000."""


class Untrusted(Exception):
    """The answer proves nothing. The text is for the log and holds nothing personal."""


def parser() -> etree.XMLParser:
    """A parser that follows nothing and expands nothing."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def parse(data: bytes) -> etree._Element:
    """The root element. Raises `Untrusted` for what is no plain, small XML with unambiguous ids.

    Comments go before anything is read: a comment inside a value would cut it in two.
    """
    if len(data) > LARGEST:
        raise Untrusted("the answer is too large")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Untrusted("the answer has a document type")
    try:
        root = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Untrusted("the answer is no XML") from error
    if root.getroottree().docinfo.doctype:
        raise Untrusted("the answer has a document type")
    ids = Counter(
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "id"
    )
    if any(times > 1 for times in ids.values()):
        raise Untrusted("two elements have one id")
    return root


def only(parent: etree._Element, name: str) -> etree._Element:
    """The only child of that name. Raises `Untrusted` for none, and for more than one."""
    found = parent.findall(name)
    if len(found) != 1:
        raise Untrusted(f"{len(found)} × {etree.QName(name).localname}")
    return found[0]


def text_of(element: etree._Element) -> str:
    """The element's text; one that holds elements has none."""
    if len(element):
        raise Untrusted(f"{etree.QName(element.tag).localname} holds elements")
    return (element.text or "").strip()

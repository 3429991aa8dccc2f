"""FA(3) made from the schema itself: every element it knows, with values that can be found again."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ebok_plugins.e_faktura.ksef.schema import FA3, FILES, FOLDER

XSD = "{http://www.w3.org/2001/XMLSchema}"
VARIANTS = 24
"""After so many documents every branch of every choice has been taken; the test sees to it."""
BY_PATTERN = {
    "TNumerKSeF": "5265877635-20250826-0100001AF629-AF",
    "TNrNIP": "5265877635",
    "TNIPIdWew": "5265877635-12345",
    "TNrVatUE": "AB12345678",
    "SWIFT_Type": "BREXPLPWXXX",
    "TNrKRS": "0000099999",
    "TNrREGON": "999999999",
    "TAdresEmail": "adres@example.org",
    "BDO": "000099999",
    "TGLN": "5901234123457",
    "TNumerTelefonu": "+48600100200",
    "LinkDoPlatnosci": "https://example.org/zaplac?IPKSeF=123abcdefghij",
    "IPKSeF": "123abcdefghij",
    "NrRB": "73111111111111111111111111",
    "TNrRB": "73111111111111111111111111",
}


BASE = ("StrukturyDanych", "ElementarneTypyDanych", "KodyKrajow")


def _schemas() -> list[etree._Element]:
    names = (
        FILES[FA3],
        "StrukturyDanych_v10-0E.xsd",
        "ElementarneTypyDanych_v10-0E.xsd",
        "KodyKrajow_v10-0E.xsd",
    )
    return [etree.parse(FOLDER / name).getroot() for name in names]


@dataclass
class Maker:
    """Makes one document; `variant` decides which branch of each choice is taken."""

    variant: int = 0
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    types: dict[str, etree._Element] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Know the named types."""
        self.chance = random.Random(self.variant)
        self.schemas = _schemas()
        for place, schema in enumerate(self.schemas):
            for one in schema:
                if one.tag in (f"{XSD}simpleType", f"{XSD}complexType"):
                    self.types[f"{'etd' if place else 'tns'}:{one.get('name')}"] = one

    def document(self) -> etree._Element:
        """The root with everything inside."""
        declared = self.schemas[0].find(f"{XSD}element")
        assert declared is not None
        return self.element(declared)

    def element(self, declared: etree._Element) -> etree._Element:
        """An element as it is declared."""
        name = declared.get("name")
        self.used.add(name)
        made = etree.Element(f"{{{FA3}}}{name}", nsmap={None: FA3})
        kind = declared.get("type")
        inner = self.types.get(kind) if kind else declared.find(f"{XSD}complexType")
        if inner is not None and inner.tag == f"{XSD}complexType":
            self.fill(made, inner)
        else:
            made.text = declared.get("fixed") or self.value(name, declared)
        return made

    def fill(self, made: etree._Element, parent: etree._Element) -> None:
        """What a complex type or a group holds."""
        for one in parent:
            if one.tag == f"{XSD}element":
                for _time in range(2 if one.get("maxOccurs", "1") != "1" else 1):
                    made.append(self.element(one))
            elif one.tag == f"{XSD}choice":
                branches = [branch for branch in one if branch.tag != f"{XSD}annotation"]
                wrapper = etree.Element("wrapper")
                wrapper.append(etree.fromstring(etree.tostring(self.chance.choice(branches))))
                self.fill(made, wrapper)
            elif one.tag == f"{XSD}extension":
                base = self.types[one.get("base")]
                if base.tag == f"{XSD}complexType":
                    self.fill(made, base)
                else:
                    made.text = self.value(made.tag.rpartition("}")[2], base)
                self.fill(made, one)
            elif one.tag == f"{XSD}attribute":
                made.set(one.get("name"), one.get("fixed") or "txt")
            elif one.tag in {f"{XSD}sequence", f"{XSD}complexContent", f"{XSD}simpleContent"}:
                self.fill(made, one)

    def value(self, name: str, declared: etree._Element) -> str:
        """A valid value, different each time where the type lets it be."""
        if name in BY_PATTERN:
            return BY_PATTERN[name]
        facets: dict[str, str] = {}
        base, choices = self.restrictions(declared, facets)
        if base in BY_PATTERN:
            return BY_PATTERN[base]
        if choices:
            return choices[(self.variant + next(self.counter)) % len(choices)]
        number = next(self.counter)
        if "maxInclusive" in facets and base == "decimal":
            return str(number % 100)
        if base in ("decimal", "int", "integer", "nonNegativeInteger"):
            return (
                str(number % 90 + 1)
                if "totalDigits" not in facets or base != "decimal"
                else f"{1000 + number}"
            )
        if base == "date":
            return f"20{26 + number // 336}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        if base == "dateTime":
            return f"2026-03-{number % 28 + 1:02}T10:00:00Z"
        return f"{name}-{number}"[: int(facets.get("maxLength", "40"))]

    def restrictions(self, declared: etree._Element, facets: dict[str, str]) -> tuple[str, list[str]]:
        """The base of a simple type and its enumeration, through all named types."""
        kind = declared.get("type", "")
        name = kind.rpartition(":")[2]
        if name in BY_PATTERN or (kind and kind not in self.types):
            return name, []
        simple = self.types[kind] if kind else declared
        restriction = next(simple.iter(f"{XSD}restriction"), None)
        if restriction is None:
            return "string", []
        choices = [one.get("value") for one in restriction.iterfind(f"{XSD}enumeration")]
        for facet in restriction:
            facets.setdefault(etree.QName(facet).localname, facet.get("value", ""))
        base = restriction.get("base")
        name = base.rpartition(":")[2]
        if choices or name in BY_PATTERN or base not in self.types:
            return name, choices
        return self.restrictions(self.types[base], facets)


def every_name() -> set[str]:
    """Names of all elements of an invoice, from the schema of FA(3) alone."""
    return {one.get("name") for one in _schemas()[0].iter(f"{XSD}element")}


def document(variant: int) -> tuple[bytes, set[str]]:
    """A document in which every optional element stands, and the names that are in it."""
    maker = Maker(variant)
    root = maker.document()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8"), maker.used

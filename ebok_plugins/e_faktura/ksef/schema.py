"""The Ministry's schemas, compiled once from the files beside this module; nothing is fetched.

A finding of the validator becomes a `Problem` that names the field, so that words can be made of it.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from pathlib import Path

from lxml import etree

from ebok_plugins.e_faktura.ksef.problems import Problem

FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"
UPO = "http://upo.schematy.mf.gov.pl/KSeF/v4-3"
FOLDER = Path(__file__).parent / "xsd"
FILES = {FA3: "schemat_FA(3)_v1-0E.xsd", UPO: "upo-v4-3.xsd"}
MOST_TOLD = 20
"""So many problems are told; a document with more has one cause."""

_FIELD = re.compile(r"^Element '(?:\{[^}]*\})?([^']+)'(?:, attribute '([^']+)')?")
_VALUE = re.compile(r"(?:[Vv]alue|:) '(.*?)'(?= |\.|$)", re.DOTALL)
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*?) \)", re.DOTALL)
_NAME = re.compile(r"(?:\{[^}]*\})?([\w.-]+)")
_KINDS = {
    "SCHEMAV_CVC_PATTERN_VALID": "pattern",
    "SCHEMAV_CVC_ENUMERATION_VALID": "choice",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "too-long",
    "SCHEMAV_CVC_MINLENGTH_VALID": "too-short",
    "SCHEMAV_CVC_LENGTH_VALID": "pattern",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "range",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "range",
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": "digits",
    "SCHEMAV_CVC_TOTALDIGITS_VALID": "digits",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "type",
    "SCHEMAV_CVC_ELT_5_2_2_2_2": "fixed",
    "SCHEMAV_CVC_AU": "fixed",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "attribute",
    "SCHEMAV_CVC_TYPE_3_1_1": "attribute",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "attribute-missing",
    "SCHEMAV_CVC_IDC": "doubled",
}
_lock = threading.Lock()
"""A compiled schema keeps the findings of its last document."""


class _Local(etree.Resolver):
    """Answers every import with the file of that name from the folder, and nothing else."""

    def resolve(self, system_url: str, _public_id: str, context: object) -> object:
        """The file, or an empty document."""
        file = FOLDER / system_url.rsplit("/", 1)[-1]
        if file.parent == FOLDER and file.is_file():
            return self.resolve_filename(str(file), context)
        return self.resolve_empty(context)


@lru_cache(maxsize=2)
def compiled(namespace: str) -> etree.XMLSchema:
    """The schema of the namespace, compiled on first use. Raises `KeyError` for one we do not have."""
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    parser.resolvers.add(_Local())
    source = FOLDER / FILES[namespace]
    return etree.XMLSchema(etree.fromstring(source.read_bytes(), parser, base_url=source.name))


def problems_of(root: etree._Element, namespace: str) -> list[Problem]:
    """What the schema has against the document, the first `MOST_TOLD`; [] when it is valid."""
    schema = compiled(namespace)
    with _lock:
        if schema.validate(root):
            return []
        entries = list(schema.error_log)
    found: list[Problem] = []
    told: set[tuple[object, ...]] = set()
    for entry in entries:
        problem = _problem(entry)
        place = tuple(problem.told.get(name) for name in ("line", "field", "value", "attribute"))
        # The validator says of one wrong value how it is wrong, and then once more that it is.
        if place not in told:
            found.append(problem)
        told.add(place)
    return found[:MOST_TOLD]


def _problem(entry: etree._LogEntry) -> Problem:
    message = str(entry.message)
    field = _FIELD.match(message)
    told: dict[str, object] = {"line": int(entry.line), "field": field[1] if field else ""}
    value = _VALUE.search(message)
    if value:
        told["value"] = value[1][:60]
    if field and field[2]:
        told["attribute"] = field[2]
    if entry.type_name == "SCHEMAV_ELEMENT_CONTENT":
        expected = _EXPECTED.search(message)
        told["expected"] = [found[1] for found in _NAME.finditer(expected[1])][:5] if expected else []
        return Problem("schema-missing" if "Missing child" in message else "schema-order", told)
    return Problem(f"schema-{_KINDS.get(str(entry.type_name), 'other')}", told)

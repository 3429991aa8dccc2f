"""The confirmation of receipt (UPO, v4-3): read, and checked against the document it is for. Pure."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from ebok_plugins.e_faktura.ksef import numbers
from ebok_plugins.e_faktura.ksef.guarding import parse
from ebok_plugins.e_faktura.ksef.problems import Problem, Refused
from ebok_plugins.e_faktura.ksef.schema import UPO, problems_of

ONLINE, OFFLINE = "Online", "Offline"
WARSAW = ZoneInfo("Europe/Warsaw")
_ISSUER = "Ministerstwo Finansów"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_PLACE = f"{{{UPO}}}"


@dataclass(frozen=True)
class Confirmed:
    """One document of a UPO. `way` is `ONLINE` or `OFFLINE`."""

    seller_nip: str
    number: str
    invoice_number: str
    issued_on: str
    sent_at: datetime
    accepted_at: datetime
    sha256: bytes
    way: str


@dataclass(frozen=True)
class Confirmation:
    """A UPO. `environment` is what the Ministry adds to its name outside production, such as a test.

    `is_signed`: it carries the Ministry's signature, which is not checked here.
    """

    issuer: str
    environment: str
    session: str
    structure: str
    is_signed: bool
    documents: tuple[Confirmed, ...]


def read(content: bytes) -> Confirmation:
    """The confirmation. Raises `Refused` with what is wrong with the file."""
    root = parse(content)
    if root.tag != f"{_PLACE}Potwierdzenie":
        raise Refused(Problem("upo-form", {"root": str(root.tag)[:120]}))
    signatures = root.findall(_SIGNATURE)
    for signature in signatures:
        # The schema does not speak of it, though KSeF signs what it hands out.
        root.remove(signature)
    issuer = _text(root, "NazwaPodmiotuPrzyjmujacego")
    found = problems_of(_as_in_production(root), UPO)
    if found:
        raise Refused(*found)
    environment = issuer.removeprefix(_ISSUER).strip(" -–")
    return Confirmation(
        issuer=issuer,
        environment=environment,
        session=_text(root, "NumerReferencyjnySesji"),
        structure=_text(root, "NazwaStrukturyLogicznej"),
        is_signed=bool(signatures),
        documents=tuple(_confirmed(one) for one in root.iterfind(f"{_PLACE}Dokument")),
    )


def confirmed(confirmation: Confirmation, sha256: bytes) -> Confirmed | None:
    """The document with this fingerprint, or None when it is not among them."""
    return next((one for one in confirmation.documents if one.sha256 == sha256), None)


def problems_with(
    confirmation: Confirmation, *, sha256: bytes, number: str, seller_nip: str
) -> list[Problem]:
    """What speaks against the confirmation being of this document; [] when it is.

    `number` is the KSeF number as far as it is known already, else "".
    """
    found = confirmed(confirmation, sha256)
    if found is None:
        named = any(one.number == number for one in confirmation.documents)
        return [Problem("upo-hash" if named else "upo-none")]
    problems = []
    fault = numbers.fault_of(found.number)
    if fault:
        problems.append(Problem(fault, {"number": found.number}))
    if number and found.number != number:
        problems.append(Problem("upo-number", {"found": found.number, "number": number}))
    if found.seller_nip != seller_nip:
        problems.append(Problem("upo-seller", {"found": found.seller_nip}))
    return problems


def _as_in_production(root: etree._Element) -> etree._Element:
    """The document with the bare name of the Ministry.

    The schema fixes that name, but the Ministry's own test environment adds its name to it, in its examples
    too; the rest of such a document must hold all the same.
    """
    issuer = root.find(f"{_PLACE}NazwaPodmiotuPrzyjmujacego")
    if issuer is not None and issuer.text and issuer.text.startswith(f"{_ISSUER} - środowisko"):
        issuer.text = _ISSUER
    return root


def _confirmed(element: etree._Element) -> Confirmed:
    try:
        digest = base64.b64decode(_text(element, "SkrotDokumentu"), validate=True)
    except binascii.Error:
        raise Refused(
            Problem("schema-type", {"field": "SkrotDokumentu", "value": _text(element, "SkrotDokumentu")})
        ) from None
    return Confirmed(
        seller_nip=_text(element, "NipSprzedawcy"),
        number=_text(element, "NumerKSeFDokumentu"),
        invoice_number=_text(element, "NumerFaktury"),
        issued_on=_text(element, "DataWystawieniaFaktury"),
        sent_at=_moment(element, "DataPrzeslaniaDokumentu"),
        accepted_at=_moment(element, "DataNadaniaNumeruKSeF"),
        sha256=digest,
        way=_text(element, "TrybWysylki"),
    )


def _moment(element: etree._Element, name: str) -> datetime:
    text = _text(element, name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        # The schema lets 24:00:00 and years beyond 9999 pass.
        raise Refused(Problem("schema-type", {"field": name, "value": text[:40]})) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=WARSAW)


def _text(element: etree._Element, name: str) -> str:
    return " ".join((element.findtext(f"{_PLACE}{name}") or "").split())

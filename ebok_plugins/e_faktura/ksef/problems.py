"""What may be wrong with a document, kept as a code with details and told in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok_plugins.e_faktura.ksef.labels import LABELS, label


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a key of `SENTENCES`, and what the sentence is about."""

    code: str
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In the active language."""
        words = {name: _shown(value) for name, value in self.told.items()}
        words["field"] = _named(str(self.told.get("field", "")))
        text = str(SENTENCES.get(self.code, SENTENCES["other"])) % _Forgiving(words)
        line = self.told.get("line")
        if self.code in _SAY_LINE and line:
            return _("Line %(line)s: %(text)s") % {"line": line, "text": text}
        return text

    def as_json(self) -> list[Any]:
        """For a JSON field."""
        return [self.code, dict(self.told)]


class Refused(Exception):
    """A document that is not let in, with all that is known to be wrong."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def from_json(stored: Iterable[Any]) -> list[Problem]:
    """What `as_json` wrote."""
    return [Problem(code, told) for code, told in stored]


SENTENCES = {
    # the bytes
    "empty": gettext_lazy("The file is empty."),
    "too-big": gettext_lazy(
        "The file has %(size)s bytes; KSeF takes no invoice of more than %(most)s, so it cannot be one."
    ),
    "packed": gettext_lazy("The file is packed (%(kind)s), not XML. Unpack it and add what is inside."),
    "encoding": gettext_lazy("The file is written in %(encoding)s; invoices in KSeF are in UTF-8."),
    "bom": gettext_lazy(
        "The file begins with a byte order mark, which KSeF does not take: somebody has saved it anew. "
        "Add the file as KSeF gave it."
    ),
    "not-xml": gettext_lazy("This is no XML document."),
    "not-utf-8": gettext_lazy(
        "The file says it is in UTF-8, but in line %(line)s stands a byte (%(byte)s) that is not. It was "
        "probably saved in another encoding, such as Windows-1250."
    ),
    "not-well-formed": gettext_lazy(
        "The XML is damaged in line %(line)s: it is cut off, or tags do not match."
    ),
    "doctype": gettext_lazy(
        "The file declares a document type or entities, which invoices never do and which may be an attack."
    ),
    "instruction": gettext_lazy(
        "The file holds a processing instruction (%(target)s); KSeF takes no invoice with one."
    ),
    "too-deep": gettext_lazy("Elements lie in each other deeper than any invoice has them."),
    # the form
    "other-form": gettext_lazy("This is XML, but no invoice FA(3): the document is “%(root)s”."),
    "older-form": gettext_lazy(
        "This is an invoice in the earlier form %(form)s. Here are shown those in FA(3), which KSeF has "
        "used since February 2026."
    ),
    "no-attachment-size": gettext_lazy(
        "The file has %(size)s bytes; without an attachment KSeF takes no more than %(most)s."
    ),
    "schema-pattern": gettext_lazy("%(field)s: “%(value)s” is not written as it must be."),
    "schema-choice": gettext_lazy("%(field)s: “%(value)s” is none of the values that are allowed."),
    "schema-too-long": gettext_lazy("%(field)s: the text is too long."),
    "schema-too-short": gettext_lazy("%(field)s: the text is empty or too short."),
    "schema-range": gettext_lazy("%(field)s: “%(value)s” lies outside what is allowed."),
    "schema-digits": gettext_lazy("%(field)s: “%(value)s” has too many digits."),
    "schema-type": gettext_lazy("%(field)s: “%(value)s” is not a value of the right kind."),
    "schema-fixed": gettext_lazy("%(field)s: “%(value)s” stands where the schema demands another value."),
    "schema-attribute": gettext_lazy("%(field)s: the attribute %(attribute)s is not allowed here."),
    "schema-attribute-missing": gettext_lazy("%(field)s: an attribute is missing."),
    "schema-doubled": gettext_lazy("%(field)s: “%(value)s” stands twice."),
    "schema-missing": gettext_lazy("%(field)s: something is missing inside: %(expected)s."),
    "schema-order": gettext_lazy("%(field)s: does not belong here; expected is: %(expected)s."),
    "schema-other": gettext_lazy("%(field)s: is not as the schema demands."),
    # the number
    "number-form": gettext_lazy(
        "“%(number)s” is not a KSeF number such as 5265877635-20250826-0100001AF629-AF."
    ),
    "number-day": gettext_lazy("The KSeF number “%(number)s” names a day that does not exist."),
    "number-check": gettext_lazy(
        "The KSeF number “%(number)s” has wrong check digits: one of its characters is wrong."
    ),
    "number-seller": gettext_lazy(
        "The KSeF number begins with the tax number %(found)s, the seller of the invoice has %(seller)s."
    ),
    "number-too-early": gettext_lazy(
        "By its number KSeF took the invoice in on %(accepted)s, before it was issued (%(issued)s)."
    ),
    "number-conflict": gettext_lazy(
        "Two KSeF numbers are named for this document: %(number)s and %(other)s. Only one can be right."
    ),
    # what is here already
    "resaved": gettext_lazy(
        "An invoice with the number %(number)s is here already, and its file differs in its bytes. This one "
        "was saved anew somewhere on its way; the codes of the invoice would no longer be right. It is not "
        "shown."
    ),
    "other-hash": gettext_lazy(
        "The billing system names another fingerprint (SHA-256) for this invoice than the file has: the file "
        "was saved anew on its way, or it is another one."
    ),
    "same-document": gettext_lazy(
        "The seller has issued %(number)s already in another file of the same type; KSeF takes a number once."
    ),
    # the confirmation
    "upo-form": gettext_lazy("This is no confirmation (UPO) in the form v4-3: the document is “%(root)s”."),
    "upo-hash": gettext_lazy(
        "The confirmation (UPO) is of a file with another fingerprint: the invoice was saved anew on its way."
    ),
    "upo-none": gettext_lazy("The confirmation (UPO) is of other documents; this one is not among them."),
    "upo-number": gettext_lazy(
        "The confirmation (UPO) names the KSeF number %(found)s, the document has %(number)s."
    ),
    "upo-seller": gettext_lazy("The confirmation (UPO) names another seller: %(found)s."),
    "upo-environment": gettext_lazy(
        "The confirmation (UPO) comes from the %(environment)s of KSeF and proves nothing."
    ),
    "code-ii": gettext_lazy("The link of KOD II does not belong to this document, so it is not shown."),
    # whose it is
    "other-seller": gettext_lazy("The seller of this invoice is %(seller)s, which is not us."),
    "nobody": gettext_lazy(
        "No customer was found: neither the customer number (%(code)s) nor the tax number (%(nip)s) is known."
    ),
    "two-customers": gettext_lazy("The customer number leads to %(first)s, the tax number to %(second)s."),
    "several": gettext_lazy("%(count)s customers have this tax number, and the invoice does not say which."),
    "invoice-of-another": gettext_lazy(
        "The invoice %(number)s is in the system as one of %(owner)s, the file leads to %(customer)s."
    ),
    "other-amount": gettext_lazy(
        "The invoice %(number)s is in the system with the amount %(known)s, the file says %(found)s."
    ),
    "lost": gettext_lazy("The file is missing from the disk."),
    "other": gettext_lazy("The document cannot be used."),
}

_SAY_LINE = frozenset(code for code in SENTENCES if code.startswith("schema-")) | {"doctype", "instruction"}


class _Forgiving(dict[str, str]):
    """Details an old row may lack."""

    def __missing__(self, key: str) -> str:
        return "–"


def _named(name: str) -> str:
    return f"{label(name)} ({name})" if name in LABELS else name


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_named(str(one)) for one in value) or "–"
    return str(value)

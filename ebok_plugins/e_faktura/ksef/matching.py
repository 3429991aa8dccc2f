"""Whose an invoice is: by customer number, tax number and invoice number. Pure.

A document that could be somebody else's is never guessed: it waits for the clerk, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ebok_plugins.e_faktura.ksef.documents import Document
from ebok_plugins.e_faktura.ksef.problems import Problem


@dataclass(frozen=True)
class KnownInvoice:
    """An invoice of the mirror with the same number."""

    id: int
    customer_id: int
    gross: Decimal
    issued_on: str
    sha256: str = ""
    ksef_number: str = ""


@dataclass(frozen=True)
class Known:
    """What the mirror knows that fits. `names` calls customers by their codes in sentences."""

    our_nips: Collection[str]
    by_code: Mapping[str, int]
    by_nip: Collection[int]
    invoices: Collection[KnownInvoice]
    names: Mapping[int, str]


@dataclass(frozen=True)
class Match:
    """Whose it is and which invoice, as far as it is certain; what keeps it from being certain."""

    customer_id: int | None
    invoice_id: int | None
    problems: tuple[Problem, ...] = ()


def match(document: Document, known: Known) -> Match:
    """Join by rule:

    1. The seller must be us.
    2. A customer number of the invoice, the buyer's first, leads to the customer; the tax number must not
       lead to others, unless the invoice concerns a unit of local government or a member of a VAT group,
       which are billed under the number of the whole.
    3. Without one, an invoice of the mirror with this number says whose it is, then the tax number alone.
    4. An invoice of the mirror with this number must be the same customer's and of the same amount.
    """
    if known.our_nips and document.seller.nip not in known.our_nips:
        return Match(None, None, (Problem("other-seller", {"seller": document.seller.nip}),))
    customer_id, problem = _customer(document, known)
    if problem is not None or customer_id is None:
        return Match(customer_id, None, (problem,) if problem else ())
    return _with_invoice(document, known, customer_id)


def _customer(document: Document, known: Known) -> tuple[int | None, Problem | None]:
    named = [known.by_code[code] for code in document.customer_numbers if code in known.by_code]
    by_nip = sorted(known.by_nip)
    if named:
        return _by_code(document, known, list(dict.fromkeys(named)), by_nip)
    owners = sorted({invoice.customer_id for invoice in known.invoices if _is_same(document, invoice)})
    if len(owners) == 1 and (not by_nip or owners[0] in by_nip):
        return owners[0], None
    if len(by_nip) == 1 and (not owners or by_nip[0] in owners):
        return by_nip[0], None
    if len(by_nip) > 1:
        return None, Problem("several", {"count": len(by_nip)})
    told = {"code": ", ".join(document.customer_numbers) or "–", "nip": document.buyer.nip or "–"}
    return None, Problem("nobody", told)


def _by_code(
    document: Document, known: Known, named: list[int], by_nip: list[int]
) -> tuple[int | None, Problem | None]:
    # The buyer's own number counts before those of other parties, who may be customers as well.
    own = known.by_code.get(document.buyer.customer_number)
    found = own if own is not None else named[0]
    if own is None and len(named) > 1:
        told = {"first": known.names.get(named[0], ""), "second": known.names.get(named[1], "")}
        return None, Problem("two-customers", told)
    is_part = document.concerns_local_government or document.concerns_vat_group
    if by_nip and found not in by_nip and not is_part:
        told = {"first": known.names.get(found, ""), "second": known.names.get(by_nip[0], "")}
        return None, Problem("two-customers", told)
    return found, None


def _with_invoice(document: Document, known: Known, customer_id: int) -> Match:
    same = [invoice for invoice in known.invoices if _is_same(document, invoice)]
    own = [invoice for invoice in same if invoice.customer_id == customer_id]
    if not own:
        if not same:
            return Match(customer_id, None)
        told = {
            "number": document.number,
            "owner": known.names.get(same[0].customer_id, ""),
            "customer": known.names.get(customer_id, ""),
        }
        return Match(customer_id, None, (Problem("invoice-of-another", told),))
    invoice = own[0]
    if document.currency == "PLN" and invoice.gross != document.gross:
        told = {"number": document.number, "known": str(invoice.gross), "found": str(document.gross)}
        return Match(customer_id, None, (Problem("other-amount", told),))
    return Match(customer_id, invoice.id)


def _is_same(document: Document, invoice: KnownInvoice) -> bool:
    """Numbers may begin anew each year, so the day of issue must agree."""
    return invoice.issued_on == document.issued_on.isoformat()

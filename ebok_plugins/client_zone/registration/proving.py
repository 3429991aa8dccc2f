"""Whether what was typed fits: a customer code with an invoice's number and amount, or with a letter's code.

Both questions cost the same whatever the answer: each query is asked, with an id nobody has where there
is nothing to ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from ebok.billing.models import Invoice
from ebok.customers.models import AccessWay, Customer
from ebok.exchange.models import NaturalKey
from ebok_plugins.client_zone.models import AccessLetter
from ebok_plugins.client_zone.registration import rules, tokens

NOBODY = -1
MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Proof:
    """What was proven: for which customer, and by what. `customer` is None when nothing fits."""

    customer: Customer | None
    way: str = AccessWay.REGISTRATION
    letter: AccessLetter | None = None


def by_invoice(code: str, number: str, amount: Decimal, *, months: int = 0) -> Proof:
    """Whether the customer has an invoice of that number and amount, at most `months` old (0: of any age)."""
    names = {"customers": rules.spellings(code), "invoices": rules.spellings(number)}
    keys = _keys(names)
    customer_id, invoice_id = keys["customers"], keys["invoices"]
    invoice = Invoice.objects.filter(customer_id=customer_id, pk=invoice_id).first()
    customer = Customer.objects.filter(pk=customer_id).first()
    oldest = timezone.localdate() - months * MONTH
    fits = (
        customer is not None
        and invoice is not None
        and not invoice.is_cancelled
        and invoice.gross == amount
        and (not months or invoice.issued_on >= oldest)
    )
    return Proof(customer if fits else None)


def by_letter(code: str, typed: str, *, moment: datetime | None = None) -> Proof:
    """Whether a letter to the customer holds that code, and it may still be used. It is not used up yet."""
    now = moment or timezone.now()
    customer_id = _keys({"customers": rules.spellings(code)})["customers"]
    letter = letter_of(customer_id, typed, now)
    customer = Customer.objects.filter(pk=customer_id).first()
    return Proof(customer if letter else None, AccessWay.LETTER, letter)


def letter_of(customer_id: int, typed: str, moment: datetime) -> AccessLetter | None:
    """The customer's letter with that code, while the code works."""
    return AccessLetter.objects.filter(
        customer_id=customer_id,
        code_hash=tokens.letter_hash(customer_id, typed),
        used_at__isnull=True,
        cancelled_at__isnull=True,
        expires_at__gt=moment,
    ).first()


def _keys(names: dict[str, tuple[str, str]]) -> dict[str, int]:
    """Ids of what the billing system calls so, by dataset; the exact spelling wins. One query."""
    wanted = {spelling for spellings in names.values() for spelling in spellings}
    rows = NaturalKey.objects.filter(dataset__in=list(names), key__in=sorted(wanted))
    found = {(row.dataset, row.key): row.object_id for row in rows}
    return {
        dataset: next((found[dataset, s] for s in spellings if (dataset, s) in found), NOBODY)
        for dataset, spellings in names.items()
    }

"""How a bill is paid: to which account, with what title, and the transfer code that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from wagtail.models import Site

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.look.models import OrganisationSettings
from ebok_plugins.e_faktura.codes.transfer import MOST, Transfer, shortened
from ebok_plugins.e_faktura.models import InvoiceSettings


@dataclass(frozen=True)
class Payment:
    """Everything a transfer needs. `code` is "" where there is no account to pay to."""

    payee: str
    account: str
    title: str
    amount: Decimal
    code: str
    is_above_limit: bool
    """The amount has no room in the code: the payer types it."""


def account_of(invoice: Invoice, customer: Customer) -> str:
    """The account that stands on the bill, else the customer's own."""
    return invoice.account or customer.virtual_account


def payment_of(invoice: Invoice, customer: Customer, amount: Decimal, site: Site | None) -> Payment | None:
    """How to pay `amount` of the bill; None where nothing is to be paid."""
    if amount <= 0 or invoice.is_cancelled:
        return None
    organisation = OrganisationSettings.for_site(site) if site is not None else None
    own = InvoiceSettings.for_site(site) if site is not None else None
    legal = (organisation.legal_name if organisation else "") or (site.site_name if site else "")
    account = account_of(invoice, customer)
    transfer = Transfer(
        nip=organisation.nip if organisation else "",
        account=account,
        amount=amount,
        payee=(own.payee if own else "") or shortened(legal, 20),
        title=invoice.number,
    )
    return Payment(
        payee=legal,
        account=account,
        title=invoice.number,
        amount=amount,
        code=transfer.payload if account else "",
        is_above_limit=amount > MOST,
    )

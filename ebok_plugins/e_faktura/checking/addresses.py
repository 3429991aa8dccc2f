"""The address in the code on every PDF."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from wagtail.models import Site

from ebok.billing.models import Invoice
from ebok.notifications.addresses import address_of

NUMBER, AMOUNT, CODE, ACCOUNT = "numer", "kwota", "kod", "konto"
"""Names of the fields, in the form and in the code."""


def check_address(site: Site, invoice: Invoice, account: str, code: str) -> str:
    """Opens the check with everything filled in that stands on the document."""
    said = {NUMBER: invoice.number, AMOUNT: str(invoice.gross.quantize(Decimal("0.01"))), CODE: code}
    if account:
        said[ACCOUNT] = account
    return f"{address_of(site, 'public:e_faktura:check')}?{urlencode(said, safe='/')}"

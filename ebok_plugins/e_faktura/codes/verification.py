"""The code that proves a bill genuine (C-2): eight letters and digits made with a key only the utility has.

It is a truncated HMAC-SHA-256 over number, account, amount and day of payment. The newest key of
`EBOK_INVOICE_CODE_KEYS` makes codes, every key of the list confirms them; without the setting the keys are
derived from `SECRET_KEY` and its fallbacks.
"""

from __future__ import annotations

import hashlib
import hmac
from decimal import Decimal

from django.conf import settings

from ebok.billing.models import Invoice

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Thirty-two signs; none that looks like another on paper (I, O, 0, 1)."""
LENGTH = 8
SALT = b"ebok.e_faktura.code"


def code_of(invoice: Invoice, account: str) -> str:
    """The code of a bill to be paid to this account, under the newest key."""
    return _code(_keys()[0], invoice, account)


def confirms(code: str, invoice: Invoice, account: str) -> bool:
    """Whether the code belongs to the bill, under any key in use; always compares with all of them."""
    typed = normalised(code)
    fits = [hmac.compare_digest(_code(key, invoice, account), typed) for key in _keys()]
    return any(fits)


def normalised(code: str) -> str:
    """As people type it: small letters, spaces and hyphens between are fine."""
    kept = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
    return kept[: LENGTH + 1]


def grouped(code: str) -> str:
    """ "ABCD-EFGH", easier to read out."""
    return f"{code[:4]}-{code[4:]}"


def _code(key: bytes, invoice: Invoice, account: str) -> str:
    due = invoice.due_on.isoformat() if invoice.due_on else ""
    amount = invoice.gross.quantize(Decimal("0.01"))
    said = "|".join((invoice.number, account, str(amount), due))
    digest = int.from_bytes(hmac.digest(key, said.encode(), "sha256")[:5], "big")
    return "".join(LETTERS[(digest >> (5 * place)) & 31] for place in range(LENGTH))


def _keys() -> list[bytes]:
    own = getattr(settings, "EBOK_INVOICE_CODE_KEYS", ())
    if own:
        return [hashlib.sha256(SALT + key.encode()).digest() for key in own]
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hashlib.sha256(SALT + b".derived" + str(key).encode()).digest() for key in secrets]

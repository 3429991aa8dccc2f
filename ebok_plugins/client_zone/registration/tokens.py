"""Secrets in links and codes: what is sent out, and the hash that is kept."""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from ebok_plugins.client_zone.registration.rules import ALPHABET, CODE_LENGTH, bare_code

TOKEN_BYTES = 32
PHONE_DIGITS = 6


def new_token() -> str:
    """A token for a link: 43 letters, digits, "-" and "_"."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token. It is random enough that nobody can try them all."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_letter_code() -> str:
    """A code for a letter: 59 bits in letters and digits that are not taken for each other."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def letter_hash(customer_id: int, typed: str) -> str:
    """What is kept of a letter's code; keyed, since a code is shorter than a token."""
    return _keyed("client_zone.letter", customer_id, bare_code(typed))


def new_phone_code() -> str:
    """A code for the telephone."""
    return f"{secrets.randbelow(10**PHONE_DIGITS):0{PHONE_DIGITS}d}"


def phone_hash(claim_id: int, typed: str) -> str:
    """What is kept of a code for the telephone."""
    return _keyed("client_zone.phone", claim_id, "".join(typed.split()))


def equal(one: str, other: str) -> bool:
    """Whether two hashes are one, in the same time whatever they are."""
    return constant_time_compare(one, other)


def _keyed(salt: str, owner: int, text: str) -> str:
    return salted_hmac(salt, f"{owner}\n{text}", algorithm="sha256").hexdigest()

"""KOD I and KOD II: the addresses under which the Ministry confirms an invoice and its issuer.

KOD I is computed here from the very bytes. KOD II carries the issuer's signature, so it can only be
received; `is_code_ii_of` says whether a received one belongs to the document.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date

from django.conf import settings

HOSTS = {
    "production": "qr.ksef.mf.gov.pl",
    "demo": "qr-demo.ksef.mf.gov.pl",
    "test": "qr-test.ksef.mf.gov.pl",
}
_SIGNED = re.compile(
    r"https://(?P<host>[a-z.-]+)/certificate/(?:Nip|InternalId|NipVatUe|PeppolId)/[^/]+/(?P<nip>[0-9]{10})/"
    r"[0-9A-Fa-f]{8,40}/(?P<hash>[A-Za-z0-9_-]{43})/[A-Za-z0-9_-]{80,1024}"
)


def environment() -> str:
    """Which KSeF the portal speaks of (`EBOK_KSEF_ENVIRONMENT`); production for what is none."""
    named = str(settings.EBOK_KSEF_ENVIRONMENT)
    return named if named in HOSTS else "production"


def base64url(digest: bytes) -> str:
    """The digest as it stands in the address: base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def code_i_url(content: bytes, seller_nip: str, issued_on: date, environment: str = "production") -> str:
    """KOD I of these very bytes; `issued_on` is P_1. Raises `KeyError` for an unknown environment."""
    return code_i_url_of_hash(hashlib.sha256(content).digest(), seller_nip, issued_on, environment)


def code_i_url_of_hash(
    digest: bytes, seller_nip: str, issued_on: date, environment: str = "production"
) -> str:
    """The same from the SHA-256 of the bytes."""
    day = issued_on.strftime("%d-%m-%Y")
    return f"https://{HOSTS[environment]}/invoice/{seller_nip}/{day}/{base64url(digest)}"


def is_code_ii_of(url: str, digest: bytes, seller_nip: str) -> bool:
    """Whether a received KOD II has the form of one and speaks of this document of this seller.

    The signature itself is the Ministry's to confirm.
    """
    found = _SIGNED.fullmatch(url)
    return (
        found is not None
        and found["host"] in HOSTS.values()
        and found["nip"] == seller_nip
        and found["hash"] == base64url(digest)
    )

"""Our keys: files in one folder outside the database, read when they are needed, never shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

SIGNING_KEY = "signing.key"
SIGNING_CERTIFICATE = "signing.crt"
DECRYPTION_KEY = "decryption.key"
FILES = (SIGNING_KEY, SIGNING_CERTIFICATE, DECRYPTION_KEY)


class KeysUnusable(Exception):
    """A file is missing, or is not what its name says. The text names the file, never what is in it."""


@dataclass(frozen=True)
class Keys:
    """What we sign with, and what opens assertions made for us."""

    signing: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate
    decryption: ec.EllipticCurvePrivateKey = field(repr=False)

    def days_left(self, now: datetime | None = None) -> int:
        """Days until our certificate ends; negative afterwards."""
        return (self.certificate.not_valid_after_utc - (now or datetime.now(UTC))).days


def folder() -> Path:
    """Where the files lie: `EBOK_LOGIN_GOV_PL_KEYS`, or `login_gov_pl` in the runtime folder."""
    named = settings.EBOK_LOGIN_GOV_PL_KEYS
    return Path(named) if named else Path(settings.EBOK_RUNTIME_DIR) / "login_gov_pl"


def load() -> Keys:
    """The keys. Raises `KeysUnusable`."""
    certificate = _certificate(folder() / SIGNING_CERTIFICATE)
    signing = _key(folder() / SIGNING_KEY)
    if signing.public_key() != certificate.public_key():
        raise KeysUnusable(f"{SIGNING_CERTIFICATE}, {SIGNING_KEY}")
    return Keys(signing=signing, certificate=certificate, decryption=_key(folder() / DECRYPTION_KEY))


def certificates_in(text: str) -> list[x509.Certificate]:
    """The certificates of a PEM text, one behind the other. Raises `ValueError` for anything else."""
    return x509.load_pem_x509_certificates(text.encode())


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    password = settings.EBOK_LOGIN_GOV_PL_KEY_PASSWORD.encode() or None
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password)
    except (OSError, ValueError, TypeError) as error:
        raise KeysUnusable(path.name) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysUnusable(path.name)
    return key


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeysUnusable(path.name) from error

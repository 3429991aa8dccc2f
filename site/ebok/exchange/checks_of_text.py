"""Numbers and addresses with a form or a checksum of their own: what is right, and how it is spelled.

Each check takes a text that is neither empty nor padded and returns its canonical spelling, or raises
`CellError`. Whether the thing exists is not asked: nothing here needs a network.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.pl import nip, pesel, regon

from ebok.ports.datasets import Check

SHOWN = 60
"""How many characters of a wrong text a sentence quotes."""

HASH_MARK = "hmac:"
"""Precedes a keyed hash in staging and in exports, where the text itself must not stand."""

HASH_OF_NOTHING = "hmac:?"
"""Stands for a text that was refused and must not be kept."""

_HASHED = re.compile(r"hmac:[0-9a-f]{64}")
_SEPARATORS = str.maketrans("", "", " -\u00a0\u2009\u202f\u2007")
_NRB = re.compile(r"[0-9]{26}")
_POSTCODE = re.compile(r"([0-9]{2})[- ]?([0-9]{3})")
_KSEF = re.compile(r"[0-9]{10}-([0-9]{4})([0-9]{2})([0-9]{2})-[0-9A-F]{12}-[0-9A-F]{2}")
_OLD_KSEF = re.compile(r"[0-9]{10}-([0-9]{4})([0-9]{2})([0-9]{2})-[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{2}")
FIRST_OF_KSEF_2 = date(2026, 2, 1)
"""Since then KSeF gives only numbers of 35 characters."""
_E_DELIVERY = re.compile(r"AE:PL-([0-9]{5})-([0-9]{5})-([A-Z]{5})-([0-9]{2})")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PHONE_MARKS = str.maketrans("", "", " -()./\u00a0\u2009\u202f\u2011\u2013")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_POLISH_PHONE = re.compile(r"[1-9][0-9]{8}")
_email = EmailValidator()


class CellError(ValueError):
    """A cell cannot be taken as it is; `sentence` says what is wrong and what is expected."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def shown(text: str) -> str:
    """The text as a sentence quotes it: on one line, shortened, without unprintable characters."""
    line = "".join(sign if sign.isprintable() else "�" for sign in text[: SHOWN + 1])
    return line[:SHOWN] + "…" if len(line) > SHOWN else line


def check_nip(text: str) -> str:
    """Ten digits."""
    try:
        return nip.validate(text.translate(_SEPARATORS))
    except WrongNumber:
        raise CellError(
            _("“%(text)s” is not a NIP: 10 digits with a right check digit are expected.")
            % {"text": shown(text)}
        ) from None


def check_regon(text: str) -> str:
    """Nine or fourteen digits."""
    try:
        return regon.validate(text.translate(_SEPARATORS))
    except WrongNumber:
        raise CellError(
            _("“%(text)s” is not a REGON: 9 or 14 digits with a right check digit are expected.")
            % {"text": shown(text)}
        ) from None


def check_pesel(text: str) -> str:
    """Eleven digits. The sentence does not quote the text: it may be somebody's with one digit wrong."""
    try:
        return pesel.validate(text.translate(_SEPARATORS))
    except WrongNumber:
        raise CellError(
            _("This is not a PESEL: 11 digits with a right date and check digit are expected.")
        ) from None


def check_nrb(text: str) -> str:
    """Twenty-six digits; `PL` in front is dropped. Modulo 97 as in PN-F 01102 and ISO 13616."""
    digits = text.translate(_SEPARATORS).upper().removeprefix("PL")
    if not _NRB.fullmatch(digits):
        raise CellError(
            _("“%(text)s” is not an account number: 26 digits are expected.") % {"text": shown(text)}
        )
    try:
        iban.validate(f"PL{digits}", check_country=False)
    except WrongNumber:
        raise CellError(
            _("The account number “%(text)s” has wrong check digits: one of its digits is wrong.")
            % {"text": shown(text)}
        ) from None
    return digits


def check_email(text: str) -> str:
    """The address as it was written, its host in lower case."""
    try:
        _email(text)
    except ValidationError:
        raise CellError(
            _("“%(text)s” is not an e-mail address such as jan@example.com.") % {"text": shown(text)}
        ) from None
    name, _at, host = text.rpartition("@")
    return f"{name}@{host.lower()}"


def check_phone(text: str) -> str:
    """`+`, the country and the number without spaces; nine digits are a Polish number."""
    number = text.translate(_PHONE_MARKS)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if _POLISH_PHONE.fullmatch(number):
        number = f"+48{number}"
    elif number.startswith("48") and _POLISH_PHONE.fullmatch(number[2:]):
        number = f"+{number}"
    if not _PHONE.fullmatch(number) or (number.startswith("+48") and not _POLISH_PHONE.fullmatch(number[3:])):
        raise CellError(
            _("“%(text)s” is not a telephone number: 9 digits, or + and the country's number, are expected.")
            % {"text": shown(text)}
        )
    return number


def check_postcode(text: str) -> str:
    """`NN-NNN`."""
    found = _POSTCODE.fullmatch(text)
    if not found:
        raise CellError(_("“%(text)s” is not a postcode such as 00-950.") % {"text": shown(text)})
    return f"{found[1]}-{found[2]}"


def ksef_crc(text: str) -> str:
    """CRC-8 of a KSeF number's first 32 characters: polynomial 0x07, initial value 0, two digits."""
    crc = 0
    for byte in text.encode("ascii"):
        crc ^= byte
        for _bit in range(8):
            crc = (crc << 1 ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return f"{crc:02X}"


class KsefFault(StrEnum):
    """What can be wrong with a KSeF number."""

    FORM = "form"
    DAY = "day"
    PAST_FORM = "past-form"
    CHECK = "check"


def ksef_fault(text: str) -> KsefFault | None:
    """What is wrong with a KSeF number: 35 characters as KSeF writes them, or 36 as KSeF 1.0 did.

    KSeF 1.0 computed the last two digits in a way nobody published, so those are taken as they are.
    """
    old = _OLD_KSEF.fullmatch(text)
    found = old or _KSEF.fullmatch(text)
    if not found:
        return KsefFault.FORM
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return KsefFault.DAY
    if old:
        return None if day < FIRST_OF_KSEF_2 else KsefFault.PAST_FORM
    return None if ksef_crc(text[:32]) == text[33:] else KsefFault.CHECK


def check_ksef_number(text: str) -> str:
    """A number in which `ksef_fault` finds nothing."""
    fault = ksef_fault(text)
    if fault is None:
        return text
    sentences = {
        KsefFault.FORM: _("“%(text)s” is not a KSeF number such as 5265877635-20250826-0100001AF629-AF."),
        KsefFault.DAY: _("The KSeF number “%(text)s” names no day."),
        KsefFault.PAST_FORM: _(
            "The KSeF number “%(text)s” has the form of numbers that KSeF gave before February 2026."
        ),
        KsefFault.CHECK: _(
            "The KSeF number “%(text)s” has a wrong check sum: one of its characters is wrong."
        ),
    }
    raise CellError(sentences[fault] % {"text": shown(text)})


def check_e_delivery(text: str) -> str:
    """`AE:PL-ddddd-ddddd-LLLLL-dd`. A wrong check sum is accepted: see `e_delivery_checksum_holds`."""
    address = text.upper()
    if not _E_DELIVERY.fullmatch(address):
        raise CellError(
            _("“%(text)s” is not an e-Delivery address such as AE:PL-12345-67890-ABCDE-12.")
            % {"text": shown(text)}
        )
    return address


def e_delivery_checksum_holds(address: str) -> bool:
    """Whether the last two digits agree with the rest.

    Addresses in public use are known that do not, so a difference is worth a warning and no more.
    """
    found = _E_DELIVERY.fullmatch(address)
    if not found:
        return False
    letters = sum(ord(letter) for letter in found[3])
    numbers = int(found[1]) + int(found[2])
    return sum(int(digit) for digit in str(abs(letters - numbers))) == int(found[4])


def check_sha256(text: str) -> str:
    """64 hexadecimal digits, lower case."""
    digest = text.lower()
    if not _SHA256.fullmatch(digest):
        raise CellError(
            _("“%(text)s” is not a SHA-256 sum: 64 hexadecimal digits are expected.") % {"text": shown(text)}
        )
    return digest


CHECKS: Mapping[Check, Callable[[str], str]] = {
    Check.NIP: check_nip,
    Check.NRB: check_nrb,
    Check.PESEL: check_pesel,
    Check.REGON: check_regon,
    Check.EMAIL: check_email,
    Check.PHONE: check_phone,
    Check.POSTCODE: check_postcode,
    Check.KSEF_NUMBER: check_ksef_number,
    Check.E_DELIVERY: check_e_delivery,
    Check.SHA256: check_sha256,
}


def keyed_hash(text: str) -> str:
    """HMAC-SHA-256 of a checked text with `EBOK_PESEL_KEY`, 64 hexadecimal digits.

    Equal texts have equal hashes, and nobody without the key can find the text by trying all of them.
    """
    return hmac.new(settings.EBOK_PESEL_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_marked_hash(text: str) -> bool:
    """Whether the text is a keyed hash as staging and exports write it."""
    return _HASHED.fullmatch(text) is not None

"""Opens an encrypted assertion: ECDH-ES and ConcatKDF make a key, which unwraps the key of AES-GCM."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from lxml import etree

from ebok_plugins.login_gov_pl.saml.names import DS, DSIG11, XENC, XENC11, tag
from ebok_plugins.login_gov_pl.saml.parsing import Untrusted, only, text_of

GCM = {f"{XENC11}aes{bits}-gcm" for bits in (128, 192, 256)}
WRAPPING = {f"{XENC}kw-aes{bits}": bits // 8 for bits in (128, 192, 256)}
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    f"{XENC}sha256": hashes.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384,
    f"{XENC}sha512": hashes.SHA512,
}
CURVES = {
    "urn:oid:1.2.840.10045.3.1.7": "secp256r1",
    "urn:oid:1.3.132.0.34": "secp384r1",
    "urn:oid:1.3.132.0.35": "secp521r1",
}
NONCE, TAG = 12, 16
PARTS = ("AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo")


def decrypted(encrypted: etree._Element, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The bytes inside an `EncryptedAssertion`. Raises `Untrusted` for anything but the above.

    Only authenticated encryption is read: what was changed on the way does not open.
    """
    data = only(encrypted, tag(XENC, "EncryptedData"))
    if _algorithm(data) not in GCM:
        raise Untrusted("the assertion is not encrypted with AES-GCM")
    content_key = _content_key(_encrypted_key(encrypted, data), key)
    sealed = _cipher_value(data)
    if len(sealed) <= NONCE + TAG:
        raise Untrusted("the encrypted assertion is too short")
    try:
        # The production node was seen to use a 128-bit key under the name of 256 bits, so the key decides.
        return AESGCM(content_key).decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except (InvalidTag, ValueError) as error:
        raise Untrusted("the encrypted assertion does not open") from error


def _encrypted_key(encrypted: etree._Element, data: etree._Element) -> etree._Element:
    # Both places are in use: inside the data's KeyInfo (the node), and beside the data.
    name = tag(XENC, "EncryptedKey")
    inside = data.findall(f"{tag(DS, 'KeyInfo')}/{name}")
    found = [*inside, *encrypted.findall(name)]
    if len(found) != 1:
        raise Untrusted(f"{len(found)} × EncryptedKey")
    return found[0]


def _content_key(wrapped: etree._Element, key: ec.EllipticCurvePrivateKey) -> bytes:
    length = WRAPPING.get(_algorithm(wrapped))
    if length is None:
        raise Untrusted("the key is not wrapped with AES-KW")
    agreement = only(only(wrapped, tag(DS, "KeyInfo")), tag(XENC, "AgreementMethod"))
    if agreement.get("Algorithm") != f"{XENC11}ECDH-ES":
        raise Untrusted("the key is not agreed on with ECDH-ES")
    secret = key.exchange(ec.ECDH(), _originator(agreement, key))
    value = _cipher_value(wrapped)
    for wrapping_key in _wrapping_keys(agreement, secret, length):
        try:
            return aes_key_unwrap(wrapping_key, value)
        except (InvalidUnwrap, ValueError):
            # AES-KW checks itself, so trying the other spelling costs no safety.
            continue
    raise Untrusted("the key does not unwrap")


def _wrapping_keys(agreement: etree._Element, secret: bytes, length: int) -> Iterator[bytes]:
    method = only(agreement, tag(XENC11, "KeyDerivationMethod"))
    if method.get("Algorithm") != f"{XENC11}ConcatKDF":
        raise Untrusted("the key is not derived with ConcatKDF")
    params = only(method, tag(XENC11, "ConcatKDFParams"))
    digest = DIGESTS.get(only(params, tag(DS, "DigestMethod")).get("Algorithm", ""))
    if digest is None:
        raise Untrusted("ConcatKDF with an unknown digest")
    try:
        parts = [bytes.fromhex(params.get(name, "")) for name in PARTS]
    except ValueError as error:
        raise Untrusted("ConcatKDF with unreadable parameters") from error
    # The node writes four bytes of length before each value (NIST SP 800-56A) and derives from all of it;
    # XML Encryption 1.1 has one byte there that counts padding bits and is left out.
    for other_info in (b"".join(parts), b"".join(part[1:] for part in parts)):
        yield ConcatKDFHash(algorithm=digest(), length=length, otherinfo=other_info).derive(secret)


def _originator(agreement: etree._Element, key: ec.EllipticCurvePrivateKey) -> ec.EllipticCurvePublicKey:
    value = only(only(agreement, tag(XENC, "OriginatorKeyInfo")), tag(DS, "KeyValue"))
    der = value.find(f"./{tag(DSIG11, 'DEREncodedKeyValue')}")
    try:
        if der is not None:
            found = serialization.load_der_public_key(_bytes_of(der))
        else:
            point = only(value, tag(DSIG11, "ECKeyValue"))
            if CURVES.get(only(point, tag(DSIG11, "NamedCurve")).get("URI", "")) != key.curve.name:
                raise Untrusted("the sender's key is on another curve")
            encoded = _bytes_of(only(point, tag(DSIG11, "PublicKey")))
            found = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, encoded)
    except ValueError as error:
        raise Untrusted("the sender's key is no point of the curve") from error
    if not isinstance(found, ec.EllipticCurvePublicKey) or found.curve.name != key.curve.name:
        raise Untrusted("the sender's key is on another curve")
    return found


def _algorithm(element: etree._Element) -> str:
    return only(element, tag(XENC, "EncryptionMethod")).get("Algorithm", "")


def _cipher_value(element: etree._Element) -> bytes:
    return _bytes_of(only(only(element, tag(XENC, "CipherData")), tag(XENC, "CipherValue")))


def _bytes_of(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join(text_of(element).split()), validate=True)
    except binascii.Error as error:
        raise Untrusted("unreadable base64") from error

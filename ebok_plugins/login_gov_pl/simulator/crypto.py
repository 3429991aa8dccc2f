"""Keys, signatures and encryption of the simulated node."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.x509.oid import NameOID
from lxml import etree

DS = "http://www.w3.org/2000/09/xmldsig#"
KW = "http://www.w3.org/2001/04/xmlenc#kw-aes256"


@dataclass(frozen=True)
class Pair:
    """A key on P-256 with a certificate of its own."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        """The key, not encrypted: it protects nothing."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def certificate_pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def new_pair(name: str, *, days: int = 365) -> Pair:
    """A fresh key with a certificate that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return Pair(key, certificate)


def sign(element: etree._Element, pair: Pair) -> None:
    """Sign the element in place with ECDSA, the signature behind its first child (the issuer)."""
    signature = xmlsec.template.create(
        element, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformEcdsaSha256, ns="ds"
    )
    element.insert(1, signature)
    reference = xmlsec.template.add_reference(
        signature, xmlsec.constants.TransformSha256, uri=f"#{element.get('ID')}"
    )
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    xmlsec.tree.add_ids(element, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pair.key_pem, xmlsec.constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(pair.certificate_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def is_signed_by(element: etree._Element, certificate_pem: bytes) -> bool:
    """Whether the holder of the certificate has signed this whole element."""
    signature = element.find(f"{{{DS}}}Signature")
    if signature is None:
        return False
    reference = signature.find(f".//{{{DS}}}Reference")
    if reference is None or reference.get("URI") != f"#{element.get('ID')}":
        return False
    xmlsec.tree.add_ids(element, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate_pem, xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True


def encrypt(
    data: bytes,
    recipient: ec.EllipticCurvePublicKey,
    *,
    node: str,
    audience: str,
    key_bytes: int = 32,
    padded: bool = False,
) -> str:
    """An `EncryptedAssertion` as the node writes it; `padded` spells it as XML Encryption 1.1 does."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    shared = ephemeral.exchange(ec.ECDH(), recipient)
    values = [KW.encode(), node.encode(), audience.encode()]
    derived_from = b"".join(values) if padded else b"".join(_counted(value) for value in values)
    written = [(b"\x00" + value if padded else _counted(value)).hex().upper() for value in values]
    # NIST SP 800-56A, one round: SHA-256 of a counter, the shared secret and the other information.
    wrapping_key = hashlib.sha256(b"\x00\x00\x00\x01" + shared + derived_from).digest()
    content_key, nonce = os.urandom(key_bytes), os.urandom(12)
    point = ephemeral.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return ENCRYPTED.format(
        data_id=secrets.token_hex(8),
        key_id=secrets.token_hex(8),
        kw=KW,
        algorithm=written[0],
        party_u=written[1],
        party_v=written[2],
        point=_text(point),
        wrapped=_text(aes_key_wrap(wrapping_key, content_key)),
        sealed=_text(nonce + AESGCM(content_key).encrypt(nonce, data, None)),
    )


def _counted(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


ENCRYPTED = """<saml2:EncryptedAssertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"\
><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Id="_{data_id}" \
Type="http://www.w3.org/2001/04/xmlenc#Element"\
><xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/\
><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey Id="_{key_id}"\
><xenc:EncryptionMethod Algorithm="{kw}"/><ds:KeyInfo\
><xenc:AgreementMethod Algorithm="http://www.w3.org/2009/xmlenc11#ECDH-ES"\
><xenc11:KeyDerivationMethod xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" \
Algorithm="http://www.w3.org/2009/xmlenc11#ConcatKDF"\
><xenc11:ConcatKDFParams AlgorithmID="{algorithm}" PartyUInfo="{party_u}" PartyVInfo="{party_v}"\
><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/></xenc11:ConcatKDFParams\
></xenc11:KeyDerivationMethod><xenc:OriginatorKeyInfo><ds:KeyValue\
><dsig11:ECKeyValue xmlns:dsig11="http://www.w3.org/2009/xmldsig11#"\
><dsig11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><dsig11:PublicKey>{point}</dsig11:PublicKey\
></dsig11:ECKeyValue></ds:KeyValue></xenc:OriginatorKeyInfo></xenc:AgreementMethod></ds:KeyInfo\
><xenc:CipherData><xenc:CipherValue>{wrapped}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey\
></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{sealed}</xenc:CipherValue></xenc:CipherData\
></xenc:EncryptedData></saml2:EncryptedAssertion>"""

"""Signs what we send and verifies what we get: ECDSA or RSA over exclusive canonical XML."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from ebok_plugins.login_gov_pl.saml.names import DS, ENVELOPED, EXCLUSIVE, SAML, tag
from ebok_plugins.login_gov_pl.saml.parsing import Untrusted, only, parser

SIGNATURE = tag(DS, "Signature")
EXPECTED = SignatureConfiguration(
    location="./",
    signature_methods=frozenset(
        {
            SignatureMethod.ECDSA_SHA256,
            SignatureMethod.ECDSA_SHA384,
            SignatureMethod.ECDSA_SHA512,
            SignatureMethod.RSA_SHA256,
            SignatureMethod.RSA_SHA384,
            SignatureMethod.RSA_SHA512,
        }
    ),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}),
)


def signed(
    message: etree._Element, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> etree._Element:
    """The message with our signature right behind its issuer, where the schema wants it."""
    only(message, tag(SAML, "Issuer")).addnext(etree.Element(SIGNATURE, nsmap={"ds": DS}, Id="placeholder"))
    signer = XMLSigner(
        signature_algorithm="ecdsa-sha256", digest_algorithm="sha256", c14n_algorithm=EXCLUSIVE
    )
    result: etree._Element = signer.sign(
        message,
        key=key,
        cert=[certificate],
        reference_uri=f"#{message.get('ID')}",
        id_attribute="ID",
    )
    return result


def is_signed(element: etree._Element) -> bool:
    """Whether the element carries a signature of its own."""
    return element.find(SIGNATURE) is not None


def verified(element: etree._Element, certificates: Sequence[x509.Certificate]) -> etree._Element:
    """What exactly was signed, parsed anew from the signed bytes; nothing else may be read.

    The signature must be the element's own child, speak of this whole element and nothing else, and be made
    with the key of one of the certificates we hold. What a certificate in the message says counts for
    nothing. Raises `Untrusted`.
    """
    _check_form(element)
    # lxml repeats the namespaces in scope, which an InclusiveNamespaces list may ask for.
    data = etree.tostring(element)
    reasons: list[str] = []
    for certificate in certificates:
        try:
            result = XMLVerifier().verify(
                data, x509_cert=certificate, id_attribute="ID", parser=parser(), expect_config=EXPECTED
            )
        except (SignXMLException, etree.LxmlError, ValueError, TypeError, AttributeError) as error:
            reasons.append(type(error).__name__)
            continue
        assert not isinstance(result, list)
        found = result.signed_xml
        if found is None or found.tag != element.tag or found.get("ID") != element.get("ID"):
            raise Untrusted("the signature is about something else")
        return found
    raise Untrusted(f"the signature is not the node's ({', '.join(reasons) or 'no certificate'})")


def _check_form(element: etree._Element) -> None:
    signature = only(element, SIGNATURE)
    info = only(signature, tag(DS, "SignedInfo"))
    reference = only(info, tag(DS, "Reference"))
    if not element.get("ID") or reference.get("URI") != f"#{element.get('ID')}":
        raise Untrusted("the signature is about something else")
    if only(info, tag(DS, "CanonicalizationMethod")).get("Algorithm") != EXCLUSIVE:
        raise Untrusted("the signature uses another canonical form")
    transforms = only(reference, tag(DS, "Transforms")).findall(tag(DS, "Transform"))
    if [transform.get("Algorithm") for transform in transforms] != [ENVELOPED, EXCLUSIVE]:
        raise Untrusted("the signature leaves something out")

"""What we send to the node: AuthnRequest, ArtifactResolve, LogoutRequest; signed, and in a SOAP envelope."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from ebok_plugins.login_gov_pl.saml.names import (
    ARTIFACT_BINDING,
    ASKED,
    EIDAS,
    LOA,
    SAML,
    SAMLP,
    SOAP,
    UNSPECIFIED,
    URI_NAME,
    tag,
)
from ebok_plugins.login_gov_pl.saml.signatures import signed

NAMESPACES = {"saml2p": SAMLP, "saml2": SAML}


@dataclass(frozen=True)
class Sender:
    """Who we are to the node, and what we sign with."""

    entity_id: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_id() -> str:
    """An id nobody can guess; XML wants it to begin with a letter or an underscore."""
    return f"_{secrets.token_hex(20)}"


def authn_request(
    sender: Sender,
    *,
    request_id: str,
    destination: str,
    return_url: str,
    level: str,
    sp_type: str,
    now: datetime,
) -> bytes:
    """A signed wish to confirm somebody's identity anew, answered by an artifact."""
    message = _message("AuthnRequest", sender, request_id, now)
    message.attrib.update(
        {
            "Destination": destination,
            "AssertionConsumerServiceURL": return_url,
            "ProtocolBinding": ARTIFACT_BINDING,
            "ForceAuthn": "true",
            "IsPassive": "false",
        }
    )
    extensions = etree.SubElement(message, tag(SAMLP, "Extensions"), nsmap={"eidas": EIDAS})
    etree.SubElement(extensions, tag(EIDAS, "SPType")).text = sp_type
    asked = etree.SubElement(extensions, tag(EIDAS, "RequestedAttributes"))
    for friendly, name in ASKED:
        etree.SubElement(
            asked,
            tag(EIDAS, "RequestedAttribute"),
            FriendlyName=friendly,
            Name=name,
            NameFormat=URI_NAME,
            isRequired="true",
        )
    etree.SubElement(message, tag(SAMLP, "NameIDPolicy"), AllowCreate="true", Format=UNSPECIFIED)
    context = etree.SubElement(message, tag(SAMLP, "RequestedAuthnContext"), Comparison="minimum")
    etree.SubElement(context, tag(SAML, "AuthnContextClassRef")).text = f"{LOA}{level}"
    return etree.tostring(
        signed(message, sender.key, sender.certificate), xml_declaration=True, encoding="UTF-8"
    )


def artifact_resolve(
    sender: Sender, *, request_id: str, destination: str, artifact: str, now: datetime
) -> bytes:
    """A signed question what the artifact stands for, in an envelope."""
    message = _message("ArtifactResolve", sender, request_id, now)
    message.set("Destination", destination)
    etree.SubElement(message, tag(SAMLP, "Artifact")).text = artifact
    return _enveloped(signed(message, sender.key, sender.certificate))


def logout_request(
    sender: Sender, *, request_id: str, destination: str, name_id: str, session_index: str, now: datetime
) -> bytes:
    """A signed notice that the person has signed out here, in an envelope."""
    message = _message("LogoutRequest", sender, request_id, now)
    message.set("Destination", destination)
    etree.SubElement(message, tag(SAML, "NameID"), Format=UNSPECIFIED).text = name_id
    if session_index:
        etree.SubElement(message, tag(SAMLP, "SessionIndex")).text = session_index
    return _enveloped(signed(message, sender.key, sender.certificate))


def instant(moment: datetime) -> str:
    """The moment as SAML writes it: UTC, with a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _message(name: str, sender: Sender, request_id: str, now: datetime) -> etree._Element:
    message = etree.Element(
        tag(SAMLP, name), nsmap=NAMESPACES, ID=request_id, Version="2.0", IssueInstant=instant(now)
    )
    etree.SubElement(message, tag(SAML, "Issuer")).text = sender.entity_id
    return message


def _enveloped(message: etree._Element) -> bytes:
    envelope = etree.Element(tag(SOAP, "Envelope"), nsmap={"soap": SOAP})
    etree.SubElement(envelope, tag(SOAP, "Body")).append(message)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")

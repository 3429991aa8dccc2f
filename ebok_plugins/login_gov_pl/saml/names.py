"""Names of SAML, XML signatures and XML encryption."""

from __future__ import annotations

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
EIDAS = "http://eidas.europa.eu/saml-extensions"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DS = "http://www.w3.org/2000/09/xmldsig#"
DSIG11 = "http://www.w3.org/2009/xmldsig11#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"

ARTIFACT_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
URI_NAME = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"

LOA = "http://eidas.europa.eu/LoA/"
LEVELS = ("low", "substantial", "high")
"""Levels of assurance, the weakest first."""

PERSON = "http://eidas.europa.eu/attributes/naturalperson/"
GIVEN_NAME = f"{PERSON}CurrentGivenName"
FAMILY_NAME = f"{PERSON}CurrentFamilyName"
BIRTH = f"{PERSON}DateOfBirth"
IDENTIFIER = f"{PERSON}PersonIdentifier"
"""PESEL."""

ASKED = (
    ("FirstName", GIVEN_NAME),
    ("FamilyName", FAMILY_NAME),
    ("PersonIdentifier", IDENTIFIER),
)
"""What we ask the node for. The date of birth is in the PESEL, so it is not asked for."""


def tag(namespace: str, name: str) -> str:
    """A name as lxml spells it."""
    return f"{{{namespace}}}{name}"

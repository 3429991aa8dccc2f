"""What of the node's answers is believed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from ebok_plugins.login_gov_pl.saml.decryption import decrypted
from ebok_plugins.login_gov_pl.saml.names import (
    BEARER,
    FAMILY_NAME,
    GIVEN_NAME,
    IDENTIFIER,
    LEVELS,
    LOA,
    SAML,
    SAMLP,
    SOAP,
    SUCCESS,
    tag,
)
from ebok_plugins.login_gov_pl.saml.parsing import Untrusted, only, parse, text_of
from ebok_plugins.login_gov_pl.saml.signatures import is_signed, verified

SKEW = timedelta(seconds=90)
"""By how much two clocks may differ."""
LIFE = timedelta(minutes=10)
"""How old an answer may be."""
ARTIFACT_BYTES = 44


@dataclass(frozen=True)
class Expected:
    """What an answer must fit: our question, our names, the node's, and the hour."""

    node: str
    certificates: Sequence[x509.Certificate]
    audience: str
    return_url: str
    request_id: str
    resolve_id: str
    level: str
    now: datetime


@dataclass(frozen=True)
class Proof:
    """Who somebody is, as the node has said it. Only what is used is read."""

    assertion_id: str
    identifier: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    level: str
    name_id: str = field(repr=False)
    session_index: str = field(repr=False)


class Declined(Exception):
    """The node says that nobody was confirmed: broken off, refused, failed."""


def check_artifact(artifact: str, node: str) -> None:
    """Whether the artifact has the form of SAML 2.0 and says that this node made it. Raises `Untrusted`."""
    try:
        raw = base64.b64decode(artifact, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Untrusted("the artifact is no base64") from error
    if len(raw) != ARTIFACT_BYTES or raw[:2] != b"\x00\x04":
        raise Untrusted("the artifact is of another kind")
    source = hashlib.sha1(node.encode(), usedforsecurity=False).digest()
    if not hmac.compare_digest(raw[4:24], source):
        raise Untrusted("the artifact is of another node")


def read_answer(data: bytes, expected: Expected, key: ec.EllipticCurvePrivateKey) -> Proof:
    """Who has been confirmed. Raises `Untrusted` or `Declined`.

    1. One envelope, one ArtifactResponse, one Response in it; the answer to our two questions.
    2. Whatever is signed must be signed by the node; at least the answer or what it wraps must be.
    3. From here on only what was signed is read.
    4. Exactly one assertion, and only an encrypted one.
    5. Its issuer, audience, recipient, question, times and level must fit.
    """
    wrapped = _in_body(parse(data), "ArtifactResponse")
    if wrapped.get("InResponseTo") != expected.resolve_id:
        raise Untrusted("the answer belongs to another question")
    response = only(wrapped, tag(SAMLP, "Response"))
    believed = _believed(wrapped, response, expected.certificates)
    if is_signed(wrapped):
        outer = verified(wrapped, expected.certificates)
        _check_message(outer, expected)
    _check_message(believed, expected)
    if believed.get("InResponseTo") != expected.request_id:
        raise Untrusted("the answer belongs to another question")
    if believed.get("Destination") not in {None, expected.return_url}:
        raise Untrusted("the answer was meant for another address")
    return _proof(_assertion(believed, expected, key), expected)


def read_logout_answer(data: bytes, expected: Expected) -> None:
    """The node has taken note of a sign-out. Raises `Untrusted` or `Declined`."""
    answer = verified(_in_body(parse(data), "LogoutResponse"), expected.certificates)
    if answer.get("InResponseTo") != expected.request_id:
        raise Untrusted("the answer belongs to another question")
    _check_message(answer, expected)


def _in_body(root: etree._Element, name: str) -> etree._Element:
    if root.tag != tag(SOAP, "Envelope"):
        raise Untrusted("the answer has no envelope")
    body = only(root, tag(SOAP, "Body"))
    if len(body) != 1:
        raise Untrusted("the envelope holds more than one answer, or none")
    return only(body, tag(SAMLP, name))


def _believed(
    wrapped: etree._Element, response: etree._Element, certificates: Sequence[x509.Certificate]
) -> etree._Element:
    if is_signed(response):
        return verified(response, certificates)
    if is_signed(wrapped):
        return only(verified(wrapped, certificates), tag(SAMLP, "Response"))
    raise Untrusted("the answer is not signed")


def _check_message(message: etree._Element, expected: Expected) -> None:
    if text_of(only(message, tag(SAML, "Issuer"))) != expected.node:
        raise Untrusted("the answer is of another node")
    issued = _moment(message.get("IssueInstant", ""))
    if not expected.now - LIFE - SKEW <= issued <= expected.now + SKEW:
        raise Untrusted("the answer is too old, or from the future")
    status = only(only(message, tag(SAMLP, "Status")), tag(SAMLP, "StatusCode")).get("Value", "")
    if status != SUCCESS:
        raise Declined(status.rpartition(":")[2])


def _assertion(
    response: etree._Element, expected: Expected, key: ec.EllipticCurvePrivateKey
) -> etree._Element:
    if response.find(tag(SAML, "Assertion")) is not None:
        raise Untrusted("an assertion that is not encrypted")
    assertion = parse(decrypted(only(response, tag(SAML, "EncryptedAssertion")), key))
    if assertion.tag != tag(SAML, "Assertion"):
        raise Untrusted("what was encrypted is no assertion")
    return verified(assertion, expected.certificates) if is_signed(assertion) else assertion


def _proof(assertion: etree._Element, expected: Expected) -> Proof:
    if text_of(only(assertion, tag(SAML, "Issuer"))) != expected.node:
        raise Untrusted("the assertion is of another node")
    subject = only(assertion, tag(SAML, "Subject"))
    _check_confirmation(subject, expected)
    _check_conditions(only(assertion, tag(SAML, "Conditions")), expected)
    statement = only(assertion, tag(SAML, "AuthnStatement"))
    attributes = _attributes(assertion)
    return Proof(
        assertion_id=assertion.get("ID", ""),
        identifier=attributes.get(IDENTIFIER, ""),
        given_name=attributes.get(GIVEN_NAME, ""),
        family_name=attributes.get(FAMILY_NAME, ""),
        level=_level(statement, expected),
        name_id=text_of(only(subject, tag(SAML, "NameID"))),
        session_index=statement.get("SessionIndex", ""),
    )


def _check_confirmation(subject: etree._Element, expected: Expected) -> None:
    confirmation = only(subject, tag(SAML, "SubjectConfirmation"))
    if confirmation.get("Method") != BEARER:
        raise Untrusted("the assertion is confirmed in another way")
    said = only(confirmation, tag(SAML, "SubjectConfirmationData"))
    if said.get("Recipient") != expected.return_url:
        raise Untrusted("the assertion was meant for another address")
    if said.get("InResponseTo") != expected.request_id:
        raise Untrusted("the assertion belongs to another question")
    _check_window(said, expected, needs_end=True)


def _check_conditions(conditions: etree._Element, expected: Expected) -> None:
    _check_window(conditions, expected, needs_end=True)
    for restriction in conditions.findall(tag(SAML, "AudienceRestriction")):
        audiences = {text_of(audience) for audience in restriction.findall(tag(SAML, "Audience"))}
        if expected.audience not in audiences:
            raise Untrusted("the assertion was meant for somebody else")
    if conditions.find(tag(SAML, "AudienceRestriction")) is None:
        raise Untrusted("the assertion does not say for whom it is")


def _check_window(element: etree._Element, expected: Expected, *, needs_end: bool) -> None:
    begins, ends = element.get("NotBefore"), element.get("NotOnOrAfter")
    if begins is not None and expected.now + SKEW < _moment(begins):
        raise Untrusted("the assertion is not valid yet")
    if ends is None and needs_end:
        raise Untrusted("the assertion has no end")
    if ends is not None and expected.now - SKEW >= _moment(ends):
        raise Untrusted("the assertion is no longer valid")


def _level(statement: etree._Element, expected: Expected) -> str:
    context = only(statement, tag(SAML, "AuthnContext"))
    said = text_of(only(context, tag(SAML, "AuthnContextClassRef"))).removeprefix(LOA)
    if said not in LEVELS or LEVELS.index(said) < LEVELS.index(expected.level):
        raise Untrusted("the identity was confirmed at too low a level")
    return said


def _attributes(assertion: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute in only(assertion, tag(SAML, "AttributeStatement")).findall(tag(SAML, "Attribute")):
        name = attribute.get("Name", "")
        if name in found:
            raise Untrusted("an attribute stands twice")
        if name in {IDENTIFIER, GIVEN_NAME, FAMILY_NAME}:
            found[name] = text_of(only(attribute, tag(SAML, "AttributeValue")))
    return found


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Untrusted("an unreadable moment") from error
    if moment.tzinfo is None:
        raise Untrusted("a moment without a zone")
    return moment

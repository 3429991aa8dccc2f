"""The simulated node: takes questions, lets a person be chosen, answers artifacts once."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from ebok_plugins.login_gov_pl.simulator.crypto import Pair, encrypt, is_signed_by, new_pair, sign
from ebok_plugins.login_gov_pl.simulator.people import Citizen

SAML2 = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAML2P = "{urn:oasis:names:tc:SAML:2.0:protocol}"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
FAILED = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
LOA = "http://eidas.europa.eu/LoA/"


class BadQuestion(Exception):
    """What came is not what the node accepts."""


@dataclass(frozen=True)
class Client:
    """A service the node knows, with what it was told in the application."""

    entity_id: str
    certificate_pem: bytes
    encryption_key: ec.EllipticCurvePublicKey


@dataclass(frozen=True)
class Question:
    """An AuthnRequest that was accepted."""

    request_id: str
    return_url: str
    relay: str
    level: str


@dataclass
class Behaviour:
    """How the node answers. The defaults are right; a test changes one of them to attack."""

    assertion: dict[str, str] = field(default_factory=dict)
    """Values that replace those of an honest assertion, by the names in `ASSERTION`."""
    response: dict[str, str] = field(default_factory=dict)
    artifact_response: dict[str, str] = field(default_factory=dict)
    sign_response: Pair | None = None
    sign_artifact_response: Pair | None = None
    sign_assertion: Pair | None = None
    unsigned: tuple[str, ...] = ()
    """Which of "response" and "artifact_response" carry no signature."""
    encrypted_for: ec.EllipticCurvePublicKey | None = None
    plain: bool = False
    """The assertion is sent as it is."""
    key_bytes: int = 32
    padded: bool = False
    rewrite: Callable[[bytes], bytes] | None = None
    """What is done to the finished answer on its way."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Node:
    """Everything the node remembers; `server.py` puts it on the network."""

    def __init__(self, url: str, entity_id: str = "symulator.login.gov.pl") -> None:
        self.url = url
        self.entity_id = entity_id
        self.pair = new_pair(entity_id)
        self.clients: dict[str, Client] = {}
        self.questions: dict[str, Question] = {}
        self.artifacts: dict[str, tuple[Question, Citizen | None]] = {}
        self.signed_out: list[tuple[str, str]] = []
        self.behaviour = Behaviour()

    @property
    def sign_in_url(self) -> str:
        """Where people are sent."""
        return f"{self.url}/login/SingleSignOnService"

    @property
    def artifact_url(self) -> str:
        """Where artifacts are resolved."""
        return f"{self.url}/login-services/idpArtifactResolutionService"

    @property
    def sign_out_url(self) -> str:
        """Where sign-outs are told."""
        return f"{self.url}/login-services/singleLogoutService"

    def take_question(self, encoded: str, relay: str) -> str:
        """Accept an AuthnRequest; returns the name under which it waits. Raises `BadQuestion`."""
        message = _parsed(base64.b64decode(encoded))
        self._check(message, f"{SAML2P}AuthnRequest", self.sign_in_url)
        if message.get("ProtocolBinding") != "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact":
            raise BadQuestion("only the artifact binding is spoken here")
        level = message.findtext(f"{SAML2P}RequestedAuthnContext/{SAML2}AuthnContextClassRef") or ""
        name = secrets.token_urlsafe(16)
        self.questions[name] = Question(
            request_id=str(message.get("ID")),
            return_url=str(message.get("AssertionConsumerServiceURL")),
            relay=relay,
            level=level.removeprefix(LOA),
        )
        return name

    def confirm(self, name: str, citizen: Citizen | None) -> str:
        """The person has been confirmed, or has broken off (None); where the browser goes now."""
        question = self.questions.pop(name, None)
        if question is None:
            raise BadQuestion("nobody asked")
        artifact = self.new_artifact()
        self.artifacts[artifact] = (question, citizen)
        answer = urlencode({"SAMLart": artifact, "RelayState": question.relay})
        return f"{question.return_url}?{answer}"

    def new_artifact(self) -> str:
        """An artifact of type 4: index, the node's name hashed, 20 random bytes."""
        source = hashlib.sha1(self.entity_id.encode(), usedforsecurity=False).digest()
        return base64.b64encode(b"\x00\x04\x00\x00" + source + os.urandom(20)).decode()

    def resolve(self, envelope: bytes) -> bytes:
        """Answer what an artifact stands for, once. Raises `BadQuestion`."""
        message = _of_body(envelope)
        client = self._check(message, f"{SAML2P}ArtifactResolve", self.artifact_url)
        found = self.artifacts.pop(message.findtext(f"{SAML2P}Artifact") or "", None)
        if found is None:
            raise BadQuestion("an artifact nobody got, or one that was used")
        answer = self._answer(client, str(message.get("ID")), *found)
        rewrite = self.behaviour.rewrite
        return rewrite(answer) if rewrite else answer

    def sign_out(self, envelope: bytes) -> bytes:
        """Take note of a sign-out. Raises `BadQuestion`."""
        message = _of_body(envelope)
        self._check(message, f"{SAML2P}LogoutRequest", self.sign_out_url)
        name_id = message.findtext(f"{SAML2}NameID") or ""
        self.signed_out.append((name_id, message.findtext(f"{SAML2P}SessionIndex") or ""))
        answer = _parsed(self._message("LogoutResponse", str(message.get("ID")), {}, "").encode())
        sign(answer, self.pair)
        return _enveloped(answer)

    def _check(self, message: etree._Element, name: str, destination: str) -> Client:
        client = self.clients.get(message.findtext(f"{SAML2}Issuer") or "")
        if message.tag != name or client is None:
            raise BadQuestion("an unknown service, or another kind of question")
        if message.get("Destination") != destination:
            raise BadQuestion("meant for another address")
        if not is_signed_by(message, client.certificate_pem):
            raise BadQuestion("not signed by the service")
        return client

    def _answer(self, client: Client, resolve_id: str, question: Question, citizen: Citizen | None) -> bytes:
        how = self.behaviour
        status = SUCCESS if citizen else FAILED
        inner = self._assertion(client, question, citizen) if citizen else ""
        said = {"status": status, "destination": question.return_url, **how.response}
        response = _parsed(self._message("Response", question.request_id, said, inner).encode())
        if "response" not in how.unsigned:
            sign(response, how.sign_response or self.pair)
        outer = {"status": SUCCESS, **how.artifact_response}
        shell = self._message("ArtifactResponse", resolve_id, outer, "<answer/>")
        answer = _parsed(shell.encode())
        place = answer.find("answer")
        assert place is not None
        answer.replace(place, response)
        if "artifact_response" not in how.unsigned:
            sign(answer, how.sign_artifact_response or self.pair)
        return _enveloped(answer)

    def _assertion(self, client: Client, question: Question, citizen: Citizen) -> str:
        how, now = self.behaviour, self.behaviour.now()
        values = {
            "id": _new_id(),
            "issued": _instant(now),
            "issuer": self.entity_id,
            "name_id": f"{citizen.family_name}-{citizen.identifier[-4:]}",
            "recipient": question.return_url,
            "request": question.request_id,
            "begins": _instant(now - timedelta(seconds=5)),
            "ends": _instant(now + timedelta(minutes=5)),
            "audience": client.entity_id,
            "session": secrets.token_hex(8),
            "level": citizen.level,
            "given": citizen.given_name,
            "family": citizen.family_name,
            "birth": citizen.birth,
            "identifier": citizen.identifier,
            **how.assertion,
        }
        text = ASSERTION.format(**{name: escape(value) for name, value in values.items()})
        if how.sign_assertion:
            assertion = _parsed(text.encode())
            sign(assertion, how.sign_assertion)
            text = etree.tostring(assertion).decode()
        if how.plain:
            return text
        return encrypt(
            text.encode(),
            how.encrypted_for or client.encryption_key,
            node=self.entity_id,
            audience=client.entity_id,
            key_bytes=how.key_bytes,
            padded=how.padded,
        )

    def _message(self, name: str, in_response_to: str, said: dict[str, str], inner: str) -> str:
        values = {
            "id": _new_id(),
            "issued": _instant(self.behaviour.now()),
            "issuer": self.entity_id,
            "request": in_response_to,
            "destination": "",
            "status": SUCCESS,
            **said,
        }
        escaped = {key: escape(value) for key, value in values.items()}
        escaped["destination"] = f' Destination="{escaped["destination"]}"' if escaped["destination"] else ""
        return MESSAGE.format(name=name, inner=inner, **escaped)


def _parsed(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadQuestion("no XML") from error


def _of_body(envelope: bytes) -> etree._Element:
    body = _parsed(envelope).find(f"{SOAP}Body")
    if body is None or len(body) != 1:
        raise BadQuestion("no envelope")
    return body[0]


def _enveloped(message: etree._Element) -> bytes:
    inner = etree.tostring(message)
    head = b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body>'
    return head + inner + b"</soap:Body></soap:Envelope>"


def _new_id() -> str:
    return f"ID-{secrets.token_hex(16)}"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


MESSAGE = """<saml2p:{name} xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" \
xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" InResponseTo="{request}" \
IssueInstant="{issued}" Version="2.0"{destination}><saml2:Issuer>{issuer}</saml2:Issuer>\
<saml2p:Status><saml2p:StatusCode Value="{status}"/></saml2p:Status>{inner}</saml2p:{name}>"""

_ATTRIBUTE = """<saml2:Attribute FriendlyName="{friendly}" \
Name="http://eidas.europa.eu/attributes/naturalperson/{name}" \
NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml2:AttributeValue \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:naturalperson="http://eidas.europa.eu/attributes/naturalperson" \
xsi:type="naturalperson:{name}Type">{value}</saml2:AttributeValue></saml2:Attribute>"""

ASSERTION = (
    """<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" \
IssueInstant="{issued}" Version="2.0"><saml2:Issuer>{issuer}</saml2:Issuer><saml2:Subject><saml2:NameID \
Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">{name_id}</saml2:NameID>\
<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData \
InResponseTo="{request}" NotOnOrAfter="{ends}" Recipient="{recipient}"/></saml2:SubjectConfirmation>\
</saml2:Subject><saml2:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}"><saml2:AudienceRestriction>\
<saml2:Audience>{audience}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>\
<saml2:AuthnStatement AuthnInstant="{issued}" SessionIndex="{session}"><saml2:AuthnContext>\
<saml2:AuthnContextClassRef>http://eidas.europa.eu/LoA/{level}</saml2:AuthnContextClassRef>\
</saml2:AuthnContext></saml2:AuthnStatement><saml2:AttributeStatement>"""
    + _ATTRIBUTE.format(friendly="FirstName", name="CurrentGivenName", value="{given}")
    + _ATTRIBUTE.format(friendly="FamilyName", name="CurrentFamilyName", value="{family}")
    + _ATTRIBUTE.format(friendly="DateOfBirth", name="DateOfBirth", value="{birth}")
    + _ATTRIBUTE.format(friendly="PersonIdentifier", name="PersonIdentifier", value="{identifier}")
    + "</saml2:AttributeStatement></saml2:Assertion>"
)

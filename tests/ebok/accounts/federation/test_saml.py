"""Signing in through a company's SAML 2.0 directory, which stands here in the test and signs with RSA."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree

from ebok.accounts.federation.models import IdentityLink
from ebok.accounts.models import User
from ebok.journal.models import Detail, Event
from ebok.testing.people import person

pytestmark = pytest.mark.django_db
HOST = "ebok.lipowo.example"
IDP = "https://login.firma.example/saml"
SSO = "https://login.firma.example/saml/sso"
ACS = f"http://{HOST}/konto/saml/firma/acs/"
AUDIENCE = f"http://{HOST}/konto/saml/firma/metadata/"
Answer = Callable[..., str]

MESSAGE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" \
xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r" Version="2.0" IssueInstant="{now}" \
Destination="{acs}" InResponseTo="{request}"><saml:Issuer>{idp}</saml:Issuer><samlp:Status><samlp:StatusCode \
Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="_a" Version="2.0" \
IssueInstant="{now}"><saml:Issuer>{idp}</saml:Issuer><saml:Subject><saml:NameID>{name}</saml:NameID>\
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData \
NotOnOrAfter="{ends}" Recipient="{acs}" InResponseTo="{request}"/></saml:SubjectConfirmation></saml:Subject>\
<saml:Conditions NotBefore="{now}" NotOnOrAfter="{ends}"><saml:AudienceRestriction><saml:Audience>{audience}\
</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{now}" \
SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>\
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>\
</saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.3">\
<saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>\
</samlp:Response>"""


class Directory:
    """A key on RSA, its certificate, and what it signs."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login.firma.example")])
        now = datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=9))
            .sign(self.key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
            .decode()
        )

    def answer(self, request: str, *, signed: bool = True, **said: str) -> str:
        """A response as the browser posts it."""
        now = datetime.now(UTC)
        values = {
            "now": f"{now - timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}",
            "ends": f"{now + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
            "acs": ACS,
            "request": request,
            "idp": IDP,
            "audience": AUDIENCE,
            "name": "ewa",
            "email": "ewa@firma.example",
            **said,
        }
        root = etree.fromstring(MESSAGE.format(**values))
        if signed:
            self._sign(root[-1])
        return base64.b64encode(etree.tostring(root)).decode()

    def _sign(self, assertion: etree._Element) -> None:
        exclusive = xmlsec.constants.TransformExclC14N
        signature = xmlsec.template.create(assertion, exclusive, xmlsec.constants.TransformRsaSha256, ns="ds")
        assertion.insert(1, signature)
        reference = xmlsec.template.add_reference(
            signature, xmlsec.constants.TransformSha256, uri=f"#{assertion.get('ID')}"
        )
        xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
        xmlsec.template.add_transform(reference, exclusive)
        xmlsec.tree.add_ids(assertion, ["ID"])
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
        context.sign(signature)


@pytest.fixture
def directory(settings: Any) -> Directory:
    found = Directory()
    advanced = {"strict": True, "want_assertion_signed": True, "want_name_id": True}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "saml": {
            "APPS": [
                {
                    "provider_id": "saml",
                    "name": "Konto firmowe",
                    "client_id": "firma",
                    "settings": {
                        "idp": {"entity_id": IDP, "sso_url": SSO, "x509cert": found.certificate},
                        "verified_email": True,
                        "advanced": advanced,
                    },
                }
            ]
        }
    }
    settings.EBOK_FEDERATION = {
        "saml": {
            "issuer": IDP,
            "match_domains": ["firma.example"],
            "required_domains": [],
            "second_factor": [],
        }
    }
    return found


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST=HOST)


@pytest.fixture
def ewa(db: None) -> User:
    return person("ewa@firma.example")


def question(browser: Client) -> str:
    """The id of the question with which the portal sends people to the directory."""
    begun = browser.post("/konto/tozsamosc/saml/")
    assert begun.status_code == 302
    assert begun["Location"].startswith(f"{SSO}?")
    packed = parse_qs(urlsplit(begun["Location"]).query)["SAMLRequest"][0]
    asked = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    return str(asked.get("ID"))


def come_back(browser: Client, answer: str) -> Any:
    """What the browser posts, and the portal's last answer."""
    posted = browser.post("/konto/saml/firma/acs/", {"SAMLResponse": answer, "RelayState": ""})
    assert posted.status_code == 302
    return browser.get(posted["Location"])


def who(browser: Client) -> str | None:
    return browser.session.get("_auth_user_id")


@pytest.mark.feature("M04", "B10")
def test_a_signed_assertion_signs_in(browser: Client, directory: Directory, ewa: User) -> None:
    assert "Konto firmowe" in browser.get("/konto/login/").content.decode()
    come_back(browser, directory.answer(question(browser)))
    assert who(browser) == str(ewa.pk)
    link = IdentityLink.objects.get()
    assert (link.provider, link.way) == ("saml", "email")
    event = Event.objects.get(kind="accounts.signed_in")
    assert Detail.objects.get(event_id=event.id).payload["methods"] == ["saml"]


def test_our_metadata_can_be_fetched(browser: Client, directory: Directory) -> None:
    metadata = browser.get("/konto/saml/firma/metadata/")
    assert metadata.status_code == 200
    assert ACS.encode() in metadata.content


def test_an_unknown_person_signs_in_by_password_first(
    browser: Client, directory: Directory, ewa: User
) -> None:
    answer = come_back(browser, directory.answer(question(browser), email="inna@gdzie.example", name="inna"))
    assert answer["Location"].startswith("/konto/login/")
    assert who(browser) is None
    assert not IdentityLink.objects.exists()


LIES: dict[str, dict[str, Any]] = {
    "no signature": {"signed": False},
    "another audience": {"audience": "https://inny.example/"},
    "another issuer": {"idp": "https://inny.example/"},
    "another recipient": {"acs": "https://inny.example/"},
    "ended": {"ends": "2020-01-01T00:00:00Z"},
    "another question": {"request": "_inne"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused(browser: Client, directory: Directory, ewa: User, lie: str) -> None:
    asked = question(browser)
    answer = come_back(browser, directory.answer(**{"request": asked, **LIES[lie]}))
    assert answer.status_code == 403
    assert who(browser) is None
    assert not IdentityLink.objects.exists()


def test_another_key_is_refused(browser: Client, directory: Directory, ewa: User) -> None:
    assert come_back(browser, Directory().answer(question(browser))).status_code == 403
    assert who(browser) is None


def test_an_answer_counts_once(browser: Client, directory: Directory, ewa: User) -> None:
    answer = directory.answer(question(browser))
    come_back(browser, answer)
    browser.logout()
    assert come_back(browser, answer).status_code == 403
    assert who(browser) is None


def test_an_answer_belongs_to_the_browser_that_asked(
    browser: Client, directory: Directory, ewa: User
) -> None:
    answer = directory.answer(question(browser))
    thief = Client(HTTP_HOST=HOST)
    assert come_back(thief, answer).status_code == 403
    assert who(thief) is None


@pytest.mark.parametrize("answer", ["", "nie-base64", base64.b64encode(b"<x/>").decode(), "A" * 3000])
def test_rubbish_is_refused(browser: Client, directory: Directory, ewa: User, answer: str) -> None:
    assert come_back(browser, answer).status_code == 403
    assert who(browser) is None

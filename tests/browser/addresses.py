"""What there is to walk: the sitemap, every named address, and one example of each that has parameters.

Nobody keeps a list. Public pages come from sitemap.xml, the rest from the resolver; an address with
parameters gets its example from a link on a walked page.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from django.urls import Resolver404, resolve
from django.utils import translation

from ebok.plugins.registry import registry
from ebok.testing.urls import NamedUrl, named_urls
from tests.browser.demo import LANGUAGES
from tests.browser.signing_in import ROLE_OF_ZONE

NOT_WALKED = {
    "ebok_health": "an answer for machines",
    "account_logout": "ends the session that walks; the journey of signing in covers it",
    "account_who": "a fragment that pages fetch for “signed in as”, no page of its own",
}
"""Named addresses without a page of their own, with the reason."""

NOT_REACHED = {
    "demo_mailbox_item": "the demo has sent nothing when the walk begins",
    "demo_mailbox_html": "what stands in the frame of a letter",
    "demo_mailbox_file": "a file",
    "notifications_phone": "it leads back to the page that shows its forms",
    "notifications_unsubscribe": "its token is in a letter",
    "notifications_sms_receipt": "an answer for the gate of text messages",
    "client:client_zone:message": "the demo town has sent no messages yet",
    "account_identity_start": "leads to another host; tests start a provider of their own",
    "account_identity_return": "where a provider sends people back to",
    "account_identity_unlink": "the demo's people have linked nothing",
    "mfa_edit_webauthn": "the demo's people have no security key",
    "mfa_remove_webauthn": "the demo's people have no security key",
    "openid_connect_login": "leads to another host; tests start a provider of their own",
    "openid_connect_callback": "where a provider sends people back to",
    "saml_login": "leads to another host",
    "saml_acs": "where a provider sends people back to",
    "saml_finish_acs": "where a provider sends people back to",
    "saml_sls": "where a provider sends people back to",
    "saml_metadata": "a file for the provider's directory",
    "client:client_zone:contract_scan": "a file; the demo town's contracts came without scans",
    "account_confirm_email": "its key is in a letter",
    "account_reset_password_from_key": "its key is in a letter",
    "public:e_dokument:sent": "its token belongs to whoever sent the application; a journey looks at it",
    "public:e_dokument:sent_pdf": "its token belongs to whoever sent the application",
    "client:e_faktura:open": "stands in messages about bills",
    "public:client_zone:confirm": "its token is in a letter; a journey looks at it",
    "public:client_zone:recovery": "its token is in a letter",
    "public:client_zone:invitation": "its token is in a letter; a journey looks at it",
    "client:client_zone:claim": "the demo's people owe no proof",
    "client:client_zone:access": "the demo town has no customers; a journey looks at it",
    "client:client_zone:invitation": "the demo town has no customers; a journey looks at it",
    "client:e_faktura:ksef_document": "the demo town has no customers; tests of the pages look at it",
    "client:e_faktura:ksef_xml": "a file; the demo town has no customers",
    "client:e_faktura:ksef_upo": "a file; the demo town has no customers",
    "client:e_faktura:ksef_pdf": "a file; the demo town has no customers",
    "employee:e_faktura:ksef_upo": "a file; the demo town has no confirmations without customers",
    "employee:client_zone:batch": "the demo town has no customers to write to",
    "employee:client_zone:letters_pdf": "a file; the demo town has no customers to write to",
    "employee:client_zone:verify": "the demo's people owe no proof",
    "public:e_odczyt:link": "its token is in a reminder",
    "client:e_odczyt:done": "its key belongs to whoever sent the form",
    "client:e_odczyt:declare": "the demo's first account has a meter everywhere",
    "client:e_odczyt:photo": "a file; the demo's reading came without one",
    "client:e_odczyt:withdraw": "only takes a POST; its page has the button",
    "employee:e_odczyt:photo": "a file; the demo's reading came without one",
    "client:e_odczyt:finding": "the demo town has no customers and so no remote meters",
    "employee:e_odczyt:remote_meter": "the demo town has no customers and so no remote meters",
    "employee:e_odczyt:remote_file": "the demo town has no customers and so no remote readings",
    "employee:e_dokument:attachment": "a file; the demo town's applications came without any",
}
"""Named addresses with parameters that no page links to, with the reason."""

ASKED = (
    "/szukaj/?q=woda",
    "/en/search/?q=water",
    "/awarie/adres/?ulica=Lipowa",
    "/en/outages/adres/?ulica=Lipowa",
)
"""Pages that look another way when they answer a question."""

TREE = "wagtail_serve"
"""Name of every address in the page tree; those that the sitemap leaves out are walked by their links."""

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@dataclass(frozen=True)
class Address:
    """One page to walk: its path, its language, its named address if it has one, and who walks it."""

    path: str
    language: str
    name: str
    role: str


class Links(HTMLParser):
    """Collects the addresses a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the target of a link."""
        target = dict(attrs).get("href")
        if tag == "a" and target:
            self.found.append(target)


class Surveyor:
    """Finds every page of a running demo portal. `cookies` has a Cookie header for each role."""

    def __init__(self, base: str, cookies: dict[str, str]) -> None:
        self.base = base
        self.cookies = cookies
        self.named = {url.name: url for url in named_urls()}
        self.found: dict[str, Address] = {}
        self.texts: dict[str, str] = {}
        """The HTML of each page by its path, as the server sent it."""
        self.examples: set[tuple[str, str]] = set()

    def survey(self) -> list[Address]:
        """All pages, each once, in the order of their paths."""
        asked = (Address(path, language_of(path), "", "") for path in ASKED)
        waiting = [*self._from_sitemap(), *self._from_resolver(), *asked]
        while waiting:
            address = waiting.pop(0)
            if address.path in self.found:
                continue
            page = self._page(address)
            if page is None:
                continue
            self.found[address.path] = address
            self.texts[address.path] = page
            if address.name and self.named[address.name].parameters:
                self.examples.add((address.name, address.language))
            waiting += self._examples_in(page, address)
        return [self.found[path] for path in sorted(self.found)]

    def unreached(self) -> list[str]:
        """Named addresses with parameters of which no example was found in any language."""
        reached = {name for name, _language in self.examples}
        walkable = (url for url in self.named.values() if url.parameters and self._is_walkable(url))
        return sorted(
            url.name for url in walkable if answers_get(url) and url.name not in reached | set(NOT_REACHED)
        )

    def _from_sitemap(self) -> Iterator[Address]:
        with urllib.request.urlopen(f"{self.base}/sitemap.xml", timeout=60) as answer:
            tree = ElementTree.fromstring(answer.read())
        for place in tree.iter(f"{SITEMAP}loc"):
            path = urlsplit(place.text or "").path or "/"
            name = name_of(path)
            yield Address(path, language_of(path), "" if name == TREE else name, "")

    def _from_resolver(self) -> Iterator[Address]:
        for url in self.named.values():
            if url.parameters or not self._is_walkable(url):
                continue
            for language in LANGUAGES:
                with translation.override(language):
                    path = url.path()
                if language == language_of(path):
                    yield Address(path, language, url.name, role_for(url))

    def _is_walkable(self, url: NamedUrl) -> bool:
        # The test process finds the sample plugin too; the demo town does not have it.
        absent = url.plugin and not registry.plugin(url.plugin).name.startswith("ebok_plugins.")
        own = url.zone != "webhooks" and not url.name.startswith("wagtail")
        return own and not absent and url.name not in NOT_WALKED

    def _page(self, address: Address) -> str | None:
        """The page's HTML; None for what is no page: files, feeds, redirects, refusals."""
        request = urllib.request.Request(self.base + address.path, headers=self._headers(address.role))
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(request, timeout=60) as answer:
                if answer.headers.get_content_type() != "text/html":
                    self._note_other(address)
                    return None
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= 500:
                    # Walked all the same, where it is reported with the rest.
                    return ""
            self._note_other(address)
            return None

    def _note_other(self, address: Address) -> None:
        if address.name and self.named[address.name].parameters:
            self.examples.add((address.name, address.language))

    def _headers(self, role: str) -> dict[str, str]:
        return {"Cookie": self.cookies[role]} if role else {}

    def _examples_in(self, page: str, address: Address) -> Iterator[Address]:
        links = Links()
        links.feed(page)
        for target in dict.fromkeys(links.found):
            parts = urlsplit(urljoin(self.base + address.path, target))
            if not self.base.endswith(parts.netloc) or parts.path in self.found:
                continue
            name = name_of(parts.path)
            language = language_of(parts.path)
            if name == TREE:
                yield Address(parts.path, language, "", address.role)
            elif name in self.named and (name, language) not in self.examples:
                url = self.named[name]
                if url.parameters and self._is_walkable(url):
                    yield Address(parts.path, language, name, role_for(url))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer, not a page."""

    def redirect_request(self, *_args: object) -> None:
        """Do not follow."""


def name_of(path: str) -> str:
    """Full name of the address a path resolves to, "" for pages of the tree and unknown paths."""
    with translation.override(language_of(path)):
        try:
            return str(resolve(path).view_name)
        except Resolver404:
            return ""


def language_of(path: str) -> str:
    """The language comes from the address only."""
    return "en" if re.match(r"/en(/|$)", path) else "pl"


def answers_get(url: NamedUrl) -> bool:
    """Whether there is a page to see; a view that only takes POST has none."""
    view = getattr(url.callback, "view_class", None)
    return view is None or (hasattr(view, "get") and "get" in view.http_method_names)


def role_for(url: NamedUrl) -> str:
    """Who walks the address: nobody signed in for public ones."""
    if url.permission and not given_to_employees(url.permission):
        return "administrator"
    if url.zone in registry.zones:
        return ROLE_OF_ZONE.get(url.zone, "administrator")
    return ""


def given_to_employees(name: str) -> bool:
    """Whether every employee has the permission from the start; other pages are the administrator's."""
    declared = [permission for _owner, permission in registry.contributions("permissions")]
    return any(permission.name == name and "Employees" in permission.granted_to for permission in declared)

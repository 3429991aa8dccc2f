"""The simulated node on a free port, and a site that knows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from wagtail.models import Site

from ebok.accounts.federation.models import IdentityLink
from ebok.accounts.models import User
from ebok.journal.models import Event
from ebok.plugins.activation import enable
from ebok_plugins.login_gov_pl.simulator.crypto import Pair, new_pair
from ebok_plugins.login_gov_pl.simulator.node import Node
from ebok_plugins.login_gov_pl.simulator.people import PEOPLE, Citizen
from ebok_plugins.login_gov_pl.simulator.server import running_node
from ebok_plugins.login_gov_pl.testing import introduce, write_keys

START = "/konto/tozsamosc/login_gov_pl.citizen/"
BACK = f"{START}powrot/"
ANNA, JAN, EWA = PEOPLE
STRANGER = new_pair("symulator.login.gov.pl")
"""Somebody who calls themselves the node."""


@dataclass
class World:
    """A node and a portal that know each other."""

    node: Node
    site: Site
    signing: Pair
    decryption: Pair

    def begin(self, client: Client, next_url: str = "") -> dict[str, str]:
        """Press the button in the portal: the form that leads to the node."""
        page = client.post(START, {"next": next_url})
        assert page.status_code == 200, page.content.decode()[:500]
        return form_of(page.content.decode())

    def choose(self, form: dict[str, str], citizen: Citizen | None = ANNA) -> str:
        """Post the form to the node and choose somebody there; the address the browser is sent to."""
        page = requests.post(self.node.sign_in_url, data=form, timeout=10)
        assert page.status_code == 200, page.text
        place = "nobody" if citizen is None else str(PEOPLE.index(citizen))
        chosen = {"question": form_of(page.text)["question"], "person": place}
        answer = requests.post(
            f"{self.node.url}/login/choose", data=chosen, allow_redirects=False, timeout=10
        )
        assert answer.status_code == 303
        return str(answer.headers["Location"])

    def sign_in(self, client: Client, citizen: Citizen | None = ANNA, next_url: str = "") -> Any:
        """The whole way there and back; the portal's last answer."""
        return client.get(self.choose(self.begin(client, next_url), citizen))


def form_of(page: str) -> dict[str, str]:
    """Hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def query_of(address: str) -> dict[str, str]:
    """The address's query."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def node() -> Iterator[Node]:
    """A simulated node."""
    with running_node() as found:
        yield found


@pytest.fixture
def world(utility: Site, node: Node) -> World:
    """The plugin on, and the node introduced."""
    signing, decryption = write_keys()
    introduce(utility, node, signing, decryption)
    enable(utility, "login_gov_pl")
    return World(node, utility, signing, decryption)


@pytest.fixture
def linked(world: World, client_user: Any) -> Callable[[Citizen], Any]:
    """`linked(ANNA)`: the client has agreed that the citizen's identity opens the account."""

    def link(citizen: Citizen) -> Any:
        browser = Client()
        browser.force_login(client_user)
        world.sign_in(browser, citizen)
        assert browser.post("/konto/tozsamosc/polacz/", {"agree": "1"}).status_code == 302
        return client_user

    return link


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def refused(client: Client, answer: Any, before: int = 1) -> bool:
    """A sentence, nobody signed in, no link more than before, and a note in the journal."""
    return (
        answer.status_code == 403
        and "Zacznij jeszcze raz" in answer.content.decode()
        and who(client) is None
        and IdentityLink.objects.count() == before
        and Event.objects.filter(kind="accounts.identity_refused").count() == 1
    )


@pytest.fixture
def anna(linked: Callable[..., User]) -> User:
    """Somebody whose account an attacker would like to have."""
    return linked(ANNA)

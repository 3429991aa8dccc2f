"""A real OpenID provider in a process of its own, and a portal that is told of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from django.test import Client

from tests.processes import free_port

PEOPLE = (
    {"sub": "ewa", "email": "ewa@firma.example", "email_verified": True, "name": "Ewa Nowak"},
    {"sub": "ewa-mfa", "email": "ewa@firma.example", "email_verified": True, "amr": ["pwd", "mfa"]},
    {"sub": "obcy", "email": "ewa@firma.example", "email_verified": False},
    {"sub": "tekst", "email": "ewa@firma.example", "email_verified": "false"},
    {"sub": "gosc", "email": "gosc@gdzie.example", "email_verified": True},
)


@dataclass
class Provider:
    """The running provider, and how a person signs in there."""

    url: str

    def sign_in(self, client: Client, sub: str, next_url: str = "") -> Any:
        """Begin in the portal, sign in at the provider as `sub`, come back; the portal's last answer."""
        begun = client.post("/konto/tozsamosc/oidc/", {"next": next_url})
        assert begun.status_code == 302, begun.content.decode()[:500]
        return client.get(self.authorize(begun["Location"], sub))

    def authorize(self, address: str, sub: str) -> str:
        """Where the provider sends the person back to."""
        assert address.startswith(self.url)
        answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text[:500]
        return str(answer.headers["Location"])


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    """`oidc-provider-mock` on a free port."""
    port = free_port()
    people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        provider = Provider(f"http://localhost:{port}")
        try:
            _wait_for(f"{provider.url}/.well-known/openid-configuration", process)
            yield provider
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        assert process.poll() is None, "The provider has ended."
        try:
            requests.get(url, timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The provider does not answer.")


@pytest.fixture
def configure(settings: Any) -> Callable[..., None]:
    """`configure(url, match_domains=[…])`: the settings an operator would give by the environment."""

    def set_up(issuer: str, **policy: Any) -> None:
        trusted = policy.pop("verified_email", False)
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "oidc",
                        "name": "Konto firmowe",
                        "client_id": "ebok",
                        "secret": "tajne",
                        "settings": {"server_url": issuer, "verified_email": trusted},
                    }
                ],
            }
        }
        nothing = {"match_domains": [], "required_domains": [], "second_factor": ["mfa"]}
        settings.EBOK_FEDERATION = {"oidc": {**nothing, "issuer": issuer, **policy}}

    return set_up


@pytest.fixture
def provider(running_provider: Provider, configure: Callable[..., None]) -> Provider:
    """The provider, with a portal that sends people there and matches nobody by address."""
    configure(running_provider.url)
    return running_provider

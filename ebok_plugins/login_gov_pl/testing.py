"""Sample settings for the contract tests and the sweep: keys of this minute, a node that does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization

from ebok_plugins.login_gov_pl import keys
from ebok_plugins.login_gov_pl.models import LoginGovPlSettings
from ebok_plugins.login_gov_pl.simulator.crypto import Pair, new_pair
from ebok_plugins.login_gov_pl.simulator.node import Client, Node

if TYPE_CHECKING:
    from wagtail.models import Site

    from ebok.testing.samples import SampleWorld

ENTITY_ID = "https://ebok.lipowo.example/"


def write_keys() -> tuple[Pair, Pair]:
    """Fresh keys in the folder of keys: (signing, decryption)."""
    signing, decryption = new_pair(ENTITY_ID), new_pair(ENTITY_ID)
    folder = keys.folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        (keys.SIGNING_KEY, signing.key_pem),
        (keys.SIGNING_CERTIFICATE, signing.certificate_pem),
        (keys.DECRYPTION_KEY, decryption.key_pem),
    ):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
    return signing, decryption


def introduce(site: Site, node: Node, signing: Pair, decryption: Pair) -> LoginGovPlSettings:
    """Let the simulated node and the site know each other."""
    node.clients[ENTITY_ID] = Client(ENTITY_ID, signing.certificate_pem, decryption.key.public_key())
    settings = LoginGovPlSettings.for_site(site)
    settings.entity_id = ENTITY_ID
    settings.node_entity_id = node.entity_id
    settings.sign_in_url, settings.artifact_url = node.sign_in_url, node.artifact_url
    settings.sign_out_url = node.sign_out_url
    settings.node_certificates = node.pair.certificate.public_bytes(serialization.Encoding.PEM).decode()
    settings.full_clean()
    settings.save()
    found: LoginGovPlSettings = settings
    return found


def configure(world: SampleWorld) -> None:
    """Settings without which the plugin cannot be switched on."""
    # Port 9 is "discard": nobody answers there.
    introduce(world.site, Node("http://127.0.0.1:9"), *write_keys())

"""Answers that somebody has changed on their way, above all XML signature wrapping (XSW)."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from ebok.accounts.models import User
from ebok_plugins.login_gov_pl.simulator.node import Behaviour
from tests.plugins.login_gov_pl.conftest import ANNA, World, refused

pytestmark = pytest.mark.django_db

SAML2P = "{urn:oasis:names:tc:SAML:2.0:protocol}"
SAML2 = "{urn:oasis:names:tc:SAML:2.0:assertion}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
SIGNATURE = f"{DS}Signature"
Rewrite = Callable[[bytes], bytes]


def _changed(change: Callable[[etree._Element], Any]) -> Rewrite:
    def rewrite(data: bytes) -> bytes:
        root = etree.fromstring(data)
        change(root)
        return etree.tostring(root)

    return rewrite


def _response(root: etree._Element) -> etree._Element:
    found = root.find(f".//{SAML2P}Response")
    assert found is not None
    return found


def _forged(root: etree._Element) -> etree._Element:
    """A response of the attacker's own, unsigned."""
    forged = copy.deepcopy(_response(root))
    for place, element in enumerate(forged.iter("*")):
        # Otherwise two elements with one id would give it away.
        for name in {"ID", "Id"} & set(element.attrib):
            element.set(name, f"_podrobiona-{place}")
    signature = forged.find(SIGNATURE)
    assert signature is not None
    forged.remove(signature)
    return forged


def _wrapped_inside(root: etree._Element) -> None:
    """XSW: the signed response hides inside an unsigned one that stands in its place."""
    signed = _response(root)
    forged = _forged(root)
    shell = signed.getparent()
    assert shell is not None
    shell.replace(signed, forged)
    forged.append(signed)


def _moved_signature(root: etree._Element) -> None:
    """XSW: the forged response carries a signature that speaks of another element."""
    signed = _response(root)
    forged = _forged(root)
    forged.insert(1, copy.deepcopy(signed.find(SIGNATURE)))
    shell = signed.getparent()
    assert shell is not None
    shell.replace(signed, forged)
    extensions = etree.SubElement(shell, f"{SAML2P}Extensions")
    extensions.append(signed)


def _second_response(root: etree._Element) -> None:
    _response(root).addprevious(_forged(root))


def _same_id_twice(root: etree._Element) -> None:
    """XSW: which of the two does the signature mean?"""
    signed = _response(root)
    forged = _forged(root)
    forged.set("ID", signed.get("ID", ""))
    forged.insert(1, copy.deepcopy(signed.find(SIGNATURE)))
    shell = signed.getparent()
    assert shell is not None
    shell.replace(signed, forged)
    etree.SubElement(shell, f"{SAML2P}Extensions").append(signed)


def _other_transform(root: etree._Element) -> None:
    """A transform that leaves parts of the response out of what is signed."""
    transform = _response(root).find(f"{SIGNATURE}//{DS}Transform")
    assert transform is not None
    transform.set("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116")


def _whole_document(root: etree._Element) -> None:
    reference = _response(root).find(f"{SIGNATURE}//{DS}Reference")
    assert reference is not None
    reference.set("URI", "")


def _second_assertion(root: etree._Element) -> None:
    encrypted = _response(root).find(f"{SAML2}EncryptedAssertion")
    assert encrypted is not None
    encrypted.addnext(copy.deepcopy(encrypted))


def _stripped(root: etree._Element) -> None:
    for signature in list(root.iter(SIGNATURE)):
        parent = signature.getparent()
        assert parent is not None
        parent.remove(signature)


def _status(root: etree._Element) -> None:
    _response(root).set("Destination", "https://inny.example/")


def _cipher(root: etree._Element) -> None:
    value = list(root.iter("{http://www.w3.org/2001/04/xmlenc#}CipherValue"))[-1]
    raw = bytearray(base64.b64decode(value.text or ""))
    raw[20] ^= 1
    value.text = base64.b64encode(raw).decode()


def _two_bodies(root: etree._Element) -> None:
    root[-1].append(copy.deepcopy(root[-1][0]))


CHANGES: dict[str, Rewrite] = {
    "wrapped inside": _changed(_wrapped_inside),
    "moved signature": _changed(_moved_signature),
    "second response": _changed(_second_response),
    "same id twice": _changed(_same_id_twice),
    "another transform": _changed(_other_transform),
    "signature of the whole document": _changed(_whole_document),
    "second assertion": _changed(_second_assertion),
    "signatures cut out": _changed(_stripped),
    "changed attribute": _changed(_status),
    "changed cipher": _changed(_cipher),
    "two answers": _changed(_two_bodies),
    "no XML": lambda _data: b"404 not found",
    "nothing": lambda _data: b"",
    "a document type": lambda data: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + data,
    "an entity bomb": lambda data: b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + data,
    "a giant": lambda data: data + b" " * 600_000,
    "no envelope": lambda _data: b"<answer/>",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_answer_is_refused(client: Client, world: World, anna: User, name: str) -> None:
    world.node.behaviour.rewrite = CHANGES[name]
    assert refused(client, world.sign_in(client, ANNA))


INNER = [
    "wrapped inside",
    "moved signature",
    "second response",
    "same id twice",
    "another transform",
    "signature of the whole document",
    "second assertion",
    "signatures cut out",
    "changed attribute",
    "changed cipher",
]


@pytest.mark.parametrize("name", INNER)
def test_wrapping_is_refused_also_without_the_outer_signature(
    client: Client, world: World, anna: User, name: str
) -> None:
    """The outer signature must not be the only thing that sees it."""
    world.node.behaviour = Behaviour(unsigned=("artifact_response",), rewrite=CHANGES[name])
    assert refused(client, world.sign_in(client, ANNA))

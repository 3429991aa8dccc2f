"""What an identity is worth, without a database."""

from __future__ import annotations

from typing import Any

import pytest

from ebok.accounts.federation.hashes import personal_number_hash, subject_hash
from ebok.accounts.federation.rules import asserts_second_factor, domain_of, may_match, required_provider
from ebok.exchange.checks_of_text import keyed_hash
from ebok.ports import ProvenIdentity


@pytest.mark.parametrize(
    ("email", "domain"),
    [("a@Firma.Example", "firma.example"), ("a@b@c.pl", "c.pl"), ("a", ""), ("", ""), ("a@", "")],
)
def test_the_domain_stands_behind_the_last_at(email: str, domain: str) -> None:
    assert domain_of(email) == domain


@pytest.mark.parametrize(
    ("email", "verified", "domains", "expected"),
    [
        ("a@firma.example", True, ["firma.example"], True),
        ("a@FIRMA.example", True, ["firma.example"], True),
        ("a@firma.example", False, ["firma.example"], False),
        ("a@firma.example", True, [], False),
        ("a@zla-firma.example", True, ["firma.example"], False),
        ("a@firma.example.zly.pl", True, ["firma.example"], False),
        ("", True, [""], False),
    ],
)
def test_addresses_that_may_find_an_account(
    email: str, verified: bool, domains: list[str], expected: bool
) -> None:
    assert may_match(email, domains, verified=verified) is expected


@pytest.mark.parametrize(
    ("claims", "trusted", "expected"),
    [
        ({"amr": ["pwd", "mfa"]}, ["mfa"], True),
        ({"acr": "loa3"}, ["loa3"], True),
        ({"amr": ["pwd"]}, ["mfa"], False),
        ({"amr": "mfa"}, ["mfa"], False),
        ({"amr": ["mfa"]}, [], False),
        ({}, [""], False),
    ],
)
def test_second_factors_that_count(claims: dict[str, Any], trusted: list[str], expected: bool) -> None:
    assert asserts_second_factor(claims, trusted) is expected


def test_only_named_domains_must_sign_in_elsewhere() -> None:
    policies: dict[str, dict[str, list[str]]] = {
        "oidc": {"required_domains": ["firma.example"]},
        "saml": {"required_domains": []},
    }
    assert required_provider("a@Firma.example", policies) == "oidc"
    assert required_provider("a@inna.example", policies) == ""
    assert required_provider("", policies) == ""


def test_a_personal_number_is_hashed_as_the_kartoteka_hashes_it() -> None:
    assert personal_number_hash("44051401359") == keyed_hash("44051401359")
    assert personal_number_hash("") == ""


def test_a_link_cannot_be_compared_with_the_kartoteka_or_another_issuer() -> None:
    hashes = {
        personal_number_hash("44051401359"),
        subject_hash("a", "", "44051401359"),
        subject_hash("b", "", "44051401359"),
        subject_hash("a", "https://issuer.example", "44051401359"),
    }
    assert len(hashes) == 4


def test_nothing_personal_is_printed() -> None:
    shown = repr(
        ProvenIdentity(subject="44051401359", personal_number="44051401359", ticket={"n": "44051401359"})
    )
    assert "44051401359" not in shown

"""What an identity proven elsewhere is worth here. Pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def domain_of(email: str) -> str:
    """The part behind the last @, in small letters; empty without one."""
    return email.rpartition("@")[2].strip().lower() if "@" in email else ""


def may_match(email: str, domains: Iterable[str], *, verified: bool) -> bool:
    """Whether the deployment lets this address find an account by itself.

    Only an address the provider has verified, of a domain that is named. No names, no matching.
    """
    return verified and bool(domain_of(email)) and domain_of(email) in set(domains)


def asserts_second_factor(claims: Mapping[str, Any], trusted: Iterable[str]) -> bool:
    """Whether the claims `amr` or `acr` hold a value the deployment takes for a second factor."""
    methods = claims.get("amr")
    said = [str(method) for method in methods] if isinstance(methods, list) else []
    said.append(str(claims.get("acr", "")))
    return bool(set(said) & {value for value in trusted if value})


def required_provider(email: str, policies: Mapping[str, Mapping[str, Any]]) -> str:
    """Key of the provider through which people with this address must sign in, or an empty string."""
    domain = domain_of(email)
    return next((key for key, policy in policies.items() if domain in policy["required_domains"]), "")

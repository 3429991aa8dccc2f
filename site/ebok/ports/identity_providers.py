"""Somebody outside who vouches for a person: the national node, a bank, a company's directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrOrPromise as Text
    from wagtail.models import Site

    from ebok.ports.declarations import Setting


class IdentityRefused(Exception):
    """What the provider answered proves nobody. The exception's text is the sentence the person reads."""


class IdentityUnavailable(Exception):
    """The provider does not answer. The exception's text is for the log; people read our own sentence."""


@dataclass(frozen=True, kw_only=True)
class ProvenIdentity:
    """Who somebody is, as an identity provider has proven it in this very moment.

    `subject` is the provider's lasting name of the person; the portal keeps a keyed hash of it only.
    `email` counts only with `email_verified`. `personal_number` (PESEL) lives no longer than the request: the
    portal hashes it at once. `second_factor` says that the provider itself asked for two proofs. `ticket` is
    what the provider wants back when the person signs out; it stays in the session.
    """

    subject: str = field(repr=False)
    name: str = ""
    email: str = ""
    email_verified: bool = False
    personal_number: str = field(default="", repr=False)
    second_factor: bool = False
    ticket: Mapping[str, str] = field(default_factory=dict, repr=False)


@runtime_checkable
class IdentityProvider(Protocol):
    """A way to sign in that a plugin brings in `identity_providers.py`, as objects.

    The portal does the rest: it shows the button where the plugin is on and lacks no setting, asks for
    consent before an identity is linked with an account, signs linked people in and writes the journal.
    A provider never makes an account and never gives access.

    `key` is `<owner>.<name>` and is stored with every link. `method` is the journal's word for the manner of
    signing in ("login.gov.pl"). `consent` names, as a noun phrase, what the portal takes over and keeps.
    """

    key: str
    title: Text
    method: str
    consent: Text

    def missing_settings(self, site: Site) -> Sequence[Setting]:
        """What must be filled in before people can be sent there; empty when all is."""
        ...

    def start(self, request: HttpRequest, return_url: str) -> HttpResponse:
        """The page or the redirect that takes the person there; they come back to `return_url`.

        May raise `IdentityUnavailable`.
        """
        ...

    def finish(self, request: HttpRequest) -> ProvenIdentity:
        """Who has come back. Raises `IdentityRefused` or `IdentityUnavailable`; changes nothing."""
        ...

    def sign_out(self, site: Site, ticket: Mapping[str, str]) -> None:
        """Tell the provider that the person has signed out here. May raise `IdentityUnavailable`."""
        ...

"""The national node as an identity provider of the portal."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import ValidationError
from stdnum.pl import pesel
from wagtail.models import Site

from ebok.ports import IdentityRefused, IdentityUnavailable, ProvenIdentity, Setting
from ebok_plugins.login_gov_pl import back_channel, keys
from ebok_plugins.login_gov_pl.models import LoginGovPlSettings
from ebok_plugins.login_gov_pl.saml import answers, messages
from ebok_plugins.login_gov_pl.saml.answers import Declined, Expected, Proof
from ebok_plugins.login_gov_pl.saml.parsing import Untrusted

logger = logging.getLogger(__name__)

WAITING = "login_gov_pl_requests"
"""Session key: questions that were not answered yet, by their relay state."""
MOST_WAITING = 5
LIVES = 15 * 60
"""Seconds a person has over there."""
REMEMBERED = 60 * 60
"""Seconds for which an assertion counts as used; longer than any is valid."""
TWO_FACTORS = ("substantial", "high")
"""Levels for which eIDAS demands two factors (Implementing Regulation 2015/1502, 2.2.1)."""


class NationalNode:
    """Węzeł Krajowy: AuthnRequest by POST, artifact back, the assertion over the back channel."""

    key = "login_gov_pl.citizen"
    title = gettext_lazy("login.gov.pl")
    method = "login.gov.pl"
    consent = gettext_lazy("my first name, family name and PESEL number")

    def missing_settings(self, site: Site) -> Sequence[Setting]:
        """See `LoginGovPlSettings.missing_settings`."""
        return LoginGovPlSettings.for_site(site).missing_settings()

    def start(self, request: HttpRequest, return_url: str) -> HttpResponse:
        """A page that says what will happen, with a button that posts our question to the node."""
        node, ours = _node(request), _keys()
        request_id, relay = messages.new_id(), secrets.token_urlsafe(24)
        question = messages.authn_request(
            _sender(node, ours),
            request_id=request_id,
            destination=node.sign_in_url,
            return_url=return_url,
            level=node.level,
            sp_type=node.sector,
            now=datetime.now(UTC),
        )
        _remember(request, relay, {"id": request_id, "url": return_url, "at": int(time.time())})
        response = render(
            request,
            "login_gov_pl/go.html",
            {
                "address": node.sign_in_url,
                "question": base64.b64encode(question).decode(),
                "relay": relay,
            },
        )
        # The only form of the portal that leads to another host.
        response._csp_update = {"form-action": [_origin(node.sign_in_url)]}  # type: ignore[attr-defined]
        return response

    def finish(self, request: HttpRequest) -> ProvenIdentity:
        """Who has come back with an artifact."""
        waiting = _take(request, request.GET.get("RelayState", ""))
        if waiting is None:
            raise IdentityRefused(
                _("We did not ask for this answer, or it came too late. Begin again from the sign-in page.")
            )
        try:
            proof = self._resolve(request, request.GET.get("SAMLart", ""), waiting)
        except Untrusted as error:
            logger.warning("An answer of login.gov.pl was refused: %s", error)
            raise IdentityRefused(
                _("The answer of login.gov.pl cannot be trusted. Nothing has changed. Begin again.")
            ) from error
        except Declined as error:
            raise IdentityRefused(
                _("login.gov.pl has not confirmed your identity. You can try again.")
            ) from error
        return _identity(proof)

    def sign_out(self, site: Site, ticket: Mapping[str, str]) -> None:
        """Tell the node, which may sign the person out elsewhere, too."""
        node = LoginGovPlSettings.for_site(site)
        if not node.sign_out_url or not ticket.get("name_id"):
            return
        request_id = messages.new_id()
        notice = messages.logout_request(
            _sender(node, _keys()),
            request_id=request_id,
            destination=node.sign_out_url,
            name_id=ticket["name_id"],
            session_index=ticket.get("session_index", ""),
            now=datetime.now(UTC),
        )
        expected = _expected(node, {"id": request_id, "url": ""}, "")
        try:
            answers.read_logout_answer(back_channel.ask(node.sign_out_url, notice), expected)
        except (Untrusted, Declined) as error:
            raise IdentityUnavailable(f"the sign-out was not accepted: {error}") from error

    def _resolve(self, request: HttpRequest, artifact: str, waiting: Mapping[str, Any]) -> Proof:
        node, ours = _node(request), _keys()
        answers.check_artifact(artifact, node.node_entity_id)
        resolve_id = messages.new_id()
        question = messages.artifact_resolve(
            _sender(node, ours),
            request_id=resolve_id,
            destination=node.artifact_url,
            artifact=artifact,
            now=datetime.now(UTC),
        )
        answer = back_channel.ask(node.artifact_url, question)
        proof = answers.read_answer(answer, _expected(node, waiting, resolve_id), ours.decryption)
        _use_once(proof)
        return proof


def _identity(proof: Proof) -> ProvenIdentity:
    try:
        number = pesel.validate(proof.identifier)
    except ValidationError:
        raise IdentityRefused(
            _("login.gov.pl has confirmed you without a PESEL number, which we need.")
        ) from None
    return ProvenIdentity(
        subject=number,
        personal_number=number,
        name=f"{proof.given_name} {proof.family_name}".strip(),
        second_factor=proof.level in TWO_FACTORS,
        ticket={"name_id": proof.name_id, "session_index": proof.session_index},
    )


def _use_once(proof: Proof) -> None:
    # The shared cache, so that it holds across processes; the artifact itself lives once at the node, too.
    name = hashlib.sha256(proof.assertion_id.encode()).hexdigest()
    if not proof.assertion_id or not cache.add(f"login_gov_pl:{name}", 1, timeout=REMEMBERED):
        raise Untrusted("the assertion was used before")


def _remember(request: HttpRequest, relay: str, question: dict[str, Any]) -> None:
    waiting = {**request.session.get(WAITING, {}), relay: question}
    newest = sorted(waiting.items(), key=lambda item: int(item[1]["at"]))[-MOST_WAITING:]
    request.session[WAITING] = dict(newest)


def _take(request: HttpRequest, relay: str) -> Mapping[str, Any] | None:
    waiting = dict(request.session.get(WAITING, {}))
    found: Mapping[str, Any] | None = waiting.pop(relay, None)
    if found is None:
        return None
    # Used up whatever comes of it.
    request.session[WAITING] = waiting
    return found if time.time() - int(found["at"]) <= LIVES else None


def _node(request: HttpRequest) -> LoginGovPlSettings:
    found: LoginGovPlSettings = LoginGovPlSettings.for_request(request)
    return found


def _keys() -> keys.Keys:
    try:
        return keys.load()
    except keys.KeysUnusable as error:
        raise IdentityUnavailable(f"unusable: {error}") from error


def _sender(node: LoginGovPlSettings, ours: keys.Keys) -> messages.Sender:
    return messages.Sender(entity_id=node.entity_id, key=ours.signing, certificate=ours.certificate)


def _expected(node: LoginGovPlSettings, waiting: Mapping[str, Any], resolve_id: str) -> Expected:
    return Expected(
        node=node.node_entity_id,
        certificates=keys.certificates_in(node.node_certificates),
        audience=node.entity_id,
        return_url=str(waiting["url"]),
        request_id=str(waiting["id"]),
        resolve_id=resolve_id,
        level=node.level,
        now=datetime.now(UTC),
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

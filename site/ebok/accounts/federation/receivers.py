"""Tells the provider when a person who came through it signs out."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from wagtail.models import Site

from ebok.accounts.federation.flow import TICKET
from ebok.plugins.registry import registry

logger = logging.getLogger(__name__)


def connect() -> None:
    """Connect the receiver; called once when Django is ready."""
    user_logged_out.connect(tell_provider, dispatch_uid="ebok-federation-signed-out")


def tell_provider(sender: object, request: HttpRequest | None, user: Any, **_kwargs: Any) -> None:
    """Sign the person out there too. Our own sign-out never waits for it to succeed."""
    noted = request.session.get(TICKET) if request is not None else None
    if not isinstance(noted, dict) or not noted.get("ticket"):
        return
    for _owner, provider in registry.contributions("identity_providers"):
        if provider.key == noted.get("provider"):
            try:
                provider.sign_out(Site.find_for_request(request), noted["ticket"])
            except Exception as error:
                # Whatever goes wrong over there, the person is signed out here.
                logger.warning("%s was not told of a sign-out: %r", provider.key, error)

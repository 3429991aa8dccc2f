"""Letters that go to somebody by the outbox, in the transaction of what they tell of."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import get_language

from ebok.accounts.models import User
from ebok.notifications.addresses import address_of
from ebok.notifications.services import language_of, send
from ebok.plugins.site import site_or_default


def write(
    kind: str,
    *,
    request: HttpRequest | None,
    user: User | None = None,
    email: str = "",
    values: Mapping[str, str] | None = None,
    view: str = "",
    arguments: Mapping[str, object] | None = None,
) -> None:
    """Store a letter of this module; `view` is where its button leads.

    Who has an account reads it in their own language, others in the language of the page.
    """
    site = site_or_default(request)
    language = language_of(user, "" if user is not None else get_language() or "")
    send(
        f"client_zone.{kind}",
        site=site,
        user=user,
        email=email,
        language=language,
        values=values,
        url=address_of(site, view, language=language, **(arguments or {})) if view else "",
    )

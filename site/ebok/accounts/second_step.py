"""The second step of signing in: codes from an application, security keys, recovery codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts import sessions
from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.look.models import ThemeSettings


class PortalMFAAdapter(DefaultMFAAdapter):
    """Codes and keys carry the utility's name, so that people find them in their application."""

    def get_totp_issuer(self) -> str:
        """The short name of the site that is asked."""
        return _site_name(context.request)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom a key is made: this host, by the utility's name."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": _site_name(context.request)}


@dataclass(frozen=True)
class Steps:
    """What a person has set up."""

    has_codes: bool
    keys: int
    recovery_codes_left: int
    has_recovery_codes: bool

    @property
    def any(self) -> bool:
        """Whether signing in asks for a second step."""
        return self.has_codes or self.keys > 0


def steps_of(user: User) -> Steps:
    """What the person has set up; one query."""
    found = list(Authenticator.objects.filter(user=user))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return Steps(
        has_codes=any(one.type == Authenticator.Type.TOTP for one in found),
        keys=sum(one.type == Authenticator.Type.WEBAUTHN for one in found),
        recovery_codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        has_recovery_codes=codes is not None,
    )


def added(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """A person set up a second step; recovery codes come with the first one and are none."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        codes_made(sender, request=request, user=user)
        return
    # Setting it up needed a code or a touch of the key.
    sessions.note_second_step(request, authenticator.type)
    _tell("second_factor_added", _("Second step of signing in added"), request, user, authenticator)


def removed(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """A person took one away."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    if not steps_of(user).any:
        sessions.forget_second_step(request)
    _tell("second_factor_removed", _("Second step of signing in removed"), request, user, authenticator)


def codes_made(sender: object, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A person has new recovery codes; the codes themselves are nobody's business."""
    record(
        "accounts.recovery_codes_made", text=_("Recovery codes made"), actor=user, request=request, obj=user
    )


def failed(sender: object, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """The password was right, the second step was not."""
    record(
        "accounts.sign_in_failed",
        text=_("Failed second step of signing in: %(who)s") % {"who": user.email},
        actor="",
        request=request,
        obj=user,
        payload={"known": True, "shown": user.email, "step": "second"},
    )


def _tell(name: str, text: str, request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    record(
        f"accounts.{name}",
        text=f"{text}: {authenticator.get_type_display()}",
        actor=user,
        request=request,
        obj=user,
        payload={"type": authenticator.type},
    )


def _site_name(request: HttpRequest | None) -> str:
    site = Site.find_for_request(request) if request else None
    return str(ThemeSettings.for_site(site).short_name) if site else "e-BOK"

"""Letters by e-mail about who sees an account."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from ebok.customers.models import Invitation, Scope
from ebok.customers.models.access import SCOPE_FIELDS
from ebok.look.dates import written
from ebok_plugins.client_zone.mailing import send_letter


def invitation(offered: Invitation, token: str, *, request: HttpRequest) -> None:
    """The offer, with its link."""
    who = offered.invited_by.display_name if offered.invited_by else ""
    allowed = [str(Scope(scope).label) for scope in SCOPE_FIELDS if scope in offered.scopes]
    sentences = [
        _("%(who)s invites you as %(role)s to an account in our customer office.")
        % {"who": who, "role": offered.get_role_display()},
        _("You will be able to: %(allowed)s.") % {"allowed": "; ".join(allowed)},
    ]
    if offered.last_day is not None:
        sentences.append(_("The access ends after %(day)s.") % {"day": _day(offered.last_day)})
    until = _day(timezone.localtime(offered.expires_at))
    sentences.append(_("The link works once, until %(day)s.") % {"day": until})
    send_letter(
        offered.email,
        subject=_("%(who)s invites you to an account") % {"who": who},
        sentences=(
            *sentences,
            _("The link works once, until %(day)s.") % {"day": _day(timezone.localtime(offered.expires_at))},
        ),
        action=_("See the invitation"),
        url=request.build_absolute_uri(reverse("public:client_zone:invitation", kwargs={"token": token})),
        closing=_("If you do not know this person, do nothing."),
        request=request,
    )


def accepted(address: str, *, person: str, request: HttpRequest) -> None:
    """Whoever invited hears that the person came."""
    send_letter(
        address,
        subject=_("Your invitation was accepted"),
        sentences=(_("%(person)s sees your account now, as far as you allowed.") % {"person": person},),
        action=_("Who has access"),
        url=request.build_absolute_uri(reverse("client:client_zone:sharing")),
        request=request,
    )


def revoked(address: str, *, code: str, request: HttpRequest) -> None:
    """The person hears that the access has ended."""
    send_letter(
        address,
        subject=_("Your access to an account has ended"),
        sentences=(_("You no longer see the account %(code)s.") % {"code": code},),
        closing=_("Your own account stays as it is. Questions? Ask whoever invited you."),
        request=request,
    )


def resigned(address: str, *, person: str, request: HttpRequest) -> None:
    """The account holders hear that somebody has gone."""
    send_letter(
        address,
        subject=_("Somebody gave up the access to your account"),
        sentences=(_("%(person)s no longer sees your account.") % {"person": person},),
        request=request,
    )


def _day(local: date) -> str:
    return written(local, get_format("DATE_FORMAT"))

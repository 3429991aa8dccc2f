"""Letters by e-mail about who sees an account."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.customers.models import Invitation, Scope
from ebok.customers.models.access import SCOPE_FIELDS
from ebok.look.dates import written
from ebok_plugins.client_zone.writing import write


def invitation(offered: Invitation, token: str, *, request: HttpRequest) -> None:
    """The offer, with its link."""
    ends = ""
    if offered.last_day is not None:
        ends = _("The access ends after %(day)s.") % {"day": _day(offered.last_day)}
    write(
        "invitation",
        request=request,
        email=offered.email,
        values={
            "who": offered.invited_by.display_name if offered.invited_by else "",
            "role": offered.get_role_display(),
            "allowed": "; ".join(
                str(Scope(scope).label) for scope in SCOPE_FIELDS if scope in offered.scopes
            ),
            "ends": ends,
            "day": _day(timezone.localtime(offered.expires_at)),
        },
        view="public:client_zone:invitation",
        arguments={"token": token},
    )


def accepted(inviter: User, *, person: str, request: HttpRequest) -> None:
    """Whoever invited hears that the person came."""
    write(
        "invitation_accepted",
        request=request,
        user=inviter,
        values={"person": person},
        view="client:client_zone:sharing",
    )


def revoked(user: User, *, code: str, request: HttpRequest) -> None:
    """The person hears that the access has ended."""
    write("access_ended", request=request, user=user, values={"code": code})


def resigned(holder: User, *, person: str, request: HttpRequest) -> None:
    """The account holders hear that somebody has gone."""
    write("access_given_up", request=request, user=holder, values={"person": person})


def _day(local: date) -> str:
    return written(local, get_format("DATE_FORMAT"))

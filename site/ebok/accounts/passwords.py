"""How long a password may be used on a site, where a utility insists (B06)."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from ebok.accounts.models import SignInRules, User


def is_due(request: HttpRequest, user: User) -> bool:
    """Whether the password is older than this site allows. People without one have none to change."""
    days = days_allowed(request)
    if not days or not user.has_usable_password():
        return False
    since = user.password_changed_at or user.date_joined
    return since <= timezone.now() - timedelta(days=days)


def days_allowed(request: HttpRequest) -> int:
    """The site's rule; 0 means for ever."""
    try:
        site = Site.find_for_request(request)
    except (DisallowedHost, KeyError):
        # A request made by hand knows no host, and so no site that could insist.
        return 0
    found = SignInRules.objects.filter(site=site).values_list("password_days", flat=True).first()
    return found or 0

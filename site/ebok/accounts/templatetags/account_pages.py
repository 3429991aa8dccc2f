"""`{% account_navigation %}`: the side navigation of the account's pages, in the look of a zone's."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

register = template.Library()

ENTRIES = (
    # name of the page, title, icon, beginnings of names of pages that belong to it
    (
        "account_security",
        _("Security"),
        "shield",
        (
            *("account_security", "account_second_step", "account_change_password", "account_set_password"),
            *("account_password_due", "account_email", "mfa_"),
        ),
    ),
    ("account_profile", _("Details"), "person", ("account_profile",)),
    ("account_sessions", _("Sessions"), "globe", ("account_sessions", "usersessions_")),
    ("account_history", pgettext_lazy("sign-ins", "History"), "clock", ("account_history",)),
    ("account_consents", _("Consents"), "check", ("account_consents",)),
    ("account_identities", _("Linked identities"), "key", ("account_identit",)),
    ("account_home", _("Your places"), "home", ()),
)


@register.inclusion_tag("zones/side_nav.html", takes_context=True)
def account_navigation(context: dict[str, Any]) -> dict[str, Any]:
    """Entries as the zone's shell draws them; the page we are on is marked."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = str(match.url_name or "") if match else ""
    entries = [
        {"url": reverse(page), "title": title, "icon": icon, "is_current": bool(own) and name.startswith(own)}
        for page, title, icon, own in ENTRIES
    ]
    return {"zone": {"title": _("Your account")}, "zone_navigation": entries}

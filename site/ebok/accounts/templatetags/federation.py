"""{% sign_in_ways %}: buttons of the other ways to sign in, where there are any."""

from __future__ import annotations

from typing import Any

from django import template

from ebok.accounts.federation.ways import ways_of

register = template.Library()


@register.inclusion_tag("accounts/federation/ways.html", takes_context=True)
def sign_in_ways(context: dict[str, Any]) -> dict[str, Any]:
    """The buttons; nothing when no other way is configured."""
    request = context["request"]
    return {
        "ways": ways_of(request),
        "next": request.GET.get("next", ""),
        "csrf_token": context.get("csrf_token"),
    }

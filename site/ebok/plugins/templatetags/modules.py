"""The tag library `modules`: addresses of modules that may be off, for templates that belong to none."""

from __future__ import annotations

from django import template
from django.urls import NoReverseMatch, reverse

from ebok.plugins.gate import leads_somewhere

register = template.Library()


@register.simple_tag(takes_context=True)
def module_url(context: template.Context, name: str) -> str:
    """The address of a module's view ("public:client_zone:start"); "" while the module is off or absent."""
    request = context.get("request")
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    return address if request is not None and leads_somewhere(request, address) else ""

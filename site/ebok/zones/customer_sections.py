"""What modules add to the employees' page of one customer (L09)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from ebok.plugins.gate import EnabledPlugins
from ebok.plugins.permissions import allowed
from ebok.plugins.registry import registry
from ebok.ports import CustomerSection
from ebok.zones.cards import DrawnCard

customer_sections: list[CustomerSection] = []


def drawn_sections(request: HttpRequest, customer: Any) -> list[DrawnCard]:
    """Sections of the enabled plugins that this employee may see and that have something to show."""
    enabled = EnabledPlugins.of(request)
    offered = [
        (section.order, f"{owner.key}-{section.key}", section)
        for owner, section in registry.contributions("customer_sections")
        if owner.key in enabled and allowed(request.user, section.permission)
    ]
    drawn = []
    for _order, key, section in sorted(offered, key=lambda found: found[:2]):
        context = section.context(request, customer)
        if context is not None:
            drawn.append(DrawnCard(key, str(section.title), section.template, section.width, context))
    return drawn

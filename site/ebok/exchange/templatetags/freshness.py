"""The tag library `freshness`: how old the data on a page are.

{% load freshness %}
{% data_as_of %}                          Stan na 14 maja, 6:00
{% data_as_of "ledger" "payments" %}      of these datasets
{% stale_warning %}                       a sentence in a frame, or nothing
"""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from ebok.exchange.freshness import Ages, Freshness, ages, freshness

register = template.Library()


@register.inclusion_tag("exchange/parts/as_of.html", takes_context=True)
def data_as_of(context: dict[str, Any], *datasets: str) -> dict[str, Any]:
    """The moment for which the data are true; nothing when none were ever taken over."""
    return {"freshness": _of(context, datasets)}


@register.inclusion_tag("exchange/parts/stale_warning.html", takes_context=True)
def stale_warning(context: dict[str, Any], *datasets: str) -> dict[str, Any]:
    """A warning when the data are older than the limit; nothing when they are fresh."""
    return {"freshness": _of(context, datasets)}


def _of(context: dict[str, Any], datasets: tuple[str, ...]) -> Freshness:
    """Asked once for a request, however often a page shows it and of whatever datasets."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return freshness(None, datasets)
    kept: Ages | None = request.__dict__.get("_ebok_ages")
    if kept is None:
        kept = request.__dict__["_ebok_ages"] = ages()
    return kept.of(datasets)

"""Words and signs for documents of KSeF, which may be in any currency."""

from __future__ import annotations

from decimal import Decimal

from django import template

from ebok_plugins.e_faktura.ksef.view.values import money
from ebok_plugins.e_faktura.models import KsefState

register = template.Library()

_TONES = {
    KsefState.KEPT: "ok",
    KsefState.WAITING: "due",
    KsefState.RECEIVED: "due",
    KsefState.REFUSED: "bad",
    KsefState.PUT_ASIDE: "mute",
}


@register.filter
def in_currency(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency; "–" for none."""
    return "–" if amount is None else money(amount, currency)


@register.filter
def currency_sign(currency: str) -> str:
    """The sign of the złoty, the code of any other currency."""
    return "zł" if currency == "PLN" else currency


@register.filter
def state_tone(state: str) -> str:
    """The tone of a state's tag."""
    return _TONES.get(KsefState(state), "")

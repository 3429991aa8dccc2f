"""Filters for bills: quantities, VAT rates, differences, which meter a line is of."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from ebok.billing.models import InvoiceLine
from ebok.look.templatetags.eb import HARD, money_text
from ebok.look.templatetags.eb import decimal as number

register = template.Library()


@register.filter
def quantity(value: Decimal | None) -> str:
    """As many decimals as there are, none that are zero: "12", "0,5"; "" for none."""
    if value is None:
        return ""
    exponent = value.normalize().as_tuple().exponent
    return str(number(value, max(0, -exponent if isinstance(exponent, int) else 0)))


@register.filter
def vat_rate(rate: str) -> str:
    """ "8 %"; words of the law as they are ("zw", "np"); "–" for none."""
    return f"{rate}{HARD}%" if rate.isdigit() else rate or "–"


@register.filter
def signed(value: Decimal) -> str:
    """A difference in złoty with its sign: "+12,00 zł", "−30,20 zł"."""
    return f"+{money_text(value)}" if value > 0 else str(money_text(value))


@register.filter
def meter_words(line: InvoiceLine) -> str:
    """ "punkt P-1 · licznik 9912 · liczydło 1": what the document says of the place."""
    parts = (
        _("point %(code)s") % {"code": line.point_code} if line.point_code else "",
        _("meter %(number)s") % {"number": line.meter_number} if line.meter_number else "",
        _("register %(number)d") % {"number": line.register} if line.register is not None else "",
    )
    return " · ".join(part for part in parts if part)

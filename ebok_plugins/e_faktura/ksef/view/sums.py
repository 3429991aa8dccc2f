"""Sums by VAT rate: fields P_13_x and P_14_x as one table."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from lxml import etree

from ebok_plugins.e_faktura.ksef.fields import child, children, number, text
from ebok_plugins.e_faktura.ksef.labels import label
from ebok_plugins.e_faktura.ksef.view.parts import NOTHING, Cell, Column, Grid, Row
from ebok_plugins.e_faktura.ksef.view.values import money

RATES = {
    "1": pgettext_lazy("KSeF", "23% or 22%"),
    "2": pgettext_lazy("KSeF", "8% or 7%"),
    "3": "5%",
    "4": pgettext_lazy("KSeF", "lump sum for taxis"),
    "5": pgettext_lazy("KSeF", "special procedure (OSS)"),
    "6_1": pgettext_lazy("KSeF", "0% in the country"),
    "6_2": pgettext_lazy("KSeF", "0% within the EU (WDT)"),
    "6_3": pgettext_lazy("KSeF", "0% for export"),
    "7": pgettext_lazy("KSeF", "exempt from VAT"),
    "8": pgettext_lazy("KSeF", "outside Poland"),
    "9": pgettext_lazy("KSeF", "services of article 100"),
    "10": pgettext_lazy("KSeF", "reverse charge"),
    "11": pgettext_lazy("KSeF", "margin scheme"),
}
_TWO_RATES = {"1": ("23", "22"), "2": ("8", "7")}


def is_sum(field: str) -> bool:
    """Whether the field belongs into this table, and is not to be shown a second time."""
    return field.startswith(("P_13_", "P_14_"))


def sums_of(invoice: etree._Element | None, lines: list[etree._Element], currency: str) -> Grid:
    """A row for each rate; the row's gross is computed, everything else stands in the document."""
    ordered = children(child(invoice, "Zamowienie"), "ZamowienieWiersz")
    used = {text(line, "P_12") for line in lines} | {text(line, "P_12Z") for line in ordered}
    found = [row for rate in RATES if (row := _sums(invoice, rate)) is not None]
    in_zloty = any(row[3] is not None for row in found)
    columns = [
        Column(label("P_12")),
        *(Column(label(field), is_number=True) for field in ("P_11", "P_11Vat", "P_11A")),
    ]
    if in_zloty:
        columns.append(Column(_("VAT in złoty"), is_number=True))
    rows = []
    for rate, net, vat, zloty in found:
        cells = [
            Cell(_rate_name(rate, used)),
            _amount(net, currency),
            _amount(vat, currency),
            _amount(net + (vat or Decimal(0)), currency),
        ]
        rows.append(Row((*cells, _amount(zloty, "PLN")) if in_zloty else tuple(cells)))
    return Grid(_("Sums by VAT rate"), tuple(columns), tuple(rows), key="sums")


def _sums(
    invoice: etree._Element | None, rate: str
) -> tuple[str, Decimal, Decimal | None, Decimal | None] | None:
    net, vat = number(invoice, f"P_13_{rate}"), number(invoice, f"P_14_{rate}")
    if net is None and vat is None:
        return None
    return rate, net or Decimal(0), vat, number(invoice, f"P_14_{rate}W")


def _amount(value: Decimal | None, currency: str) -> Cell:
    return NOTHING if value is None else Cell(money(value, currency), is_number=True)


def _rate_name(rate: str, used: set[str]) -> str:
    """The one rate the lines use, where the field is for two."""
    present = [one for one in _TWO_RATES.get(rate, ()) if one in used]
    return f"{present[0]}%" if len(present) == 1 else str(RATES[rate])

"""Values as people read them, by the kind the schema gives the field.

Which field is an amount, a day or a yes is read from the schema itself, so that no field is forgotten.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lxml import etree

from ebok.look.templatetags.eb import HARD, day_short, decimal, hour, nrb
from ebok_plugins.e_faktura.ksef.labels import has_words, word
from ebok_plugins.e_faktura.ksef.schema import FA3, FILES, FOLDER
from ebok_plugins.e_faktura.ksef.view.parts import Cell

_XSD = "{http://www.w3.org/2001/XMLSchema}"
MONEY = "TKwotowy"
PRICE = "TKwotowy2"
NUMBERS = frozenset({"TIlosci"})
WHOLE = frozenset({"TNaturalny", "integer"})
DAYS = frozenset({"TData", "TDataT", "TDataU"})
MOMENTS = frozenset({"TDataCzas"})
YES = frozenset({"TWybor1"})
YES_OR_NO = frozenset({"TWybor1_2"})
COUNTRIES = frozenset({"TKodKraju", "TKodyKrajowUE"})
_OWN_KINDS = {"DataWytworzeniaFa": "TDataCzas", "JST": "TWybor1_2", "GV": "TWybor1_2", "NrRB": "TNrRB"}
"""Fields whose kind the schema writes inside the field."""
_IN_ZLOTY = frozenset({f"P_14_{rate}W" for rate in range(1, 5)})
_PERCENT = "TProcentowy"
MOST_PLACES = 8


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """The kind of each field that has one of the schema's named kinds."""
    root = etree.parse(FOLDER / FILES[FA3]).getroot()
    found = {
        str(one.get("name")): str(one.get("type")).rpartition(":")[2]
        for one in root.iter(f"{_XSD}element")
        if one.get("name") and one.get("type")
    }
    return {**found, **_OWN_KINDS}


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for file in ("KodyKrajow_v10-0E.xsd", FILES[FA3]):
        for one in etree.parse(FOLDER / file).getroot().iter(f"{_XSD}enumeration"):
            code, name = str(one.get("value")), one.findtext(f".//{_XSD}documentation") or ""
            if len(code) == 2 and code.isupper():
                names.setdefault(code, " ".join(name.split()))
    return names


def cell_of(field: str, text: str, currency: str) -> Cell:
    """The value of a field in words."""
    kind = kinds().get(field, "")
    if has_words(field):
        return Cell(_coded(field, text))
    if kind == MONEY:
        return Cell(money(text, "PLN" if field in _IN_ZLOTY else currency), is_number=True)
    if kind in (PRICE, _PERCENT) or kind in NUMBERS or kind in WHOLE:
        percent = f"{HARD}%" if kind == _PERCENT else ""
        return Cell(number(text, least=2 if kind == PRICE else 0) + percent, is_number=True)
    if kind in YES or kind in YES_OR_NO:
        return Cell(_("yes") if text == "1" else _("no"))
    return Cell(_written(field, kind, text), url=text if field == "LinkDoPlatnosci" else "")


def _written(field: str, kind: str, text: str) -> str:
    if kind in DAYS:
        return day(text)
    if kind in MOMENTS:
        return moment(text)
    if kind in COUNTRIES:
        return country(text)
    if field == "NrRB" and text.isdigit() and len(text) == 26:
        return nrb(text)
    return text


def _coded(field: str, text: str) -> str:
    found = word(field, text)
    return f"{text}%" if found == text and text.isdigit() and field in ("P_12", "P_12Z") else found


def money(text: str | Decimal, currency: str) -> str:
    """An amount with its currency, two decimals."""
    return f"{decimal(text, 2)}{HARD}{'zł' if currency == 'PLN' else currency}"


def number(text: str, least: int = 0) -> str:
    """A number with as many decimals as it has, at least so many; what is none stays as it is."""
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return text
    exponent = exact.as_tuple().exponent
    if not isinstance(exponent, int):
        return text
    return decimal(exact, min(max(least, -exponent), MOST_PLACES))


def day(text: str) -> str:
    """A day as "28.02.2026"; what is none stays as it is."""
    try:
        return day_short(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def moment(text: str) -> str:
    """A day and an hour in local time; what is none stays as it is."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{day_short(read)}, {hour(read)}"


def country(code: str) -> str:
    """The country with its code; in other languages than Polish the code alone."""
    if get_language() != "pl":
        return code
    name = _countries().get(code, "")
    return f"{name.capitalize() if name.isupper() else name} ({code})" if name else code


def typed(kind: str, text: str) -> Cell:
    """A cell of an attachment by the kind its issuer gave the column; what does not fit stays as it is."""
    if kind in ("dec", "int"):
        return Cell(number(text), is_number=True)
    if kind == "date":
        return Cell(day(text))
    return Cell(moment(text) if kind == "datetime" else text)

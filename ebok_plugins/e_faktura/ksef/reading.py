"""FA(3): from bytes to an invoice, or to the reasons why it is none. Pure; the bytes are never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from lxml import etree

from ebok_plugins.e_faktura.ksef import guarding
from ebok_plugins.e_faktura.ksef.attachments import blocks_of
from ebok_plugins.e_faktura.ksef.documents import (
    Address,
    BankAccount,
    Charge,
    Corrected,
    Document,
    Line,
    PartPaid,
    Party,
    Payment,
    RateSum,
    Settlement,
)
from ebok_plugins.e_faktura.ksef.fields import child, children, day, flag, local, number, text
from ebok_plugins.e_faktura.ksef.problems import Problem, Refused
from ebok_plugins.e_faktura.ksef.schema import FA3, problems_of

WARSAW = ZoneInfo("Europe/Warsaw")
_ROOT = f"{{{FA3}}}Faktura"
RATES = ("1", "2", "3", "4", "5", "6_1", "6_2", "6_3", "7", "8", "9", "10", "11")
"""In the order of the schema; P_13_<rate> is the net sum, P_14_<rate> its VAT."""


def tree_of(content: bytes) -> etree._Element:
    """The root of a valid FA(3). Raises `Refused` with everything that is wrong."""
    root = guarding.parse(content)
    if root.tag != _ROOT:
        raise Refused(_not_fa3(root))
    if len(content) > guarding.MOST_WITHOUT_ATTACHMENT and child(root, "Zalacznik") is None:
        told = {"size": len(content), "most": guarding.MOST_WITHOUT_ATTACHMENT}
        raise Refused(Problem("no-attachment-size", told))
    found = problems_of(root, FA3)
    if found:
        raise Refused(*found)
    return root


def read(content: bytes) -> Document:
    """The invoice these bytes are. Raises `Refused` with everything that is wrong."""
    return document_of(tree_of(content))


def document_of(root: etree._Element) -> Document:
    """The invoice of a valid tree."""
    head, invoice = _one(root, "Naglowek"), _one(root, "Fa")
    buyer, authorised = _one(root, "Podmiot2"), child(root, "PodmiotUpowazniony")
    notes = _one(invoice, "Adnotacje")
    return Document(
        made_at=_moment(text(head, "DataWytworzeniaFa")),
        system=text(head, "SystemInfo"),
        seller=_party(_one(root, "Podmiot1")),
        buyer=_party(buyer),
        others=tuple(_party(other) for other in children(root, "Podmiot3")),
        authorised=None if authorised is None else _party(authorised),
        concerns_local_government=flag(buyer, "JST"),
        concerns_vat_group=flag(buyer, "GV"),
        kind=text(invoice, "RodzajFaktury"),
        number=text(invoice, "P_2"),
        issued_on=_day(invoice, "P_1"),
        issued_at=text(invoice, "P_1M"),
        sold_on=day(invoice, "P_6"),
        period=_period(invoice),
        currency=text(invoice, "KodWaluty"),
        sums=tuple(_sums(invoice)),
        gross=_amount(invoice, "P_15"),
        is_split_payment=flag(notes, "P_18A"),
        is_margin=flag(_one(notes, "PMarzy"), "P_PMarzy"),
        corrects=tuple(_corrected(one) for one in children(invoice, "DaneFaKorygowanej")),
        correction_reason=text(invoice, "PrzyczynaKorekty"),
        lines=tuple(_line(one) for one in children(invoice, "FaWiersz")),
        ordered=tuple(_ordered(one) for one in children(child(invoice, "Zamowienie"), "ZamowienieWiersz")),
        settlement=_settlement(child(invoice, "Rozliczenie")),
        payment=_payment(child(invoice, "Platnosc")),
        contracts=_contracts(child(invoice, "WarunkiTransakcji")),
        descriptions=tuple(
            (text(one, "Klucz"), text(one, "Wartosc")) for one in children(invoice, "DodatkowyOpis")
        ),
        attachment=blocks_of(root),
    )


def _not_fa3(root: etree._Element) -> Problem:
    form = next((one for one in root.iter() if local(one) == "KodFormularza"), None)
    named = "" if form is None else form.get("kodSystemowy", "")
    if local(root) == "Faktura" and named and named != "FA (3)":
        return Problem("older-form", {"form": named[:40]})
    return Problem("other-form", {"root": str(root.tag)[:120]})


def _one(element: etree._Element, name: str) -> etree._Element:
    """A child the schema demands."""
    found = child(element, name)
    if found is None:
        raise Refused(Problem("schema-missing", {"field": local(element), "expected": [name]}))
    return found


def _amount(element: etree._Element, name: str) -> Decimal:
    return number(element, name) or Decimal(0)


def _day(element: etree._Element, name: str) -> date:
    found = day(element, name)
    if found is None:
        raise Refused(Problem("schema-missing", {"field": local(element), "expected": [name]}))
    return found


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        told = {"field": "DataWytworzeniaFa", "value": written[:40]}
        raise Refused(Problem("schema-type", told)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=WARSAW)


def _party(element: etree._Element) -> Party:
    who, where = _one(element, "DaneIdentyfikacyjne"), child(element, "Adres")
    foreign = " ".join(text(who, name) for name in ("KodUE", "NrVatUE", "KodKraju", "NrID")).split()
    contacts = list(children(element, "DaneKontaktowe"))
    return Party(
        field=local(element),
        name=text(who, "Nazwa"),
        nip=text(who, "NIP"),
        other_number=text(who, "IDWew") or " ".join(foreign),
        has_no_number=flag(who, "BrakID"),
        address=None if where is None else _address(where),
        customer_number=text(element, "NrKlienta"),
        key=text(element, "IDNabywcy"),
        role=text(element, "Rola") or text(element, "RolaPU") or text(element, "OpisRoli"),
        share=number(element, "Udzial"),
        emails=tuple(mail for one in contacts if (mail := text(one, "Email") or text(one, "EmailPU"))),
        phones=tuple(phone for one in contacts if (phone := text(one, "Telefon") or text(one, "TelefonPU"))),
    )


def _address(element: etree._Element) -> Address:
    return Address(
        text(element, "KodKraju"), text(element, "AdresL1"), text(element, "AdresL2"), text(element, "GLN")
    )


def _period(invoice: etree._Element) -> tuple[date, date] | None:
    element = child(invoice, "OkresFa")
    return None if element is None else (_day(element, "P_6_Od"), _day(element, "P_6_Do"))


def _sums(invoice: etree._Element) -> Iterator[RateSum]:
    for rate in RATES:
        net = number(invoice, f"P_13_{rate}")
        if net is not None:
            vat, in_zloty = number(invoice, f"P_14_{rate}"), number(invoice, f"P_14_{rate}W")
            yield RateSum(rate, net, vat, in_zloty)


def _corrected(element: etree._Element) -> Corrected:
    return Corrected(
        number=text(element, "NrFaKorygowanej"),
        issued_on=_day(element, "DataWystFaKorygowanej"),
        ksef_number=text(element, "NrKSeFFaKorygowanej"),
    )


def _line(element: etree._Element) -> Line:
    return Line(
        number=int(text(element, "NrWierszaFa")),
        name=text(element, "P_7"),
        unit=text(element, "P_8A"),
        quantity=number(element, "P_8B"),
        net_price=number(element, "P_9A"),
        gross_price=number(element, "P_9B"),
        net=number(element, "P_11"),
        gross=number(element, "P_11A"),
        vat=number(element, "P_11Vat"),
        rate=text(element, "P_12") or text(element, "P_12_XII"),
        is_before=flag(element, "StanPrzed"),
    )


def _ordered(element: etree._Element) -> Line:
    return Line(
        number=int(text(element, "NrWierszaZam")),
        name=text(element, "P_7Z"),
        unit=text(element, "P_8AZ"),
        quantity=number(element, "P_8BZ"),
        net_price=number(element, "P_9AZ"),
        net=number(element, "P_11NettoZ"),
        vat=number(element, "P_11VatZ"),
        rate=text(element, "P_12Z") or text(element, "P_12Z_XII"),
        is_before=flag(element, "StanPrzedZ"),
    )


def _settlement(element: etree._Element | None) -> Settlement | None:
    if element is None:
        return None

    def listed(name: str) -> tuple[Charge, ...]:
        return tuple(Charge(_amount(one, "Kwota"), text(one, "Powod")) for one in children(element, name))

    return Settlement(
        charges=listed("Obciazenia"),
        deductions=listed("Odliczenia"),
        charges_sum=number(element, "SumaObciazen"),
        deductions_sum=number(element, "SumaOdliczen"),
        to_pay=number(element, "DoZaplaty"),
        overpaid=number(element, "DoRozliczenia"),
    )


def _payment(element: etree._Element | None) -> Payment | None:
    if element is None:
        return None
    terms = list(children(element, "TerminPlatnosci"))
    described = [one for term in terms if (one := child(term, "TerminOpis")) is not None]
    return Payment(
        due_on=tuple(found for term in terms if (found := day(term, "Termin"))),
        due_in_words=tuple(
            " ".join(text(one, name) for name in ("Ilosc", "Jednostka", "ZdarzeniePoczatkowe"))
            for one in described
        ),
        way=text(element, "FormaPlatnosci") or text(element, "OpisPlatnosci"),
        accounts=tuple(_accounts(element)),
        paid_on=day(element, "DataZaplaty"),
        parts=tuple(
            PartPaid(_amount(one, "KwotaZaplatyCzesciowej"), _day(one, "DataZaplatyCzesciowej"))
            for one in children(element, "ZaplataCzesciowa")
        ),
        link=text(element, "LinkDoPlatnosci"),
        identifier=text(element, "IPKSeF"),
    )


def _accounts(element: etree._Element) -> Iterator[BankAccount]:
    for name in ("RachunekBankowy", "RachunekBankowyFaktora"):
        for one in children(element, name):
            yield BankAccount(
                number=text(one, "NrRB"),
                bank=text(one, "NazwaBanku"),
                swift=text(one, "SWIFT"),
                description=text(one, "OpisRachunku"),
                is_of_factor=name == "RachunekBankowyFaktora",
            )


def _contracts(element: etree._Element | None) -> tuple[str, ...]:
    return tuple(found for one in children(element, "Umowy") if (found := text(one, "NrUmowy")))

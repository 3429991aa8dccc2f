"""FA(3) and UPO written for invoices of the mirror, for the demo and for tests.

The portal issues nothing: a real utility's billing system writes its invoices and sends them to KSeF. What is
made here is valid by the Ministry's schemas and names itself as of the Ministry's test environment.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lxml import etree

from ebok.billing.models import Invoice, InvoiceKind, InvoiceLine
from ebok.customers.models import Customer
from ebok_plugins.e_faktura.ksef.schema import FA3, UPO

TEST_ISSUER = "Ministerstwo Finansów - środowisko testowe (TE)"
SYSTEM = "e-BOK demo"
RATES = {"23": "1", "22": "1", "8": "2", "7": "2", "5": "3"}
_KINDS = {InvoiceKind.CORRECTION: "KOR", InvoiceKind.ADVANCE: "ZAL", InvoiceKind.FINAL: "ROZ"}


@dataclass(frozen=True)
class Seller:
    """Who issues the invoice. The schema takes no NIP that begins with zero."""

    nip: str
    name: str
    street: str
    town: str
    account: str = ""


def fa3_of(invoice: Invoice, customer: Customer, lines: Sequence[InvoiceLine], seller: Seller) -> bytes:
    """The bytes of a valid FA(3) of the invoice, with the readings of its lines as an attachment."""
    root = etree.Element(f"{{{FA3}}}Faktura", nsmap={None: FA3})
    head = _add(root, "Naglowek")
    form = _add(head, "KodFormularza", "FA")
    form.set("kodSystemowy", "FA (3)")
    form.set("wersjaSchemy", "1-0E")
    _add(head, "WariantFormularza", "3")
    _add(head, "DataWytworzeniaFa", f"{max(invoice.issued_on.isoformat(), '2025-09-01')}T08:00:00Z")
    _add(head, "SystemInfo", SYSTEM)
    _seller(_add(root, "Podmiot1"), seller)
    _buyer(_add(root, "Podmiot2"), customer)
    _body(_add(root, "Fa"), invoice, lines, seller)
    metered = [line for line in lines if line.meter_number and line.read_to is not None]
    if metered:
        _readings(_add(_add(root, "Zalacznik"), "BlokDanych"), invoice, customer, metered)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def upo_of(
    content: bytes,
    invoice: Invoice,
    number: str,
    moment: datetime,
    *,
    issuer: str = TEST_ISSUER,
) -> bytes:
    """The bytes of a valid UPO of these bytes."""
    root = etree.Element(f"{{{UPO}}}Potwierdzenie", nsmap={None: UPO})
    place = f"{{{UPO}}}"

    def add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
        made = etree.SubElement(parent, f"{place}{name}")
        made.text = text or None
        return made

    digest = hashlib.sha256(content).digest()
    add(root, "NazwaPodmiotuPrzyjmujacego", issuer)
    session = hashlib.sha256(b"session" + digest).hexdigest().upper()
    day = moment.strftime("%Y%m%d")
    add(root, "NumerReferencyjnySesji", f"{day}-SB-{session[:10]}-{session[10:20]}-{session[20:22]}")
    proven = add(root, "Uwierzytelnienie")
    add(add(proven, "IdKontekstu"), "Nip", number[:10])
    add(proven, "SkrotDokumentuUwierzytelniajacego", base64.b64encode(hashlib.sha256(b"x").digest()).decode())
    add(root, "NazwaStrukturyLogicznej", "Schemat_FA(3)_v1-0E.xsd")
    add(root, "KodFormularza", "FA (3)")
    document = add(root, "Dokument")
    add(document, "NipSprzedawcy", number[:10])
    add(document, "NumerKSeFDokumentu", number)
    add(document, "NumerFaktury", invoice.number)
    add(document, "DataWystawieniaFaktury", invoice.issued_on.isoformat())
    add(document, "DataPrzeslaniaDokumentu", moment.isoformat())
    add(document, "DataNadaniaNumeruKSeF", moment.isoformat())
    add(document, "SkrotDokumentu", base64.b64encode(digest).decode())
    add(document, "TrybWysylki", "Online")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    made = etree.SubElement(parent, f"{{{FA3}}}{name}")
    made.text = text or None
    return made


def _seller(party: etree._Element, seller: Seller) -> None:
    who = _add(party, "DaneIdentyfikacyjne")
    _add(who, "NIP", seller.nip)
    _add(who, "Nazwa", seller.name)
    _address(party, seller.street, seller.town)


def _buyer(party: etree._Element, customer: Customer) -> None:
    who = _add(party, "DaneIdentyfikacyjne")
    if customer.nip and not customer.nip.startswith("0"):
        _add(who, "NIP", customer.nip)
    else:
        _add(who, "BrakID", "1")
    _add(who, "Nazwa", customer.name)
    _address(party, customer.address or customer.name)
    _add(party, "NrKlienta", customer.code)
    _add(party, "JST", "2")
    _add(party, "GV", "2")


def _address(party: etree._Element, first: str, second: str = "") -> None:
    address = _add(party, "Adres")
    _add(address, "KodKraju", "PL")
    _add(address, "AdresL1", first or "–")
    if second:
        _add(address, "AdresL2", second)


def _body(body: etree._Element, invoice: Invoice, lines: Sequence[InvoiceLine], seller: Seller) -> None:
    _add(body, "KodWaluty", "PLN")
    _add(body, "P_1", invoice.issued_on.isoformat())
    _add(body, "P_2", invoice.number)
    if invoice.period_from and invoice.period_to:
        period = _add(body, "OkresFa")
        _add(period, "P_6_Od", invoice.period_from.isoformat())
        _add(period, "P_6_Do", invoice.period_to.isoformat())
    _sums(body, invoice, lines)
    _add(body, "P_15", _money(invoice.gross))
    _annotations(_add(body, "Adnotacje"))
    kind = _KINDS.get(InvoiceKind(invoice.kind), "VAT")
    _add(body, "RodzajFaktury", kind)
    if kind == "KOR" and invoice.corrects is not None:
        if invoice.correction_reason:
            _add(body, "PrzyczynaKorekty", invoice.correction_reason)
        corrected = _add(body, "DaneFaKorygowanej")
        _add(corrected, "DataWystFaKorygowanej", invoice.corrects.issued_on.isoformat())
        _add(corrected, "NrFaKorygowanej", invoice.corrects.number)
        if invoice.corrects.ksef_number:
            _add(corrected, "NrKSeF", "1")
            _add(corrected, "NrKSeFFaKorygowanej", invoice.corrects.ksef_number)
        else:
            _add(corrected, "NrKSeFN", "1")
    for line in lines:
        _line(_add(body, "FaWiersz"), line)
    _payment(body, invoice, seller)


def _sums(body: etree._Element, invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    """Sums by rate of the lines; without lines the whole at the rate nobody charges."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in lines:
        field = RATES.get(line.vat_rate, "7")
        sums[field][0] += line.net
        sums[field][1] += line.vat
    if not lines:
        sums["7"][0] += invoice.gross
    for field in sorted(sums):
        net, vat = sums[field]
        _add(body, f"P_13_{field}", _money(net))
        if field != "7":
            _add(body, f"P_14_{field}", _money(vat))


def _annotations(notes: etree._Element) -> None:
    for name in ("P_16", "P_17", "P_18", "P_18A"):
        _add(notes, name, "2")
    _add(_add(notes, "Zwolnienie"), "P_19N", "1")
    _add(_add(notes, "NoweSrodkiTransportu"), "P_22N", "1")
    _add(notes, "P_23", "2")
    _add(_add(notes, "PMarzy"), "P_PMarzyN", "1")


def _line(row: etree._Element, line: InvoiceLine) -> None:
    _add(row, "NrWierszaFa", str(line.position))
    _add(row, "P_7", line.name)
    if line.unit:
        _add(row, "P_8A", line.unit)
    _add(row, "P_8B", _plain(line.quantity))
    _add(row, "P_9A", _plain(line.unit_price))
    _add(row, "P_11", _money(line.net))
    _add(row, "P_11Vat", _money(line.vat))
    _add(row, "P_12", line.vat_rate if line.vat_rate in RATES else "zw")


def _payment(body: etree._Element, invoice: Invoice, seller: Seller) -> None:
    payment = _add(body, "Platnosc")
    if invoice.due_on:
        _add(_add(payment, "TerminPlatnosci"), "Termin", invoice.due_on.isoformat())
    _add(payment, "FormaPlatnosci", "6")
    account = invoice.account or seller.account
    if account:
        _add(_add(payment, "RachunekBankowy"), "NrRB", account)


def _readings(
    block: etree._Element, invoice: Invoice, customer: Customer, lines: Iterable[InvoiceLine]
) -> None:
    _add(block, "ZNaglowek", "Odczyty liczników")
    for key, value in (("Numer klienta", customer.code), ("Faktura", invoice.number)):
        pair = _add(block, "MetaDane")
        _add(pair, "ZKlucz", key)
        _add(pair, "ZWartosc", value)
    table = _add(block, "Tabela")
    _add(table, "Opis", "Odczyty")
    head = _add(table, "TNaglowek")
    columns = (
        ("txt", "Licznik"),
        ("txt", "Punkt"),
        ("date", "Data poprzednia"),
        ("dec", "Wskazanie poprzednie"),
        ("date", "Data bieżąca"),
        ("dec", "Wskazanie bieżące"),
        ("dec", "Zużycie"),
        ("txt", "J. m."),
    )
    for kind, name in columns:
        column = _add(head, "Kol")
        column.set("Typ", kind)
        _add(column, "NKom", name)
    for line in lines:
        cells = (
            line.meter_number,
            line.point_code,
            line.read_from_on.isoformat() if line.read_from_on else "-",
            "-" if line.read_from is None else _plain(line.read_from),
            line.read_to_on.isoformat() if line.read_to_on else "-",
            "-" if line.read_to is None else _plain(line.read_to),
            _plain(line.quantity),
            line.unit,
        )
        row = _add(table, "Wiersz")
        for cell in cells:
            _add(row, "WKom", cell or "-")


def _money(value: Decimal) -> str:
    return f"{value:.2f}"


def _plain(value: Decimal) -> str:
    """Without an exponent and without zeros at the end."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text

"""Everything that stands on the PDF of a bill, as data for the sheet; the same bill gives the same data."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Site

from ebok.billing.models import Invoice, InvoiceLine
from ebok.customers.models import Customer
from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.look.printing import HOUSE
from ebok.look.templatetags.eb import HARD, day_short, day_year, decimal, money_text, nrb, price
from ebok.notifications.addresses import address_of
from ebok_plugins.e_faktura.bill import Bill, Part, Sums, bill_of
from ebok_plugins.e_faktura.checking.addresses import check_address
from ebok_plugins.e_faktura.codes import images, verification
from ebok_plugins.e_faktura.ksef.queries import document_of
from ebok_plugins.e_faktura.listing import usage_text
from ebok_plugins.e_faktura.models import InvoiceSettings, KsefDocument
from ebok_plugins.e_faktura.paying import Payment, account_of, payment_of
from ebok_plugins.e_faktura.states import period_of
from ebok_plugins.e_faktura.templatetags.e_faktura import meter_words, quantity, signed, vat_rate

SHEET = Path(__file__).with_name("bill.typ")
LANGUAGE = "pl"
CERTIFICATE = "CERTYFIKAT"
"""What the Ministry wants below KOD II."""
_DROP = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><path fill="{brand}" d="M20 1.5c9 10.2 15 '
    '16.6 15 23A15 15 0 0 1 5 24.5c0-6.4 6-12.8 15-23z"/><path fill="{on_brand}" d="M10 24.5c3.3-3.2 6.7-3.2 '
    '10 0s6.7 3.2 10 0v3.2c-3.3 3.2-6.7 3.2-10 0s-6.7-3.2-10 0z"/></svg>'
)


def sheet_of(invoice: Invoice, customer: Customer, site: Site) -> dict[str, Any]:
    """The texts and codes of the PDF, in Polish. Names travel as data, never as markup."""
    with translation.override(LANGUAGE):
        organisation, theme = OrganisationSettings.for_site(site), ThemeSettings.for_site(site)
        payment = payment_of(invoice, customer, invoice.gross, site)
        bill, document = bill_of(invoice), document_of(invoice)
        return {
            "language": LANGUAGE,
            "title": _("Bill %(number)s") % {"number": invoice.number},
            "heading": f"{capfirst(str(invoice.get_kind_display()))} {invoice.number}",
            **_head(invoice, customer, organisation, theme),
            **_body(bill),
            **_payment(invoice, payment, organisation),
            "codes": _codes(invoice, customer, payment, document, site),
            "check_words": _check_words(site),
            "ksef_words": _ksef_words(document),
            "notes": _notes(site),
            "footer": f"{theme.short_name} · {invoice.number}",
            "page": _("page"),
        }


def digest_of(sheet: Mapping[str, Any]) -> str:
    """Changes with anything that stands on the PDF, and with the sheet itself."""
    hasher = hashlib.sha256(HOUSE.read_bytes() + SHEET.read_bytes())
    hasher.update(json.dumps(sheet, sort_keys=True, ensure_ascii=False).encode())
    return hasher.hexdigest()


def _head(
    invoice: Invoice, customer: Customer, organisation: OrganisationSettings, theme: ThemeSettings
) -> dict[str, Any]:
    town = f"{organisation.postcode} {organisation.city}".strip()
    nip = _("NIP %(nip)s") % {"nip": organisation.nip} if organisation.nip else ""
    contact = " · ".join(part for part in (organisation.phone, organisation.email) if part)
    facts = [
        (_("Date of issue"), day_year(invoice.issued_on)),
        (_("Date of sale"), day_year(invoice.sold_on)),
        (_("Settlement period"), period_of(invoice)),
        (_("Due date"), day_year(invoice.due_on)),
        (_("Usage"), usage_text(invoice)),
        (_("Corrects"), invoice.corrects.number if invoice.corrects else ""),
        (_("Reason of the correction"), invoice.correction_reason),
    ]
    buyer_nip = _("NIP %(nip)s") % {"nip": customer.nip} if customer.nip else ""
    return {
        "logo": _logo(theme),
        "logo_alt": _("Logo: %(name)s") % {"name": theme.short_name},
        "issuer": [
            line
            for line in (organisation.legal_name or theme.short_name, organisation.street, town, nip, contact)
            if line
        ],
        "buyer_label": _("Buyer"),
        "buyer": [
            line
            for line in (
                customer.name,
                customer.address,
                buyer_nip,
                _("Customer code %(code)s") % {"code": customer.code},
            )
            if line
        ],
        "facts": [[label, value] for label, value in facts if value],
    }


def _body(bill: Bill) -> dict[str, Any]:
    parts = ((_("Charges for usage"), bill.usage), (_("Fixed charges"), bill.fixed))
    return {
        "sections": [_section(title, part) for title, part in parts if part.lines],
        "rates_label": _("Sums by VAT rate"),
        "rates_head": [_("Rate of VAT"), _("Net"), _("VAT"), _("Gross")],
        "rates": [[vat_rate(rate), *_amounts(sums)] for rate, sums in bill.rates],
        "rates_sums": [
            pgettext("sums of a bill", "Together"),
            *_amounts(Sums(bill.invoice.net, bill.invoice.vat, bill.invoice.gross)),
        ],
        "chain_label": _("Bill and its corrections"),
        "chain_head": [
            _("Document number"),
            _("Date of issue"),
            _("Reason of the correction"),
            _("Difference"),
            _("Bill after it"),
        ],
        "chain": [
            [
                link.invoice.number,
                day_short(link.invoice.issued_on),
                link.invoice.correction_reason or "–",
                "–" if link.is_first else signed(link.difference),
                money_text(link.after),
            ]
            # What was issued later does not stand on this document.
            for link in bill.chain
            if (link.invoice.issued_on, link.invoice.pk) <= (bill.invoice.issued_on, bill.invoice.pk)
        ],
    }


def _section(title: str, part: Part) -> dict[str, Any]:
    states = [_("Previous reading"), _("Current reading"), _("Usage")] if part.has_meters else [_("Quantity")]
    blanks = [""] * (len(states) + 1)
    return {
        "title": title,
        "has_meters": part.has_meters,
        "head": [_("What for"), *states, _("Unit price"), _("Net"), _("VAT"), _("Gross")],
        "rows": [_row(line, has_meters=part.has_meters) for line in part.lines],
        "sums": [pgettext("sums of a bill", "Together"), *blanks, *_amounts(part.sums)],
    }


def _row(line: InvoiceLine, *, has_meters: bool) -> list[str]:
    states = []
    if has_meters:
        pairs = ((line.read_from, line.read_from_on), (line.read_to, line.read_to_on))
        states = [
            f"{quantity(value) or '–'}\n{day_short(day) if day else ''}".strip() for value, day in pairs
        ]
    return [
        f"{line.name}\n{meter_words(line)}".strip(),
        *states,
        f"{quantity(line.quantity)}{HARD}{line.unit}".strip(),
        price(line.unit_price),
        decimal(line.net, 2),
        vat_rate(line.vat_rate),
        decimal(line.gross, 2),
    ]


def _amounts(sums: Sums) -> list[str]:
    return [decimal(sums.net, 2), decimal(sums.vat, 2), decimal(sums.gross, 2)]


def _payment(invoice: Invoice, payment: Payment | None, organisation: OrganisationSettings) -> dict[str, Any]:
    if payment is None:
        in_favour = invoice.gross < 0
        return {
            "sum_label": _("Amount of the document"),
            "sum_words": _("You have nothing to pay. We settle the amount in your favour.")
            if in_favour
            else _("You have nothing to pay."),
            "sum": money_text(invoice.gross),
            "pay_label": _("Check of the bill"),
            "pay": [],
            "pay_words": [],
        }
    due = day_year(invoice.due_on)
    words = []
    if not payment.account:
        words = [_("Ask us for the account number; this document has none.")]
    elif payment.is_above_limit:
        words = [
            _("The transfer code has no room for so large an amount. Type it yourself: %(amount)s.")
            % {"amount": money_text(payment.amount)}
        ]
    return {
        "sum_label": _("Amount to pay"),
        "sum_words": _("Due by %(day)s") % {"day": due} if due else "",
        "sum": money_text(payment.amount),
        "pay_label": _("How to pay"),
        "pay": [
            [label, value]
            for label, value in (
                (_("Payee"), payment.payee or organisation.legal_name),
                (pgettext("bank", "Account"), nrb(payment.account)),
                (_("Title of the transfer"), payment.title),
                (_("Amount"), money_text(payment.amount)),
            )
            if value
        ],
        "pay_words": words,
    }


def _check_words(site: Site) -> str:
    return _(
        "Read the code “Is this bill genuine?”, or type the number, the amount and the code of the bill "
        "at %(address)s: we say whether the bill is ours. Compare the account number too."
    ) % {"address": _bare(address_of(site, "public:e_faktura:check"))}


def _bare(address: str) -> str:
    return address.split("://", 1)[-1].split("?", 1)[0].rstrip("/")


def _codes(
    invoice: Invoice, customer: Customer, payment: Payment | None, document: KsefDocument | None, site: Site
) -> list[dict[str, str]]:
    """The square codes: for the bank, for the check of the bill, and those of KSeF."""
    codes = []
    if payment is not None and payment.code:
        words = _("Transfer code: %(payee)s, account %(account)s, %(amount)s, title %(title)s") % {
            "payee": payment.payee,
            "account": nrb(payment.account),
            "amount": money_text(payment.amount),
            "title": payment.title,
        }
        picture = images.svg(payment.code, error="l")
        codes.append(_code(picture, words, _("Transfer in the app of your bank")))
    account = account_of(invoice, customer)
    secret = verification.code_of(invoice, account)
    address = check_address(site, invoice, account, secret)
    words = _("Square code with the address of the check: %(address)s") % {"address": _bare(address)}
    label = _("Is this bill genuine?")
    codes.append(_code(images.svg(address), words, label, verification.grouped(secret)))
    if document is not None and document.code_i_url:
        # What an invoice must carry that is handed over outside of KSeF; never without its very bytes.
        words = _("Code that leads to the check of this invoice in KSeF")
        label = _("The invoice in KSeF")
        codes.append(_code(images.svg(document.code_i_url), words, label, _in_two(document.code_label)))
        if document.code_ii_url:
            words = _("Code of the issuer’s certificate")
            codes.append(_code(images.svg(document.code_ii_url), words, words, CERTIFICATE))
    return codes


def _code(picture: bytes, words: str, label: str, said: str = "") -> dict[str, str]:
    return {"picture": picture.decode(), "alt": words, "label": label, "said": said}


def _in_two(number: str) -> str:
    """A KSeF number in two lines, as wide as its code."""
    nip, day, rest = [*number.split("-", 2), "", ""][:3]
    return f"{nip}-{day}-\n{rest}" if rest else number


def _ksef_words(document: KsefDocument | None) -> str:
    if document is None or not document.code_i_url:
        return ""
    meaning = _("The code of KSeF shows the invoice at the Ministry of Finance.")
    return f"{capfirst(str(document.status.text))}. {document.status.meaning} {meaning}"


def _notes(site: Site) -> list[str]:
    own = InvoiceSettings.for_site(site).pdf_note
    return [line.strip() for line in own.splitlines() if line.strip()]


def _logo(theme: ThemeSettings) -> str:
    """The utility's logo as a drawing that holds it, or the drop in its colours."""
    if theme.logo is not None:
        try:
            rendition = theme.logo.get_rendition("max-600x200|format-png")
            with rendition.file.open("rb") as file:
                picture = base64.b64encode(file.read()).decode()
        except Exception:
            picture = ""
        if picture:
            return (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {rendition.width} {rendition.height}">'
                f'<image width="{rendition.width}" height="{rendition.height}" '
                f'href="data:image/png;base64,{picture}"/></svg>'
            )
    return _DROP.format(brand=theme.brand, on_brand=theme.on_brand)

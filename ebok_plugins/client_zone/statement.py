"""The statement of account as people read it: the period they choose, words, CSV and PDF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from ebok.billing.models import LedgerKind
from ebok.billing.queries import PAYMENT, REVERSAL, Movement, Statement
from ebok.billing.spreading import last_months, month_of, months_before
from ebok.look.forms import DateInput
from ebok.look.models import OrganisationSettings
from ebok.look.printing import pdf_of
from ebok.look.templatetags.eb import day_short, day_year, decimal, money_text
from ebok.ports.spreadsheets import neutralise

EARLIEST = date(1990, 1, 1)
USUAL_MONTHS = 12
MOST_PRINTED = 2_000
"""Lines of a PDF at most, about fifty pages; the table file holds them all."""
SHEET = Path(__file__).parent / "printing" / "statement.typ"

KIND_WORDS = {
    LedgerKind.INVOICE: gettext_lazy("Invoice"),
    LedgerKind.INTEREST: gettext_lazy("Interest"),
    LedgerKind.DEMAND: gettext_lazy("Demand for payment"),
    PAYMENT: gettext_lazy("Payment"),
    REVERSAL: gettext_lazy("Payment taken back"),
}


class PeriodForm(forms.Form):
    """From which day to which; both count."""

    od = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    do = forms.DateField(label=gettext_lazy("To"), widget=DateInput())

    def clean(self) -> dict[str, Any]:
        """In order, and in the time of computers."""
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("od"), data.get("do")
        if since and since < EARLIEST:
            self.add_error("od", _("Choose a day from 1990 on."))
        if since and until and until < since:
            self.add_error("do", _("The last day cannot come before the first one."))
        if until and until > timezone.localdate() + timedelta(days=366):
            self.add_error("do", _("Choose a day no more than a year ahead."))
        return data


def usual_period(today: date) -> tuple[date, date]:
    """The last twelve months, this one included."""
    return last_months(today, USUAL_MONTHS)[0], today


def period_form(asked: QueryDict, today: date) -> PeriodForm:
    """The period in the address; the usual one for what is not there."""
    since, until = usual_period(today)
    return PeriodForm(
        {"od": asked.get("od") or since.isoformat(), "do": asked.get("do") or until.isoformat()},
        use_required_attribute=False,
    )


def shortcuts(today: date) -> list[tuple[Any, date, date]]:
    """Periods people ask for most, with their names."""
    last_month = months_before(month_of(today), 1)
    return [
        (gettext_lazy("Last month"), last_month, month_of(today) - timedelta(days=1)),
        (gettext_lazy("Last 12 months"), *usual_period(today)),
        (gettext_lazy("This year"), date(today.year, 1, 1), today),
        (gettext_lazy("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]


def what(movement: Movement) -> str:
    """What was booked, in one line: "Faktura FV/2026/05/000001"."""
    kind = str(KIND_WORDS.get(movement.kind, ""))
    named = movement.title or movement.document_number
    if movement.kind in (PAYMENT, REVERSAL):
        return f"{kind}: {named}" if named else kind
    return named or kind


def document_of(movement: Movement) -> str:
    """The number a person finds on paper: of the document, else of the entry or payment."""
    return movement.document_number or movement.number


def owed(amount: Decimal) -> str:
    """A balance in words: "do zapłaty 12,00 zł", "nadpłata 5,00 zł", "0,00 zł"."""
    if amount > 0:
        return _("%(amount)s to pay") % {"amount": money_text(amount)}
    if amount < 0:
        return _("%(amount)s overpaid") % {"amount": money_text(-amount)}
    return str(money_text(amount))


def file_name(statement: Statement, ending: str) -> str:
    """Nothing personal but the customer's code."""
    code = "".join(
        sign for sign in statement.customer.code if sign.isascii() and (sign.isalnum() or sign in "-_")
    )
    return f"zestawienie-{code}-{statement.since:%Y%m%d}-{statement.until:%Y%m%d}.{ending}"


# CSV ------------------------------------------------------------------------------------


def as_csv(statement: Statement) -> Iterator[str]:
    """Lines of a file with a byte order mark and semicolons, as Polish spreadsheets expect it.

    Text never becomes a formula; amounts are numbers in the reader's notation.
    """
    yield "\ufeff" + _line([_("Day"), _("What"), _("Document"), _("Charges"), _("Payments"), _("Balance")])
    yield _line([statement.since, _("Opening balance"), "", "", "", statement.opening])
    for movement in statement.movements:
        is_charge = movement.kind not in (PAYMENT, REVERSAL)
        yield _line(
            [
                movement.booked_on,
                what(movement),
                document_of(movement),
                movement.amount if is_charge else "",
                "" if is_charge else movement.amount,
                movement.balance,
            ]
        )
    closing = [statement.until, _("Closing balance"), "", statement.charges, statement.payments]
    yield _line([*closing, statement.closing])


def _line(cells: list[Any]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerow([_cell(cell) for cell in cells])
    return file.getvalue()


def _cell(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", get_format("DECIMAL_SEPARATOR"))
    return cell.isoformat() if isinstance(cell, date) else neutralise(cell)


# PDF ------------------------------------------------------------------------------------


def as_pdf(statement: Statement, site: Site | None, as_of: str) -> bytes:
    """The printed statement in the active language. The caller has seen to `MOST_PRINTED`."""
    customer = statement.customer
    issuer = OrganisationSettings.for_site(site) if site is not None else None
    now = timezone.now()
    data = {
        "title": _("Statement of account"),
        "issuer": _lines_of_issuer(issuer, site),
        "facts": [
            [_("Customer"), f"{customer.name}\n{customer.code}"],
            [_("Period"), f"{day_short(statement.since)} – {day_short(statement.until)}"],
            [_("Made on"), " ".join(filter(None, (day_year(timezone.localdate()), as_of and f"({as_of})")))],
        ],
        "summary": [
            [_("Opening balance"), owed(statement.opening)],
            [_("Charges"), money_text(statement.charges)],
            [_("Payments"), money_text(statement.payments)],
            [_("Closing balance"), owed(statement.closing)],
        ],
        "movements_label": _("What was booked"),
        "header": [_("Day"), _("What"), _("Amount"), _("Balance")],
        "rows": [
            [
                day_short(movement.booked_on),
                f"{what(movement)}\n{_below(movement)}".strip(),
                decimal(movement.amount, 2),
                decimal(movement.balance, 2),
            ]
            for movement in statement.movements
        ],
        "empty": _("Nothing was booked in this period."),
        "meaning": meaning(),
        "footer": f"{customer.code} · {day_short(statement.since)} – {day_short(statement.until)}",
        "page": _("page"),
    }
    return pdf_of(SHEET, data, moment=now)


def meaning() -> str:
    """What a statement is, in words; stands below it everywhere."""
    return _(
        "The statement shows what was booked in the period: invoices, corrections, interest and demands "
        "raise or lower the balance on the day they were booked, payments lower it on the day they came. "
        "An overpayment has no line of its own: it is a payment that has not found its bill yet. "
        "A positive balance is to be paid, a negative one is an overpayment. "
        "Balances of past days are counted back from today's balance."
    )


def _below(movement: Movement) -> str:
    document = document_of(movement)
    return "" if document in what(movement) else document


def _lines_of_issuer(issuer: OrganisationSettings | None, site: Site | None) -> list[str]:
    if issuer is None:
        return []
    town = f"{issuer.postcode} {issuer.city}".strip()
    name = issuer.legal_name or (site.site_name if site else "")
    return [line for line in (name, issuer.street, town) if line]

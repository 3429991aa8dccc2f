"""Answering the public check: genuine or not, and nothing else (C-2). Every answer costs the same work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.exchange.models import NaturalKey
from ebok.journal.services import record
from ebok.look import nip
from ebok.look.models import OrganisationSettings
from ebok_plugins.e_faktura import paying
from ebok_plugins.e_faktura.checking import rules
from ebok_plugins.e_faktura.codes import verification
from ebok_plugins.e_faktura.models import InvoiceSettings

if TYPE_CHECKING:
    from django.http import HttpRequest

NOBODY = -1
"""An id nobody has: what is not found is looked for all the same."""
_NOTHING = Invoice(number="", gross=Decimal(0), due_on=date(2000, 1, 1))


@dataclass(frozen=True)
class Answer:
    """What the visitor reads."""

    is_good: bool
    title: str
    text: str


def account_answer(account: str, site: Site, *, request: HttpRequest) -> Answer:
    """Whether the account is ours; told by the list in the settings, never by customers' data."""
    masks = rules.masks_of(InvoiceSettings.for_site(site).accounts)
    good = rules.is_ours(account, masks)
    _write("account", good, request)
    if not masks:
        return Answer(
            is_good=False,
            title=_("We cannot tell."),
            text=_("The list of our accounts is not here yet. Call us before you pay."),
        )
    if good:
        return Answer(
            is_good=True,
            title=_("This account is ours."),
            text=_(
                "A transfer to it reaches us. Compare it with the account of your earlier bills all the "
                "same: with somebody else's number you would pay their bill."
            ),
        )
    return Answer(
        is_good=False,
        title=_("This account is not ours."),
        text=_(
            "Do not pay to it. If it stands on a bill with our name, the bill was changed: call us, and tell"
            " the police if you have paid."
        ),
    )


def bill_answer(number: str, amount: Decimal, code: str, account: str, *, request: HttpRequest) -> Answer:
    """Whether number, amount, code and account (where typed) belong together on a bill of ours.

    What is wrong is not told, and an unknown number costs the same queries and digests as a known one.
    """
    invoice, customer = _find(number)
    known = invoice is not None and customer is not None
    ours = paying.account_of(invoice, customer) if invoice is not None and customer is not None else ""
    fits = verification.confirms(code, invoice or _NOTHING, ours)
    same = (invoice or _NOTHING).gross == amount and (not account or account == ours)
    good = known and fits and same and not (invoice or _NOTHING).is_cancelled
    _write("bill", good, request, invoice if good else None)
    if good:
        told = (
            _("Number, amount, code and account agree with what we issued.")
            if account
            else _("Number, amount and code agree with what we issued. Check the account number too.")
        )
        return Answer(is_good=True, title=_("This bill is genuine."), text=told)
    return Answer(
        is_good=False,
        title=_("We do not confirm this bill."),
        text=_(
            "Number, amount, code and account do not belong together on a bill of ours. Look for a slip "
            "of the finger. A bill that we have changed or cancelled since is not confirmed either. If all "
            "is typed right, do not pay and call us."
        ),
    )


def ksef_answer(typed: str, site: Site, *, request: HttpRequest) -> Answer:
    """Whether the KSeF number is well written, and whether it bears our tax number."""
    number = rules.ksef_of(typed)
    own = nip.digits(OrganisationSettings.for_site(site).nip)
    good = number is not None and bool(own) and number.startswith(f"{own}-")
    _write("ksef", good, request)
    if number is None:
        return Answer(
            is_good=False,
            title=_("This KSeF number is wrong."),
            text=_("Its check digits do not fit the rest: one sign is wrong, or KSeF never gave it."),
        )
    if not good:
        return Answer(
            is_good=False,
            title=_("This is a KSeF number, but not of our bill."),
            text=_("It is well written, but the first ten digits are the tax number of another seller."),
        )
    return Answer(
        is_good=True,
        title=_("This KSeF number is well written and bears our tax number."),
        text=_(
            "Check digits tell slips of the finger, not forgeries. Whether KSeF has the document, its "
            "verification code on the bill tells you at qr.ksef.mf.gov.pl."
        ),
    )


def _find(number: str) -> tuple[Invoice | None, Customer | None]:
    """Three queries, whether or not there is such a document."""
    spelling = " ".join(number.replace("\x00", "").split())
    key = NaturalKey.objects.filter(dataset="invoices", key__in=(spelling, spelling.upper())).first()
    owner, pk = (key.customer_id or NOBODY, key.object_id) if key is not None else (NOBODY, NOBODY)
    invoice = Invoice.objects.filter(customer_id=owner, pk=pk).first()
    return invoice, Customer.objects.filter(pk=owner).first()


def _write(what: str, good: bool, request: HttpRequest, invoice: Invoice | None = None) -> None:
    names = {"account": _("account"), "bill": _("bill"), "ksef": _("KSeF number")}
    outcome = _("confirmed") if good else _("not confirmed")
    record(
        "e_faktura.checked",
        text=_("Checked in public: %(what)s, %(outcome)s") % {"what": names[what], "outcome": outcome},
        request=request,
        obj=invoice,
        payload={"what": what, "good": good},
    )

"""The evidence of delivery as a printed sheet (D10): what happened to a bill, when, and who did it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.billing.models import Invoice
from ebok.journal.models import Event
from ebok.journal.queries import paged
from ebok.look.models import OrganisationSettings, ThemeSettings
from ebok.look.printing import pdf_of
from ebok.look.templatetags.eb import day_year, money_text
from ebok_plugins.e_faktura.delivery.timeline import moment_words, steps_of
from ebok_plugins.e_faktura.models import Delivery, EInvoiceConsent, InvoiceDocument

SHEET = Path(__file__).with_name("evidence.typ")
LANGUAGE = "pl"
MOST_EVENTS = 40
PROVING = (
    "e_faktura.bill_opened",
    "e_faktura.bill_downloaded",
    "e_faktura.bill_confirmed",
    "e_faktura.not_delivered",
)


def sheet_pdf(delivery: Delivery, invoice: Invoice, site: Site) -> bytes:
    """The bytes of the sheet, in Polish; tagged (PDF/UA-1)."""
    now = timezone.now()
    with translation.override(LANGUAGE):
        return pdf_of(SHEET, _data(delivery, invoice, site), moment=now)


def _data(delivery: Delivery, invoice: Invoice, site: Site) -> dict[str, Any]:
    organisation, theme = OrganisationSettings.for_site(site), ThemeSettings.for_site(site)
    town = f"{organisation.postcode} {organisation.city}".strip()
    document = InvoiceDocument.objects.filter(customer_id=invoice.customer_id, invoice=invoice).first()
    customer = invoice.customer
    facts = [
        (_("Document number"), invoice.number),
        (_("Date of issue"), day_year(invoice.issued_on)),
        (_("Due date"), day_year(invoice.due_on) if invoice.due_on else "–"),
        (_("Amount"), money_text(invoice.gross)),
        (_("Customer"), f"{customer.name}\n{customer.code}"),
        (_("Way of delivery"), str(delivery.get_way_display())),
        (_("Consent to e-invoices"), _consent(delivery)),
        (_("SHA-256 of the PDF"), _broken(document.sha256) if document else "–"),
        (_("Sheet made on"), moment_words(timezone.now())),
    ]
    return {
        "language": LANGUAGE,
        "title": _("Evidence of the delivery of bill %(number)s") % {"number": invoice.number},
        "issuer": [
            line for line in (organisation.legal_name or theme.short_name, organisation.street, town) if line
        ],
        "lead": _("The sheet says what the portal wrote down about the delivery and receipt of the bill."),
        "facts": [list(pair) for pair in facts],
        "steps_label": _("Delivery and receipt"),
        "head": [_("Moment"), _("What happened"), _("Who or where to")],
        "steps": [
            [step["time"] or "–", str(step["title"]), step["text"] or "–"]
            for step in steps_of(delivery)
            if step["state"] == "past"
        ],
        "events_label": _("Entries of the journal of events"),
        "events_head": [_("Moment"), _("What happened"), _("Network address")],
        "events_empty": _("The journal has no entries about this bill."),
        "events": _events(invoice),
        "meaning": [
            _(
                "“Opened”, “downloaded” and “confirmed” are done by signed-in people who may see the bills "
                "of the customer; what employees do is not counted. “Delivered” is what the recipient's "
                "server or operator reported."
            ),
            _("Entries of the journal cannot be changed: each is chained to the one before by a digest."),
        ],
        "footer": f"{theme.short_name} · {invoice.number}",
        "page": _("page"),
    }


def _consent(delivery: Delivery) -> str:
    """The consent in force when the bill was made available."""
    found = (
        EInvoiceConsent.objects.filter(customer_id=delivery.customer_id, given_at__lte=delivery.created_at)
        .exclude(withdrawn_at__lte=delivery.created_at)
        .order_by("-given_at")
        .first()
    )
    if found is None:
        return _("none")
    return _("given on %(day)s, %(how)s") % {
        "day": day_year(found.given_at),
        "how": found.get_given_how_display(),
    }


def _events(invoice: Invoice) -> list[list[str]]:
    """Of kinds that prove something, oldest first; details that were erased or have expired are told so."""
    events = Event.objects.filter(
        object_type=Invoice._meta.label_lower, object_id=str(invoice.pk), kind__in=PROVING
    )
    rows = paged(events, size=MOST_EVENTS).rows[::-1]
    return [
        [
            moment_words(row.event.moment),
            f"{row.detail.text} ({row.detail.actor_label})" if row.detail else row.kind_title,
            str(row.detail.address or "–") if row.detail else "–",
        ]
        for row in rows
    ]


def _broken(digest: str) -> str:
    """A digest in four lines, so that it fits its column."""
    return "\n".join(digest[place : place + 16] for place in range(0, 64, 16))

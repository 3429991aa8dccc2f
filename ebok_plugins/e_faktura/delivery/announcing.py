"""Telling customers that a bill is there: made set-based with the import, sent by the worker in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.billing.models import Invoice
from ebok.customers.access import valid_at
from ebok.customers.models import AccessRole, CustomerAccess
from ebok.journal.services import record
from ebok.look.templatetags.eb import day_year, money_text
from ebok.notifications.addresses import address_of
from ebok.notifications.services import language_of, send
from ebok.plugins.activation import first_site_with
from ebok_plugins.e_faktura.models import Delivery, DeliveryWay, InvoiceSettings

OWNER = "e_faktura.delivery"
"""Messages about a delivery carry this label with its id."""
ISSUED, REMINDER = "e_faktura.issued", "e_faktura.reminder"
BATCH = 200
NO_ADDRESS = "no-address"
"""Stored as the reason: the customer has neither an account nor an e-mail in the billing data."""

_CREATE = """
INSERT INTO e_faktura_delivery (customer_id, invoice_id, way, created_at, sent_to, failure)
SELECT i.customer_id, i.id, CASE WHEN c.id IS NULL THEN 'paper' ELSE 'e' END, %s, '', ''
FROM billing_invoice i
LEFT JOIN e_faktura_einvoiceconsent c ON c.customer_id = i.customer_id AND c.withdrawn_at IS NULL
WHERE i.issued_on >= %s AND i.batch_id = %s AND NOT i.is_cancelled
AND NOT EXISTS (SELECT 1 FROM e_faktura_delivery d WHERE d.invoice_id = i.id)
"""


def create_deliveries(batch_id: int) -> int:
    """A delivery for each new bill of an import, in one statement; returns how many. Repeatable.

    Bills older than the settings say are left alone: the first import brings years of them.
    """
    site = first_site_with("e_faktura")
    if site is None:
        return 0
    oldest = timezone.localdate() - timedelta(days=InvoiceSettings.for_site(site).announce_days)
    with connection.cursor() as cursor:
        cursor.execute(_CREATE, [timezone.now(), oldest, batch_id])
        return max(0, cursor.rowcount)


def announce_waiting(limit: int = BATCH) -> int:
    """Hand the next deliveries over for sending; returns how many. Killed and begun again it doubles none."""
    site = first_site_with("e_faktura")
    if site is None:
        return 0
    with transaction.atomic():
        waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            way=DeliveryWay.ELECTRONIC, announced_at__isnull=True
        )
        rows = list(waiting.order_by("created_at")[:limit])
        _tell(ISSUED, rows, site)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(announced_at=timezone.now())
    return len(rows)


def remind_unread(site: Site, limit: int = BATCH) -> int:
    """Remind once of bills that were announced and neither opened, downloaded nor confirmed since."""
    days = InvoiceSettings.for_site(site).remind_days
    if not days or site != first_site_with("e_faktura"):
        return 0
    now = timezone.now()
    with transaction.atomic():
        unread = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            way=DeliveryWay.ELECTRONIC,
            announced_at__lte=now - timedelta(days=days),
            opened_at__isnull=True,
            downloaded_at__isnull=True,
            confirmed_at__isnull=True,
            reminded_at__isnull=True,
        )
        rows = list(unread.order_by("announced_at")[:limit])
        _tell(REMINDER, rows, site)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    return len(rows)


def _tell(kind: str, rows: Sequence[Delivery], site: Site) -> None:
    """A message to all who may see the bills of the customer; else to the address in the billing data."""
    invoices = Invoice.objects.select_related("customer").in_bulk([row.invoice_id for row in rows])
    people, holders = _people({row.customer_id for row in rows})
    for row in rows:
        invoice = invoices.get(row.invoice_id)
        if invoice is None:
            continue
        readers: list[User | None] = [*people[row.customer_id]]
        if not readers and invoice.customer.email:
            readers = [None]
        for user in readers:
            language = language_of(user)
            send(
                kind,
                site=site,
                user=user,
                email="" if user else invoice.customer.email,
                phone=invoice.customer.phone if user is None or user.pk in holders else "",
                values=_values(invoice, language),
                url=bill_address(site, invoice, language),
                language=language,
                key=str(row.pk),
                owner=(OWNER, row.pk),
            )
        if not readers:
            _nobody(row, invoice)


def bill_address(site: Site, invoice: Invoice, language: str) -> str:
    """Opens the bill for whoever may see it, whichever customer they acted for last."""
    return address_of(site, "client:e_faktura:open", language=language, pk=invoice.pk)


def _people(customers: set[int]) -> tuple[dict[int, list[User]], set[int]]:
    """Who sees the bills of each customer; and the holders, whose telephone the billing data have."""
    found: dict[int, list[User]] = defaultdict(list)
    holders = set()
    rows = CustomerAccess.objects.filter(
        valid_at(timezone.now()), customer_id__in=customers, sees_bills=True, user__is_active=True
    )
    for access in rows.select_related("user").order_by("id"):
        found[access.customer_id].append(access.user)
        if access.role == AccessRole.OWNER:
            holders.add(access.user_id)
    return found, holders


def _values(invoice: Invoice, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "number": invoice.number,
            "amount": money_text(invoice.gross),
            "due": day_year(invoice.due_on) if invoice.due_on else "–",
            "customer": invoice.customer.code,
        }


def _nobody(row: Delivery, invoice: Invoice) -> None:
    """Electronic, and nobody to write to: it is told, and the evidence shows it."""
    Delivery.objects.filter(pk=row.pk, failed_at__isnull=True).update(
        failed_at=timezone.now(), failure=NO_ADDRESS
    )
    record(
        "e_faktura.not_delivered",
        text=_("Bill %(number)s: there is nobody to write to") % {"number": invoice.number},
        actor="e_faktura.announce",
        customer_id=row.customer_id,
        obj=invoice,
        payload={"reason": NO_ADDRESS},
    )

"""Telling customers that a bill is there: the database makes deliveries and messages, the worker sends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from ebok.billing.models import Invoice
from ebok.customers.access import valid_at
from ebok.customers.models import AccessRole, CustomerAccess
from ebok.journal.services import record
from ebok.look.database_words import day_words, in_language, money_words
from ebok.look.templatetags.eb import day_year
from ebok.notifications.addresses import address_of
from ebok.notifications.mailings import fill
from ebok.plugins.activation import first_site_with
from ebok_plugins.e_faktura.models import Delivery, DeliveryWay, InvoiceSettings

OWNER = "e_faktura.delivery"
"""Messages about a delivery carry this label with its id."""
ISSUED, REMINDER = "e_faktura.issued", "e_faktura.reminder"
NO_ADDRESS, CALLED_OFF = "no-address", "called-off"
"""Stored as the reason: the customer has neither an account nor an e-mail in the billing data; the mailing
was called off before the message went."""
SAMPLE = 987_654_321_012
"""Stands for the number of a bill while its address is made."""

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


def announce_waiting() -> int:
    """Begin a mailing for the bills of each import that wait; returns for how many bills. Repeatable.

    The bills are marked first, in the transaction that stores their messages: of two workers one finds none.
    """
    site = first_site_with("e_faktura")
    if site is None:
        return 0
    waiting = Delivery.objects.filter(way=DeliveryWay.ELECTRONIC, announced_at__isnull=True)
    batches = waiting.order_by("invoice__batch_id").values_list("invoice__batch_id", flat=True).distinct()
    return sum(_announce(site, batch_id) for batch_id in list(batches))


def _announce(site: Site, batch_id: int | None) -> int:
    """The mailing of one import; bills nobody brought have one of their own each day."""
    now = timezone.now()
    brought = Invoice.objects.filter(batch_id=batch_id)
    with transaction.atomic():
        count = Delivery.objects.filter(
            way=DeliveryWay.ELECTRONIC, announced_at__isnull=True, invoice__in=brought.values("pk")
        ).update(announced_at=now)
        if count:
            marked = Delivery.objects.filter(
                way=DeliveryWay.ELECTRONIC, announced_at=now, invoice__batch_id=batch_id
            )
            if batch_id is None:
                today = timezone.localdate(now)
                key, title = f"{today:%Y-%m-%d}", _("New bills, %(day)s") % {"day": day_year(today)}
            else:
                key, title = str(batch_id), _("New bills, import %(number)s") % {"number": batch_id}
            _tell(ISSUED, marked, site, campaign=f"{ISSUED}.{key}", title=title)
    return count


def remind_unread(site: Site) -> int:
    """Remind once of bills that were announced and neither opened, downloaded nor confirmed since.

    The reminders of one day are one mailing; returns for how many bills.
    """
    days = InvoiceSettings.for_site(site).remind_days
    if not days or site != first_site_with("e_faktura"):
        return 0
    now = timezone.now()
    with transaction.atomic():
        unread = Delivery.objects.filter(
            way=DeliveryWay.ELECTRONIC,
            announced_at__lte=now - timedelta(days=days),
            opened_at__isnull=True,
            downloaded_at__isnull=True,
            confirmed_at__isnull=True,
            reminded_at__isnull=True,
        )
        count = unread.update(reminded_at=now)
        if count:
            marked = Delivery.objects.filter(way=DeliveryWay.ELECTRONIC, reminded_at=now)
            today = timezone.localdate(now)
            title = _("Reminders of unread bills, %(day)s") % {"day": day_year(today)}
            _tell(REMINDER, marked, site, campaign=f"{REMINDER}.{today:%Y-%m-%d}", title=title)
    return count


def _tell(kind: str, rows: QuerySet[Delivery], site: Site, *, campaign: str, title: str) -> None:
    """A message to all who may see the bills of the customer; else to the address in the billing data."""
    readers = CustomerAccess.objects.filter(_sees_bills(), customer_id=OuterRef("customer_id"))
    bare = rows.filter(~Exists(readers))
    for recipients in (_people(rows, site), _addresses(bare.exclude(customer__email=""), site)):
        fill(
            kind,
            site=site,
            recipients=recipients,
            campaign_key=campaign,
            title=title,
            owner_label=OWNER,
        )
    _nobody(bare.filter(customer__email=""))


def _sees_bills(prefix: str = "") -> Q:
    """The condition on an access that its person may see the bills now."""
    may = {f"{prefix}sees_bills": True, f"{prefix}user__is_active": True}
    return valid_at(timezone.now(), prefix) & Q(**may)


def _people(rows: QuerySet[Delivery], site: Site) -> QuerySet[Any, Any]:
    """Who sees the bills of each customer; the billing data have the telephone of the holder only."""
    found = rows.filter(_sees_bills("customer__accesses__")).annotate(
        user_id=F("customer__accesses__user_id"),
        email=F("customer__accesses__user__email"),
        language=F("customer__accesses__user__language"),
        phone=Case(
            When(customer__accesses__role=AccessRole.OWNER, then=F("customer__phone")),
            default=Value(""),
            output_field=CharField(),
        ),
    )
    return _worded(found, site)


def _addresses(rows: QuerySet[Delivery], site: Site) -> QuerySet[Any, Any]:
    """Customers without an account, by what the billing data know of them."""
    found = rows.annotate(
        user_id=Cast(Value(None), output_field=BigIntegerField()),
        email=F("customer__email"),
        language=Value("", output_field=CharField()),
        phone=F("customer__phone"),
    )
    return _worded(found, site)


def _worded(found: QuerySet[Delivery], site: Site) -> QuerySet[Any, Any]:
    """With the values of the texts, the address of the bill, and what the message is about."""
    return found.annotate(
        owner_id=F("pk"),
        key=Concat(Cast("pk", CharField()), Value("."), Coalesce(Cast("user_id", CharField()), Value(""))),
        values_json=JSONObject(
            number=F("invoice__number"),
            amount=in_language("language", lambda code: money_words("invoice__gross", code)),
            due=in_language("language", lambda code: day_words("invoice__due_on", code)),
            customer=F("customer__code"),
        ),
        url=in_language("language", lambda code: _bill_address(site, code)),
    ).values_list("user_id", "email", "language", "key", "values_json", "url", "phone", "owner_id")


def _bill_address(site: Site, language: str) -> Combinable:
    """Opens the bill for whoever may see it, whichever customer they acted for last."""
    sample = address_of(site, "client:e_faktura:open", language=language, pk=SAMPLE)
    before, _number, after = sample.rpartition(str(SAMPLE))
    return Concat(Value(before), Cast("invoice_id", CharField()), Value(after))


def _nobody(rows: QuerySet[Delivery]) -> None:
    """Electronic, and nobody to write to: it is told, and the evidence shows it."""
    lost = list(rows.filter(failed_at__isnull=True).select_related("invoice"))
    if not lost:
        return
    Delivery.objects.filter(pk__in=[row.pk for row in lost]).update(
        failed_at=timezone.now(), failure=NO_ADDRESS
    )
    for row in lost:
        record(
            "e_faktura.not_delivered",
            text=_("Bill %(number)s: there is nobody to write to") % {"number": row.invoice.number},
            actor="e_faktura.announce",
            customer_id=row.customer_id,
            obj=row.invoice,
            payload={"reason": NO_ADDRESS},
        )

"""Reminders to those who have sent nothing in a window, and the share that came in."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.access import valid_at
from ebok.customers.models import Customer, CustomerAccess, Meter, PointStatus
from ebok.journal.services import record
from ebok.look.dates import written
from ebok.notifications.addresses import base_url
from ebok.notifications.mailings import fill
from ebok_plugins.e_odczyt import knowing
from ebok_plugins.e_odczyt.models import DEAD, ReadingWindow, Reminder, SentReading

if TYPE_CHECKING:
    from django.http import HttpRequest

SALT = "e_odczyt.reminder"
BLOCK = 1000
NOTHING = Value(0, output_field=IntegerField())


def windows_with_shares(site: Site) -> QuerySet[ReadingWindow]:
    """The windows of a site with `expected` meters, `received` ones and `reminded` customers; one query."""
    meters = _wanted(
        Meter.objects.annotate(wanted=ExpressionWrapper(OuterRef("zone"), output_field=CharField()))
    )
    got = SentReading.objects.filter(
        meter_id=OuterRef("pk"),
        customer_id=OuterRef("customer_id"),
        read_on__gte=OuterRef(OuterRef("opens_on")),
        read_on__lte=OuterRef(OuterRef("closes_on")),
    ).exclude(state__in=DEAD)
    reminders = Reminder.objects.filter(window=OuterRef("pk"))
    return ReadingWindow.objects.filter(site=site).annotate(
        expected=_number_of(meters),
        received=_number_of(meters.filter(Exists(got))),
        reminded=_number_of(reminders),
    )


def _wanted(meters: QuerySet[Meter]) -> QuerySet[Meter]:
    """Meters in use of the zone that stands in `wanted`."""
    return meters.filter(Q(wanted="") | Q(point__reading_zone=F("wanted")), is_active=True).exclude(
        point__status=PointStatus.CLOSED
    )


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(one=NOTHING).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted[:1]), NOTHING)


def missing(window: ReadingWindow) -> QuerySet[Customer]:
    """Customers with a meter of the zone who have sent no reading in the window and were not reminded."""
    meters = _wanted(
        Meter.objects.filter(customer_id=OuterRef("pk")).annotate(
            wanted=Value(window.zone, output_field=CharField())
        )
    )
    sent = SentReading.objects.filter(
        customer_id=OuterRef("pk"), read_on__gte=window.opens_on, read_on__lte=window.closes_on
    ).exclude(state__in=DEAD)
    reminded = Reminder.objects.filter(customer_id=OuterRef("pk"), window=window)
    return Customer.objects.filter(Exists(meters), ~Exists(sent), ~Exists(reminded)).order_by("pk")


def remind(window: ReadingWindow, *, actor: User | None = None, request: HttpRequest | None = None) -> int:
    """Write to everybody who is missing; how many. Called again, it writes to those who are new."""
    count = 0
    for block in _blocks(missing(window)):
        with transaction.atomic():
            made = Reminder.objects.bulk_create(_reminders(window, block), ignore_conflicts=True)
        count += len(made)
    if not count:
        return 0
    with override("pl"):
        values = json.dumps({"day": written(window.closes_on, "j E Y")}, ensure_ascii=False)
    recipients = (
        Reminder.objects.filter(window=window)
        .exclude(user=None, email="")
        .annotate(
            language=Value("", output_field=CharField()),
            key=Cast("pk", CharField()),
            values_json=Value(values, output_field=TextField()),
            url=F("link"),
        )
        .values_list("user_id", "email", "language", "key", "values_json", "url")
    )
    with transaction.atomic():
        fill(
            "e_odczyt.reminder",
            site=window.site,
            recipients=recipients,
            campaign_key=f"e_odczyt.window.{window.pk}",
            title=_("Reading reminders: %(window)s") % {"window": window},
            actor=actor,
            request=request,
        )
        record(
            "e_odczyt.reminded",
            text=_("Reminders for window %(window)s: %(count)d") % {"window": window, "count": count},
            actor=actor or "e_odczyt",
            request=request,
            obj=window,
        )
    return count


def _blocks(found: QuerySet[Customer]) -> Iterator[list[Customer]]:
    last = 0
    while block := list(found.filter(pk__gt=last)[:BLOCK]):
        yield block
        last = block[-1].pk


def _reminders(window: ReadingWindow, customers: list[Customer]) -> list[Reminder]:
    now = timezone.now()
    days = knowing.site_settings(window.site).link_days
    until = min(
        now + timedelta(days=days),
        timezone.make_aware(datetime.combine(window.closes_on + timedelta(days=1), time.min)),
    )
    accesses = CustomerAccess.objects.filter(
        valid_at(now), customer__in=customers, sends_readings=True, user__is_active=True
    )
    people = {access.customer_id: access for access in accesses.select_related("user").order_by("-pk")}
    made = []
    for customer in customers:
        name = uuid.uuid4()
        person = people.get(customer.pk)
        path = reverse("public:e_odczyt:link", kwargs={"token": token_of(name)})
        made.append(
            Reminder(
                public_id=name,
                window=window,
                customer=customer,
                user=person.user if person else None,
                email="" if person else customer.email,
                link=f"{base_url(window.site)}{path}",
                made_at=now,
                expires_at=until,
            )
        )
    return made


def token_of(name: uuid.UUID) -> str:
    """What the link carries: the name and its signature."""
    return signing.Signer(salt=SALT).sign(name.hex)


def reminder_of(token: str) -> Reminder | None:
    """The reminder of a link; None for one that was forged, is unknown, or has expired."""
    try:
        name = uuid.UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    found = Reminder.objects.filter(public_id=name, expires_at__gt=timezone.now())
    return found.select_related("customer", "window").first()

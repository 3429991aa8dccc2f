"""Messages to the customer about readings (F09)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.models import Customer
from ebok.look.dates import written
from ebok.look.templatetags.eb import decimal, money_text
from ebok.notifications.addresses import base_url
from ebok.notifications.services import language_of, send
from ebok_plugins.e_odczyt.models import SentReading, SentState


def tell_received(customer: Customer, rows: Sequence[SentReading], *, site: Site, user: User | None) -> None:
    """Confirm what came in: to the person who sent it, else to the customer's address on file.

    An address typed by somebody without an account is never written to.
    """
    if user is None and not customer.email:
        return
    with override(language_of(user)):
        waiting = any(row.state == SentState.DOUBTFUL for row in rows)
        values = {
            "day": written(rows[0].read_on, "j E Y"),
            "readings": "\n".join(_line(row) for row in rows),
            "next": _("An employee will look at it once more; you will hear from us.")
            if waiting
            else _("It will be on your next bill."),
            "cost": _cost(rows),
        }
        url = base_url(site) + reverse("client:e_odczyt:history")
    _send(
        "received",
        rows[0],
        site=site,
        user=user,
        values=values,
        url=url,
        key=f"{customer.pk}-{rows[0].client_key}",
    )


def tell_rejected(row: SentReading) -> None:
    """Say why a reading was not taken."""
    _tell_one("rejected", row)


def tell_corrected(row: SentReading) -> None:
    """Say which state stands there now, and why."""
    _tell_one("corrected", row)


def _tell_one(what: str, row: SentReading) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    user = row.sent_by
    if site is None or (user is None and not row.customer.email):
        return
    with override(language_of(user)):
        values = {
            "reading": _line(row),
            "day": written(row.read_on, "j E Y"),
            "reason": row.reason,
            "number": str(row.meter or row.point),
        }
        url = base_url(site) + reverse("client:e_odczyt:sent", kwargs={"pk": row.pk})
    decided = f"{row.decided_at:%Y%m%d%H%M%S}" if row.decided_at else ""
    _send(what, row, site=site, user=user, values=values, url=url, key=f"{row.pk}-{decided}")


def _send(
    what: str,
    row: SentReading,
    *,
    site: Site,
    user: User | None,
    values: dict[str, str],
    url: str,
    key: str,
) -> None:
    send(
        f"e_odczyt.{what}",
        site=site,
        user=user,
        email="" if user else row.customer.email,
        values=values,
        # Who has no account would be led to a door that does not open.
        url=url if user else "",
        key=key,
        owner=("e_odczyt.reading", row.pk),
    )


def _line(row: SentReading) -> str:
    places = row.meter.decimals if row.meter else 3
    unit = row.meter.unit if row.meter else "m³"
    if row.value is None:
        return f"{row.point}: {decimal(row.usage, places)} {unit}"
    return f"{row.meter}: {decimal(row.value, places)} {unit}"


def _cost(rows: Sequence[SentReading]) -> str:
    costs = [row.expected_cost for row in rows if row.expected_cost is not None]
    return money_text(sum(costs, Decimal(0))) if costs else "–"

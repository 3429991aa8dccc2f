"""How a bill came, as steps in words: for the customer, for employees, and for the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.look.dates import written
from ebok_plugins.e_faktura.delivery.announcing import CALLED_OFF, NO_ADDRESS
from ebok_plugins.e_faktura.models import Delivery, DeliveryWay


def steps_of(delivery: Delivery) -> list[Mapping[str, Any]]:
    """What has happened and what comes, for `components/timeline.html`."""
    happened: list[tuple[datetime | None, str, str, str]] = [
        (delivery.created_at, _("In the customer office"), "", "invoice"),
        (delivery.sent_at, _("Message sent"), delivery.sent_to, "mail"),
        (delivery.delivered_at, _("Message delivered"), "", "check"),
        (delivery.failed_at, _("Message not delivered"), failure_words(delivery), "warning"),
        (delivery.reminded_at, _("Reminder sent"), "", "bell"),
        (delivery.opened_at, _("Opened"), _who(delivery.opened_by), "check"),
        (delivery.downloaded_at, _("PDF downloaded"), _who(delivery.downloaded_by), "download"),
        (delivery.confirmed_at, _("Receipt confirmed"), _who(delivery.confirmed_by), "check"),
    ]
    known = sorted((step for step in happened if step[0] is not None), key=_moment)
    steps: list[Mapping[str, Any]] = [
        {"state": "past", "title": title, "time": moment_words(moment), "text": text, "icon": icon}
        for moment, title, text, icon in known
    ]
    if delivery.way == DeliveryWay.PAPER:
        steps.insert(
            1, {"state": "past", "title": _("Sent on paper"), "time": "", "text": "", "icon": "page"}
        )
    elif delivery.announced_at is None:
        steps.append({"state": "next", "title": _("Message waits to be sent"), "time": "", "text": ""})
    return steps


def moment_words(moment: datetime | None) -> str:
    """ "14 maja 2026, 16:30"; "" for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{written(local, 'j E Y')}, {local:%H:%M}"


def failure_words(delivery: Delivery) -> str:
    """Why it was not delivered, for people."""
    if delivery.failure == NO_ADDRESS:
        return str(_("The customer has neither an account here nor an e-mail in our data."))
    if delivery.failure == CALLED_OFF:
        return str(_("The office called the mailing off before this message went out."))
    return delivery.failure


def _who(user: Any) -> str:
    return user.display_name if user is not None else ""


def _moment(step: tuple[datetime | None, str, str, str]) -> datetime:
    return step[0] or timezone.now()

"""Quiet hours: what may wait until morning waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from ebok.notifications.models import Channel, Message, MessageSettings, QuietHours
from ebok.notifications.models.message import Urgency

Hours = tuple[int, int]


def quiet_until(moment: datetime, hours: Hours | None) -> datetime | None:
    """When the quiet hours end in which the moment lies; None outside of them.

    `hours` are from and to, in the portal's time; they may span midnight.
    """
    if hours is None or hours[0] == hours[1]:
        return None
    local = timezone.localtime(moment)
    since, until = hours
    inside = since <= local.hour < until if since < until else local.hour >= since or local.hour < until
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if local.hour >= until else local.date()
    return timezone.make_aware(datetime.combine(day, time(until)))


def postponed(messages: Iterable[Message], now: datetime) -> dict[int, datetime]:
    """Message to when it may go, for those in the quiet hours of their person; at most two queries a batch.

    What somebody waits for keeps no quiet hours.
    """
    patient = [message for message in messages if message.urgency != Urgency.AT_ONCE]
    if not patient:
        return {}
    own = {
        row.user_id: (row.since, row.until)
        for row in QuietHours.objects.filter(user__in={message.user_id for message in patient} - {None})
    }
    of_site: dict[int, Hours | None] = {}
    later: dict[int, datetime] = {}
    for message in patient:
        hours = own.get(message.user_id or 0)
        if hours is None and message.channel == Channel.SMS:
            if message.site_id not in of_site:
                of_site[message.site_id] = _hours_of(MessageSettings.for_site(message.site))
            hours = of_site[message.site_id]
        until = quiet_until(now, hours)
        if until is not None:
            later[message.pk] = until
    return later


def _hours_of(settings: MessageSettings) -> Hours | None:
    if settings.sms_quiet_since is None or settings.sms_quiet_until is None:
        return None
    return settings.sms_quiet_since, settings.sms_quiet_until

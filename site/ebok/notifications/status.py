"""What the outbox reports to the status board."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Site

from ebok.notifications.models import Message, State
from ebok.plugins.channels import channel_for
from ebok.ports import StatusCheck, StatusLight, StatusReport
from ebok.ports.messages import SMS

LATE = timedelta(hours=1)
RECENT = timedelta(days=1)
MOST = 1_000


def outbox(_site: Site) -> StatusReport:
    """Does anything wait too long, or has not been sent?"""
    now = timezone.now()
    mend_url = reverse("ebok_outbox")
    late = Message.objects.filter(state=State.WAITING, next_try__lt=now - LATE)[:MOST].count()
    if late:
        sentence = ngettext(
            "%(count)d message should have gone out an hour ago.",
            "%(count)d messages should have gone out an hour ago.",
            late,
        ) % {"count": late}
        return StatusReport(light=StatusLight.ERROR, sentence=sentence, mend_url=mend_url)
    failed = Message.objects.filter(state__in=["failed", "bounced"], settled_at__gt=now - RECENT)
    count = failed.order_by("-id")[:MOST].count()
    if count:
        sentence = ngettext(
            "%(count)d message did not arrive in the last day.",
            "%(count)d messages did not arrive in the last day.",
            count,
        ) % {"count": count}
        return StatusReport(light=StatusLight.WARNING, sentence=sentence, mend_url=f"{mend_url}?stan=failed")
    return StatusReport(light=StatusLight.OK, sentence=_("Messages go out."))


def sms_gate(site: Site) -> StatusReport:
    """Can text messages be sent?"""
    gate = channel_for(SMS, site)
    if gate is None:
        waits = Message.objects.filter(state=State.WAITING, channel=SMS).exists()
        light = StatusLight.WARNING if waits else StatusLight.OK
        return StatusReport(light=light, sentence=_("No gate for text messages is set up."))
    if settings.EBOK_SMSAPI_TOKEN:
        return StatusReport(light=StatusLight.OK, sentence=_("Text messages go through SMSAPI.pl."))
    return StatusReport(light=StatusLight.OK, sentence=str(gate.title))


status = [
    StatusCheck(key="notifications.outbox", title=gettext_lazy("Messages to people"), run=outbox),
    StatusCheck(key="notifications.sms", title=gettext_lazy("Gate for text messages"), run=sms_gate),
]

"""What the status board asks of this module."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Site

from ebok.ports import StatusCheck, StatusLight, StatusReport
from ebok_plugins.e_faktura.checking.rules import masks_of
from ebok_plugins.e_faktura.models import Delivery, DeliveryWay, InvoiceSettings

PATIENCE = timedelta(hours=2)


def accounts(site: Site) -> StatusReport:
    """Whether the public check knows the utility's accounts."""
    if masks_of(InvoiceSettings.for_site(site).accounts):
        return StatusReport(light=StatusLight.OK, sentence=_("The public check knows our bank accounts."))
    return StatusReport(
        light=StatusLight.WARNING,
        sentence=_("The public check cannot confirm accounts: the settings name none."),
        mend_url=reverse("wagtailsettings:edit", args=("e_faktura", "invoicesettings", site.pk)),
    )


def announcements(_site: Site) -> StatusReport:
    """Whether bills wait too long to be announced."""
    late = Delivery.objects.filter(
        way=DeliveryWay.ELECTRONIC, announced_at__isnull=True, created_at__lt=timezone.now() - PATIENCE
    ).count()
    if not late:
        return StatusReport(light=StatusLight.OK, sentence=_("No bill waits to be announced."))
    sentence = ngettext(
        "%(count)d bill has waited for more than two hours to be announced. Does the worker run?",
        "%(count)d bills have waited for more than two hours to be announced. Does the worker run?",
        late,
    )
    return StatusReport(light=StatusLight.WARNING, sentence=sentence % {"count": late})


status = [
    StatusCheck(key="e_faktura.accounts", title=gettext_lazy("Our bank accounts"), run=accounts),
    StatusCheck(key="e_faktura.announcements", title=gettext_lazy("Announcing bills"), run=announcements),
]

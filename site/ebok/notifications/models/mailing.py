"""One message to many people."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Site


class MailingState(models.TextChoices):
    """How far a mailing is."""

    RUNNING = "running", pgettext_lazy("mailing", "going out")
    DONE = "done", pgettext_lazy("mailing", "finished")
    CANCELLED = "cancelled", pgettext_lazy("mailing", "called off")


class Mailing(models.Model):
    """A message to many people, with the words as they were when it began.

    `total` counts what goes out (`sent`, `failed` and `cancelled` of it are settled); what lies in the portal
    is counted apart.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    kind = models.CharField(_("kind"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    campaign = models.CharField(_("key"), max_length=120)
    texts = models.JSONField(_("texts"), default=dict)
    """Language to channel to subject, body and action."""
    state = models.CharField(_("state"), max_length=10, choices=MailingState, default=MailingState.RUNNING)
    total = models.PositiveIntegerField(_("messages"), default=0)
    in_portal = models.PositiveIntegerField(_("in the portal"), default=0)
    sent = models.PositiveIntegerField(_("sent"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    cancelled = models.PositiveIntegerField(_("called off"), default=0)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["site", "campaign"], name="notifications_one_mailing")]

    def __str__(self) -> str:
        return self.title

    @property
    def settled(self) -> int:
        """How many messages need nothing more."""
        return self.sent + self.failed + self.cancelled

    @property
    def percent(self) -> int:
        """How much of it is settled."""
        return 100 if not self.total else min(100, 100 * self.settled // self.total)

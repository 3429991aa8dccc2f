"""Words an administrator wrote in place of those a kind was declared with."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ebok.notifications.models.message import Channel


class MessageTemplate(models.Model):
    """The words of one kind in one language for one channel on one site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    kind = models.CharField(_("kind"), max_length=80)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    action = models.CharField(_("words of the button"), max_length=60, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "language", "channel"], name="notifications_one_template"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.channel}"

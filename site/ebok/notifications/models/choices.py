"""What people chose: channels by group, quiet hours, no letters about something to an address."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ebok.notifications.models.message import Channel

LATEST = MaxValueValidator(23)


class Choice(models.Model):
    """A person wants messages of a group through a channel, or does not. Without a row the kind decides."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(_("group"), max_length=20)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    is_wanted = models.BooleanField(_("wanted"))

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("choice of a channel")
        verbose_name_plural = _("choices of channels")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "group", "channel"], name="notifications_one_choice")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.group} {self.channel}"


class QuietHours(models.Model):
    """When a person wants no e-mail and no text message; full hours, possibly over midnight."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.PositiveSmallIntegerField(_("from hour"), validators=[LATEST])
    until = models.PositiveSmallIntegerField(_("to hour"), validators=[LATEST])

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.since}–{self.until}"


class Refusal(models.Model):
    """Somebody without an account unsubscribed: no e-mail of this group to this address."""

    address = models.CharField(_("address"), max_length=254)
    """In small letters."""
    group = models.CharField(_("group"), max_length=20)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("refusal of letters")
        verbose_name_plural = _("refusals of letters")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["address", "group"], name="notifications_one_refusal")]

    def __str__(self) -> str:
        return f"{self.group} {self.at:%Y-%m-%d}"


@register_setting(icon="mail", order=40)
class MessageSettings(BaseSiteSetting):
    """How a site writes to people."""

    sms_sender = models.CharField(
        _("sender of text messages"),
        max_length=11,
        blank=True,
        help_text=_("A name registered at the gate, 11 letters at most; empty uses the gate's own."),
    )
    sms_keeps_letters = models.BooleanField(
        _("text messages keep Polish letters"),
        default=False,
        help_text=_("With them a message holds 70 letters in place of 160, so it costs more."),
    )
    sms_quiet_since = models.PositiveSmallIntegerField(
        _("no text messages from hour"), null=True, blank=True, default=21, validators=[LATEST]
    )
    sms_quiet_until = models.PositiveSmallIntegerField(
        _("no text messages to hour"),
        null=True,
        blank=True,
        default=7,
        validators=[LATEST],
        help_text=_("For people who chose no hours of their own. What somebody waits for is sent at once."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("sms_sender"),
                FieldPanel("sms_keeps_letters"),
                FieldRowPanel([FieldPanel("sms_quiet_since"), FieldPanel("sms_quiet_until")]),
            ],
            heading=_("Text messages"),
        )
    ]

    class Meta:
        verbose_name = _("messages to people")
        verbose_name_plural = _("messages to people")

    def __str__(self) -> str:
        return str(self.site)

    def clean(self) -> None:
        """Both hours or none, and not the same."""
        super().clean()
        if (self.sms_quiet_since is None) != (self.sms_quiet_until is None):
            raise ValidationError({"sms_quiet_until": _("Give both hours, or none.")})
        if self.sms_quiet_since is not None and self.sms_quiet_since == self.sms_quiet_until:
            raise ValidationError({"sms_quiet_until": _("The two hours must differ.")})

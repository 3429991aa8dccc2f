"""The telephone on which a person wants text messages."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Phone(models.Model):
    """A person's own number: `number` is proven and used, `pending` waits for the code that was sent to it.

    Of the code a keyed digest is kept, never the code.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(_("telephone number"), max_length=16, blank=True, default="")
    verified_at = models.DateTimeField(_("confirmed on"), null=True, blank=True)
    pending = models.CharField(_("number to confirm"), max_length=16, blank=True, default="")
    code_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    code_sent_at = models.DateTimeField(_("code sent"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("telephone for text messages")
        verbose_name_plural = _("telephones for text messages")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}"

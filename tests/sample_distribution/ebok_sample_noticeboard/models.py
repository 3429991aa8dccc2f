"""Notices, and the board's settings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from ebok.exchange.mirror import Mirrored
from ebok.ports import Setting


class Notice(models.Model):
    """One notice. Only its owner sees one that is not public."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=2000)
    is_public = models.BooleanField(_("everyone may read it"), default=False)
    pinned_at = models.DateTimeField(auto_now_add=True)
    taken_down_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pinned_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class BoardPlace(Mirrored):
    """Where a board hangs, as the billing system of the board's owner has it."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("place of a board")
        verbose_name_plural = _("places of boards")

    def __str__(self) -> str:
        return self.name


@register_setting(icon="pin")
class NoticeboardSettings(BaseSiteSetting):
    """What the board is called and how much it shows."""

    heading = models.CharField(_("heading"), max_length=80, blank=True)
    page_size = models.PositiveSmallIntegerField(_("notices on a page"), default=20)

    class Meta:
        verbose_name = _("notice board")

    def missing_settings(self) -> list[Setting]:
        """The heading must be filled in before the module is switched on."""
        if self.heading:
            return []
        edit_url = reverse("wagtailsettings:edit", args=("noticeboard", "noticeboardsettings", self.site_id))
        return [Setting(name="heading", title=_("heading"), edit_url=edit_url)]

"""Where a plugin is on: one row for each site and plugin."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site


class PluginActivation(models.Model):
    """The switch of one plugin on one site. No row means off; nothing else is lost by that."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    plugin = models.SlugField(_("module"), max_length=64)
    enabled = models.BooleanField(_("on"), default=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("module switch")
        verbose_name_plural = _("module switches")
        constraints = [
            models.UniqueConstraint(fields=["site", "plugin"], name="one_switch_per_site_and_plugin")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.plugin} @ {self.site_id}"


class PluginPermission(models.Model):
    """The content type under which the permissions plugins declare are stored; never has rows."""

    class Meta:
        default_permissions = ()
        verbose_name = _("module permission")
        verbose_name_plural = _("module permissions")

    def __str__(self) -> str:
        return f"{self.pk}"

"""Settings of login.gov.pl, one row for each site. Keys are files, not rows (`keys.py`)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ebok.ports import Setting
from ebok_plugins.login_gov_pl import keys

THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Level(models.TextChoices):
    """Level of assurance of eIDAS."""

    LOW = "low", _("low")
    SUBSTANTIAL = "substantial", _("substantial")
    HIGH = "high", _("high")


class Sector(models.TextChoices):
    """What the node is told about us."""

    PUBLIC = "public", _("public body")
    PRIVATE = "private", _("private entity")


def check_address(address: str) -> None:
    """Only https; plain http is for a simulator on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in THIS_MACHINE:
        raise ValidationError(_("The address must begin with https://."))


def check_certificates(text: str) -> None:
    """PEM certificates and nothing else; a private key pasted by mistake is refused."""
    if "PRIVATE KEY" in text:
        raise ValidationError(_("This is a private key. Only certificates belong here."))
    try:
        keys.certificates_in(text)
    except ValueError:
        raise ValidationError(_("These are no certificates in the PEM format.")) from None


@register_setting(icon="key")
class LoginGovPlSettings(BaseSiteSetting):
    """Who we are to the node, where it is, and how we know that an answer is its own."""

    entity_id = models.CharField(
        _("our entity id"), max_length=255, blank=True, help_text=_("As it was given in the application.")
    )
    sector = models.CharField(_("sector"), max_length=8, choices=Sector, default=Sector.PUBLIC)
    level = models.CharField(
        _("lowest level of assurance"), max_length=12, choices=Level, default=Level.SUBSTANTIAL
    )
    node_entity_id = models.CharField(_("entity id of the node"), max_length=255, blank=True)
    sign_in_url = models.URLField(
        _("address for signing in"),
        blank=True,
        validators=[check_address],
        help_text="https://login.gov.pl/login/SingleSignOnService",
    )
    artifact_url = models.URLField(
        _("address that resolves artifacts"),
        blank=True,
        validators=[check_address],
        help_text="https://login.gov.pl/login-services/idpArtifactResolutionService",
    )
    sign_out_url = models.URLField(
        _("address for signing out"),
        blank=True,
        validators=[check_address],
        help_text=_("Empty: the node is not told when people sign out."),
    )
    node_certificates = models.TextField(
        _("certificates of the node"),
        blank=True,
        validators=[check_certificates],
        help_text=_("PEM; the old and the new one together while they change."),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("entity_id"), FieldPanel("sector"), FieldPanel("level")], heading=_("We")
        ),
        MultiFieldPanel(
            [
                FieldPanel("node_entity_id"),
                FieldPanel("sign_in_url"),
                FieldPanel("artifact_url"),
                FieldPanel("sign_out_url"),
                FieldPanel("node_certificates"),
            ],
            heading=_("The node"),
        ),
    ]

    class Meta:
        verbose_name = _("login.gov.pl settings")
        verbose_name_plural = _("login.gov.pl settings")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.site}"

    def missing_settings(self) -> list[Setting]:
        """What must be there before people can be sent to the node; the files of the keys, too."""
        wanted = ("entity_id", "node_entity_id", "sign_in_url", "artifact_url", "node_certificates")
        edit_url = reverse("wagtailsettings:edit", args=("login_gov_pl", "logingovplsettings", self.site_id))
        found = [
            Setting(name=name, title=self._meta.get_field(name).verbose_name, edit_url=edit_url)
            for name in wanted
            if not getattr(self, name).strip()
        ]
        if any(not (keys.folder() / name).is_file() for name in keys.FILES):
            title = _("files %(names)s in the folder of keys") % {"names": ", ".join(keys.FILES)}
            found.append(Setting(name="EBOK_LOGIN_GOV_PL_KEYS", title=title, edit_url=edit_url))
        return found

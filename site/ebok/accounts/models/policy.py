"""What a site asks of passwords beyond what everybody is asked."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="lock", order=30)
class SignInRules(BaseSiteSetting):
    """How long a password may be used on this site; 0 is for ever, which is safer than it sounds."""

    password_days = models.PositiveSmallIntegerField(
        _("days a password may be used"),
        default=0,
        validators=[MaxValueValidator(3650)],
        help_text=_(
            "0 means as long as the person likes. People who must change passwords choose weaker ones; "
            "a second step of signing in protects better."
        ),
    )

    panels = [MultiFieldPanel([FieldPanel("password_days")], heading=_("Passwords"))]

    class Meta:
        verbose_name = _("rules of signing in")

"""An identity that belongs to an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkWay(models.TextChoices):
    """How an identity came to belong to an account."""

    CONSENT = "consent", _("consent of the person")
    EMAIL = "email", _("verified e-mail address")


class IdentityLink(models.Model):
    """One identity of one person. The identity itself is not kept, only its keyed hash.

    A person has at most one at each provider, and an identity belongs to at most one account.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="identity_links",
    )
    provider = models.CharField(_("identity provider"), max_length=80)
    subject_hash = models.CharField(_("keyed hash of the identity"), max_length=64, editable=False)
    way = models.CharField(_("how it was linked"), max_length=8, choices=LinkWay)
    consent = models.TextField(_("what the person agreed to"), blank=True, default="")
    linked_at = models.DateTimeField(_("linked"))

    class Meta:
        verbose_name = _("linked identity")
        verbose_name_plural = _("linked identities")
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject_hash"], name="accounts_identity_once"),
            models.UniqueConstraint(fields=["user", "provider"], name="accounts_identity_per_user"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.user_id}"

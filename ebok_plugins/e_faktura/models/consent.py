"""Who agreed to get bills by e-mail instead of on paper, since when, and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok.customers.models import Customer


class ConsentWay(models.TextChoices):
    """How the customer said it."""

    PORTAL = "portal", _("in the portal")
    REQUEST = "request", _("by a request the office approved")
    OFFICE = "office", _("at the office")


class EInvoiceConsent(models.Model):
    """One stretch of time in which a customer gets bills electronically. Rows are never deleted.

    A customer has at most one that is not withdrawn. Agreeing again after a withdrawal is a new row.
    """

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="e_invoice_consents",
        db_index=False,
    )
    given_at = models.DateTimeField(_("given"))
    given_how = models.CharField(pgettext_lazy("consent", "how"), max_length=8, choices=ConsentWay)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who agreed"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_how = models.CharField(
        _("how it was withdrawn"), max_length=8, choices=ConsentWay, blank=True, default=""
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("consent to e-invoices")
        verbose_name_plural = _("consents to e-invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="e_faktura_consent_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True)
                | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="e_faktura_consent_order",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-given_at"], name="e_faktura_consent_history")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.given_at:%Y-%m-%d}"

"""How a bill came to the customer, and what proves it (D08, D10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.billing.models import Invoice
from ebok.customers.models import Customer


class DeliveryWay(models.TextChoices):
    """By which way the utility owes the bill."""

    ELECTRONIC = "e", _("electronically")
    PAPER = "paper", _("on paper")


class Delivery(models.Model):
    """The way of one bill to its customer. Each moment is the first of its kind and is never moved.

    `sent_at` and `delivered_at` tell about the message that announced the bill; `opened_at`,
    `downloaded_at` and `confirmed_at` about people of the customer, never about employees who look as
    the client.
    """

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    invoice = models.OneToOneField(
        Invoice,
        verbose_name=_("invoice"),
        on_delete=models.DO_NOTHING,
        related_name="delivery",
        db_constraint=False,
    )
    way = models.CharField(_("way"), max_length=5, choices=DeliveryWay, default=DeliveryWay.ELECTRONIC)
    created_at = models.DateTimeField(_("made available"))
    announced_at = models.DateTimeField(_("handed over for sending"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_to = models.CharField(_("sent to"), max_length=254, blank=True, default="")
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    failed_at = models.DateTimeField(_("not delivered"), null=True, blank=True)
    failure = models.CharField(_("why it was not delivered"), max_length=255, blank=True, default="")
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    downloaded_at = models.DateTimeField(_("downloaded"), null=True, blank=True)
    downloaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("receipt confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery of a bill")
        verbose_name_plural = _("deliveries of bills")
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="e_faktura_delivery_customer"),
            models.Index(fields=["-created_at", "-id"], name="e_faktura_delivery_staff"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(announced_at__isnull=True, way="e"),
                name="e_faktura_delivery_announce",
            ),
            models.Index(
                fields=["announced_at"],
                condition=models.Q(
                    way="e",
                    opened_at__isnull=True,
                    downloaded_at__isnull=True,
                    confirmed_at__isnull=True,
                    reminded_at__isnull=True,
                ),
                name="e_faktura_delivery_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.way}"

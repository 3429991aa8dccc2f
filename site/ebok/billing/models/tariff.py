"""Cennik (C07): tariffs with versions and components, and the norms of a flat rate (C08)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Service
from ebok.exchange.mirror import Mirrored

PERIOD = models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from"))
"""An end that is not before the beginning."""


class Tariff(Mirrored):
    """A tariff group of one service; prices are in its versions."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    code = models.CharField(_("tariff group"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    service = models.CharField(
        _("kind of service"), max_length=12, choices=Service, default=Service.WATER_SEWAGE
    )

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class TariffVersion(Mirrored):
    """A tariff as approved for a time."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    tariff = models.ForeignKey(
        Tariff, verbose_name=_("tariff"), on_delete=models.PROTECT, related_name="versions"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    decision = models.CharField(_("approved by decision"), max_length=160, blank=True, default="")

    class Meta:
        verbose_name = _("version of a tariff")
        verbose_name_plural = _("versions of tariffs")
        ordering = ["tariff", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["tariff", "valid_from"], name="billing_version_once"),
            models.CheckConstraint(condition=PERIOD, name="billing_version_period"),
        ]

    def __str__(self) -> str:
        return f"{self.tariff_id} {self.valid_from}"


class ComponentKind(models.TextChoices):
    """What a price is multiplied with."""

    USAGE = "usage", _("for usage")
    FIXED = "fixed", _("fixed")


class TariffComponent(Mirrored):
    """A price of a version: net, in PLN for one unit."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    version = models.ForeignKey(
        TariffVersion,
        verbose_name=_("version of a tariff"),
        on_delete=models.PROTECT,
        related_name="components",
    )
    code = models.CharField(_("component"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=5, choices=ComponentKind, default=ComponentKind.USAGE)
    unit = models.CharField(_("unit"), max_length=20, default="m³")
    net_price = models.DecimalField(_("net price"), max_digits=12, decimal_places=5)
    vat_rate = models.CharField(_("VAT rate"), max_length=4, default="8")
    """Percent, or "zw" (exempt) or "np" (outside VAT)."""

    class Meta:
        verbose_name = _("component of a tariff")
        verbose_name_plural = _("components of tariffs")
        ordering = ["version", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="billing_component_once"),
            models.CheckConstraint(condition=models.Q(net_price__gte=0), name="billing_component_price"),
        ]

    def __str__(self) -> str:
        return self.name


class FlatRateNorm(Mirrored):
    """Norma ryczałtowa: usage of one person in a month where there is no meter.

    Rule: regulation of 14 January 2002 (Dz.U. 2002 nr 8 poz. 70) on average norms of water usage.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    code = models.CharField(_("norm"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=255)
    monthly_quantity = models.DecimalField(_("quantity in a month"), max_digits=9, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=20, default="m³")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("norm of a flat rate")
        verbose_name_plural = _("norms of the flat rate")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=PERIOD, name="billing_norm_period"),
            models.CheckConstraint(condition=models.Q(monthly_quantity__gte=0), name="billing_norm_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

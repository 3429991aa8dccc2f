"""Invoices and their lines (D02-D04), corrections, and what KSeF says about them."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Contract, Customer, Owned
from ebok.exchange.mirror import Mirrored, in_order

ADDS_UP = models.Q(gross=Round(models.F("net") + models.F("vat"), 2))
"""Rounded, because SQLite adds floating-point numbers."""


def open_part_of(whole: str) -> models.Q:
    """The condition that `open_amount` lies between nothing and the whole, on the same side of zero."""
    debt = models.Q(**{f"{whole}__gt": 0}, open_amount__gt=0, open_amount__lte=models.F(whole))
    credit = models.Q(**{f"{whole}__lt": 0}, open_amount__lt=0, open_amount__gte=models.F(whole))
    return models.Q(open_amount=0) | debt | credit


class InvoiceKind(models.TextChoices):
    """Typ dokumentu."""

    INVOICE = "invoice", _("invoice")
    CORRECTION = "correction", _("correction")
    ADVANCE = "advance", _("advance invoice")
    FINAL = "final", _("final invoice")
    FORECAST = "forecast", _("forecast")
    INTEREST_NOTE = "interest", _("interest note")


class KsefMode(models.TextChoices):
    """How a document stands towards KSeF."""

    OUTSIDE = "outside", _("outside KSeF")
    ONLINE = "online", _("online")
    OFFLINE24 = "offline24", _("offline24")
    UNAVAILABLE = "unavailable", _("KSeF unavailable")
    FAILURE = "failure", _("failure of KSeF")


class Invoice(Owned):
    """A document of the billing system that asks for money, or corrects one that did.

    Amounts in PLN, exact to the grosz; `open_amount` is what is still to be paid and is negative for
    a correction that is owed to the customer. `corrects` stays inside the customer.
    """

    number = models.CharField(_("document number"), max_length=60)
    kind = models.CharField(
        _("type of document"), max_length=10, choices=InvoiceKind, default=InvoiceKind.INVOICE
    )
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    issued_on = models.DateField(_("date of issue"))
    sold_on = models.DateField(_("date of sale"), null=True, blank=True)
    due_on = models.DateField(_("date of payment"), null=True, blank=True)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_to = models.DateField(_("period to"), null=True, blank=True)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    vat = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2, default=Decimal(0))
    gross = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    open_amount = models.DecimalField(_("amount to pay"), max_digits=14, decimal_places=2, default=Decimal(0))
    paid_on = models.DateField(_("date of payment received"), null=True, blank=True)
    usage = models.DecimalField(_("usage"), max_digits=14, decimal_places=3, null=True, blank=True)
    usage_unit = models.CharField(_("unit"), max_length=10, blank=True, default="")
    account = models.CharField(_("account for payments (NRB)"), max_length=26, blank=True, default="")
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("contract"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="invoices",
        db_constraint=False,
        db_index=False,
    )
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("corrects"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="corrections",
        db_constraint=False,
        db_index=False,
    )
    correction_reason = models.CharField(
        _("reason of the correction"), max_length=255, blank=True, default=""
    )
    ksef_mode = models.CharField(_("mode of KSeF"), max_length=12, choices=KsefMode, default=KsefMode.OUTSIDE)
    ksef_number = models.CharField(_("KSeF number"), max_length=36, blank=True, default="")
    ksef_accepted_at = models.DateTimeField(_("accepted by KSeF"), null=True, blank=True)
    ksef_sha256 = models.CharField(_("SHA-256 of the XML"), max_length=64, blank=True, default="")
    ksef_upo = models.CharField(_("UPO reference"), max_length=80, blank=True, default="")

    class Meta(Owned.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(condition=ADDS_UP, name="billing_invoice_sum"),
            models.CheckConstraint(condition=open_part_of("gross"), name="billing_invoice_open"),
            models.CheckConstraint(
                condition=in_order("period_from", "period_to"), name="billing_invoice_period"
            ),
        ]
        indexes = [
            models.Index(
                "customer_id",
                models.F("issued_on").desc(),
                models.F("id").desc(),
                name="billing_invoice_list",
            ),
            models.Index(
                fields=["customer", "due_on"],
                condition=~models.Q(open_amount=0),
                name="billing_invoice_unpaid",
            ),
            models.Index(fields=["issued_on", "id"], name="billing_invoice_staff"),
        ]

    def __str__(self) -> str:
        return self.number


class LineKind(models.TextChoices):
    """Opłata stała or zużycie."""

    USAGE = "usage", _("for usage")
    FIXED = "fixed", _("fixed")


class InvoiceLine(Mirrored):
    """A line as it stands on the document: it copies meter, dates and states and points back to nothing."""

    pk = models.CompositePrimaryKey("customer_id", "invoice_id", "position")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        on_delete=models.DO_NOTHING,
        related_name="lines",
        db_constraint=False,
        db_index=False,
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=5, choices=LineKind, default=LineKind.USAGE)
    name = models.CharField(_("name"), max_length=160)
    point_code = models.CharField(_("point code"), max_length=40, blank=True, default="")
    meter_number = models.CharField(_("meter number"), max_length=40, blank=True, default="")
    register = models.PositiveSmallIntegerField(_("register"), null=True, blank=True)
    read_from_on = models.DateField(_("date of the previous reading"), null=True, blank=True)
    read_from = models.DecimalField(
        _("previous reading"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    read_to_on = models.DateField(_("date of the current reading"), null=True, blank=True)
    read_to = models.DecimalField(
        _("current reading"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    unit_price = models.DecimalField(_("unit price"), max_digits=12, decimal_places=5)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    vat_rate = models.CharField(_("VAT rate"), max_length=4, blank=True, default="")
    vat = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2, default=Decimal(0))
    gross = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta(Mirrored.Meta):
        verbose_name = _("line of an invoice")
        verbose_name_plural = _("lines of invoices")
        constraints = [
            models.CheckConstraint(condition=ADDS_UP, name="billing_line_sum"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="billing_line_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"

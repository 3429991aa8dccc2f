"""The mirror of the billing system's readings (F04-F07)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok.customers.models import Customer, Meter
from ebok.exchange.mirror import Provenance


class ReadingKind(models.IntegerChoices):
    """Typ odczytu."""

    ACTUAL = 1, _("actual")
    ESTIMATED = 2, _("estimated")
    CUSTOMER = 3, _("sent by the customer")
    REMOTE = 4, _("remote")


class ReadingState(models.IntegerChoices):
    """What the billing system did with a reading (F07)."""

    PENDING = 1, _("pending")
    SETTLED = 2, _("settled")
    UNSETTLED = 3, _("unsettled")
    REJECTED = 4, pgettext_lazy("a reading", "rejected")


class Reading(Provenance):
    """A state of a register on a day, kept for the customer who held the point on that day.

    No foreign key in the database: the import's joins prove the references, because a trigger for
    each row costs more than everything else in a load. On PostgreSQL the table is partitioned by year
    of `read_on` (`ebok.billing.partitions`). The settling line is named by invoice and position.
    """

    pk = models.CompositePrimaryKey("customer_id", "meter_id", "read_on", "register", "kind")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.DO_NOTHING,
        related_name="readings",
        db_constraint=False,
        db_index=False,
    )
    meter = models.ForeignKey(
        Meter,
        verbose_name=_("meter"),
        on_delete=models.DO_NOTHING,
        related_name="readings",
        db_constraint=False,
        db_index=False,
    )
    read_on = models.DateField(_("date of the reading"))
    register = models.PositiveSmallIntegerField(_("register"), default=1)
    kind = models.PositiveSmallIntegerField(
        _("type of the reading"), choices=ReadingKind, default=ReadingKind.ACTUAL
    )
    value = models.DecimalField(_("reading"), max_digits=12, decimal_places=3)
    usage = models.DecimalField(
        _("usage since the last reading"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    state = models.PositiveSmallIntegerField(_("state"), choices=ReadingState, default=ReadingState.PENDING)
    reason = models.CharField(_("reason of rejection"), max_length=160, blank=True, default="")
    invoice_id = models.BigIntegerField(_("settling invoice"), null=True, blank=True)
    invoice_position = models.PositiveSmallIntegerField(_("line of the invoice"), null=True, blank=True)

    class Meta(Provenance.Meta):
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="billing_reading_value"),
        ]

    def __str__(self) -> str:
        return f"{self.read_on} {self.value}"

"""Money: what is owed (the ledger of four kinds, D15), what was paid (D16), and what paid for what."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.billing.models.invoice import Invoice, open_part_of
from ebok.customers.models import Customer, Owned
from ebok.exchange.mirror import Mirrored, Source


class LedgerKind(models.TextChoices):
    """The four parts of a balance."""

    INVOICE = "invoice", _("invoice")
    INTEREST = "interest", _("interest")
    DEMAND = "demand", _("demand for payment")
    OVERPAYMENT = "overpayment", _("overpayment")


class LedgerEntry(Owned):
    """One position of a customer's account, in PLN.

    `amount` is positive when the customer owes it and negative when it is owed to the customer (an
    overpayment always, a correction sometimes). `open_amount` is the part that is not settled yet, with
    the same sign. A customer's balance is the sum of the open amounts: positive is a debt.
    """

    number = models.CharField(_("number of the entry"), max_length=60)
    kind = models.CharField(_("kind"), max_length=11, choices=LedgerKind, default=LedgerKind.INVOICE)
    title = models.CharField(_("title"), max_length=160, blank=True, default="")
    document_number = models.CharField(_("document number"), max_length=60, blank=True, default="")
    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="entries",
        db_constraint=False,
        db_index=False,
    )
    booked_on = models.DateField(_("booked on"))
    due_on = models.DateField(_("date of payment"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    open_amount = models.DecimalField(_("amount to pay"), max_digits=14, decimal_places=2)

    class Meta(Owned.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(condition=open_part_of("amount"), name="billing_entry_open"),
            models.CheckConstraint(
                condition=~models.Q(kind="overpayment") | models.Q(amount__lte=0),
                name="billing_entry_overpayment",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["interest", "demand"]) | models.Q(amount__gte=0),
                name="billing_entry_charge",
            ),
        ]
        indexes = [
            models.Index(
                "customer_id", models.F("booked_on").desc(), models.F("id").desc(), name="billing_entry_list"
            ),
            models.Index(
                fields=["customer", "kind", "due_on"],
                condition=~models.Q(open_amount=0),
                name="billing_entry_unpaid",
            ),
            models.Index(
                fields=["customer", "amount"],
                condition=models.Q(source=Source.ENTERED),
                name="billing_entry_entered",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentMethod(models.TextChoices):
    """How a payment came."""

    TRANSFER = "transfer", _("transfer")
    CASH = "cash", _("cash desk")
    CARD = "card", _("card")
    BLIK = "blik", _("BLIK")
    ONLINE = "online", _("online payment")
    DIRECT_DEBIT = "debit", _("direct debit")
    COMPENSATION = "compensation", _("compensation")
    OTHER = "other", _("other")


class Payment(Owned):
    """Wpłata: money that came, in PLN; a reversed one keeps its row and counts no more."""

    number = models.CharField(_("number of the payment"), max_length=60)
    paid_on = models.DateField(_("paid on"))
    booked_on = models.DateField(_("booked on"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    method = models.CharField(
        _("method of payment"), max_length=12, choices=PaymentMethod, default=PaymentMethod.TRANSFER
    )
    title = models.CharField(_("title"), max_length=160, blank=True, default="")
    account = models.CharField(_("account for payments (NRB)"), max_length=26, blank=True, default="")
    reversed_on = models.DateField(_("reversed on"), null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="billing_payment_amount"),
        ]
        indexes = [
            models.Index(
                "customer_id", models.F("paid_on").desc(), models.F("id").desc(), name="billing_payment_list"
            ),
            models.Index(fields=["paid_on", "id"], name="billing_payment_staff"),
            models.Index(
                fields=["customer", "amount"],
                condition=models.Q(source=Source.ENTERED),
                name="billing_payment_entered",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Allocation(Mirrored):
    """Which part of a payment settled which entry."""

    pk = models.CompositePrimaryKey("customer_id", "payment_id", "entry_id")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    payment = models.ForeignKey(
        Payment,
        verbose_name=_("payment"),
        on_delete=models.DO_NOTHING,
        related_name="allocations",
        db_constraint=False,
        db_index=False,
    )
    entry = models.ForeignKey(
        LedgerEntry,
        verbose_name=_("ledger entry"),
        on_delete=models.DO_NOTHING,
        related_name="allocations",
        db_constraint=False,
        db_index=False,
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    booked_on = models.DateField(_("booked on"), null=True, blank=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="billing_allocation_amount")
        ]
        indexes = [models.Index(fields=["customer", "entry"], name="billing_allocation_entry")]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.entry_id}"

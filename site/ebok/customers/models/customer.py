"""Who the utility has a contract with (C01), and the groups they are in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.customers.models.address import Address
from ebok.exchange.mirror import Mirrored

DEFAULT_GROUP = "CLIENTS"
"""The group every customer is in."""


class CustomerKind(models.TextChoices):
    """Rodzaj odbiorcy."""

    HOUSEHOLD = "household", _("household")
    COMPANY = "company", _("company")
    COMMUNITY = "community", _("housing community or co-operative")
    INSTITUTION = "institution", _("public institution")
    FARM = "farm", _("farm")
    OTHER = "other", _("other recipient")


class CustomerStatus(models.TextChoices):
    """Whether the utility supplies the customer today."""

    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("inactive")


class SettlementForm(models.TextChoices):
    """Forma rozliczenia (C06)."""

    METERED = "metered", _("by the meter")
    FLAT = "flat", _("flat rate by norms")
    SUB_METER = "sub_meter", _("by a sub-meter")
    GARDEN = "garden", _("with a garden meter")
    FORECAST = "forecast", _("by forecast")


class Customer(Address, Mirrored):
    """A customer of the utility: a person, a company, a community. The mirror of the billing system's.

    `id` is the id of its `NaturalKey` row. Personal numbers are kept as a keyed hash only.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    code = models.CharField(_("customer code"), max_length=40)
    name = models.CharField(_("customer name"), max_length=255)
    kind = models.CharField(
        _("kind of recipient"), max_length=12, choices=CustomerKind, default=CustomerKind.HOUSEHOLD
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CustomerStatus, default=CustomerStatus.ACTIVE
    )
    nip = models.CharField(_("tax number (NIP)"), max_length=10, blank=True, default="")
    regon = models.CharField(_("REGON"), max_length=14, blank=True, default="")
    pesel_hash = models.CharField(
        _("keyed hash of PESEL"), max_length=64, blank=True, default="", editable=False
    )
    e_delivery = models.CharField(_("e-Delivery address"), max_length=32, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    correspondence_name = models.CharField(_("addressee of letters"), max_length=255, blank=True, default="")
    correspondence_street = models.CharField(_("street of letters"), max_length=120, blank=True, default="")
    correspondence_house = models.CharField(_("house of letters"), max_length=20, blank=True, default="")
    correspondence_flat = models.CharField(_("flat of letters"), max_length=20, blank=True, default="")
    correspondence_postcode = models.CharField(
        _("postcode of letters"), max_length=10, blank=True, default=""
    )
    correspondence_town = models.CharField(_("town of letters"), max_length=80, blank=True, default="")
    virtual_account = models.CharField(_("account for payments (NRB)"), max_length=26, blank=True, default="")
    settlement_form = models.CharField(
        _("form of settlement"), max_length=10, choices=SettlementForm, default=SettlementForm.METERED
    )
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account manager"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="managed_customers",
    )
    since_on = models.DateField(_("customer since"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="customers_customer_has_code"),
            models.CheckConstraint(condition=~models.Q(name=""), name="customers_customer_has_name"),
        ]
        indexes = [
            models.Index(fields=["code"], name="customers_customer_code"),
            models.Index(fields=["name", "id"], name="customers_customer_name"),
            models.Index(fields=["nip"], name="customers_customer_nip", condition=~models.Q(nip="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CustomerGroup(Mirrored):
    """A group of customers, for rights, mailings and announcements; everyone is in CLIENTS."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    code = models.CharField(_("group code"), max_length=40, unique=True)
    name = models.CharField(_("group name"), max_length=120)

    class Meta:
        verbose_name = _("group of customers")
        verbose_name_plural = _("groups of customers")

    def __str__(self) -> str:
        return self.name


class GroupMember(Mirrored):
    """A customer's place in a group."""

    pk = models.CompositePrimaryKey("customer_id", "group_id")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="memberships",
        db_index=False,
    )
    group = models.ForeignKey(
        CustomerGroup, verbose_name=_("group of customers"), on_delete=models.PROTECT, related_name="members"
    )

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.group_id}"

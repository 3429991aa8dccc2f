"""Who may act for which customer (C-6): one row for each person and customer, and invitations to it.

The account signs in, the customer has the contract; nothing joins them but a row here. A person may act
for many customers, and a customer may let many persons in, each with a scope and an end.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.customers.models.customer import Customer


class AccessRole(models.TextChoices):
    """As whom a person acts for a customer; it gives a first scope and is shown beside the name."""

    OWNER = "owner", _("account holder")
    HOUSEHOLD = "household", _("household member")
    TENANT = "tenant", _("tenant")
    MANAGER = "manager", _("property manager")
    ATTORNEY = "attorney", _("attorney")


class Scope(models.TextChoices):
    """What a person may do for a customer; each page of the client zone asks for one of them."""

    ACCOUNT = "account", _("see the contract and the customer's data, and let others in")
    BILLS = "bills", _("see bills, payments and the balance")
    PAYING = "paying", _("pay")
    READINGS = "readings", _("see meters and send readings")
    MESSAGES = "messages", _("see and send messages, report failures")


class Scoped(models.Model):
    """A role with its scope, on a given access and on an offered one."""

    role = models.CharField(_("role"), max_length=10, choices=AccessRole, default=AccessRole.OWNER)
    manages_account = models.BooleanField(_("contract, data and other people's access"), default=False)
    sees_bills = models.BooleanField(_("bills, payments and balance"), default=False)
    pays = models.BooleanField(_("paying"), default=False)
    sends_readings = models.BooleanField(_("meters and readings"), default=False)
    writes_messages = models.BooleanField(_("messages and reports"), default=False)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    """Exclusive; NULL lasts until it is revoked."""

    class Meta:
        abstract = True

    @property
    def scopes(self) -> frozenset[str]:
        """What the row allows while it is valid."""
        return frozenset(scope for scope, field in SCOPE_FIELDS.items() if getattr(self, field))

    @property
    def last_day(self) -> date | None:
        """The last day on which the row still allows something; None without an end."""
        if self.valid_until is None:
            return None
        return timezone.localtime(self.valid_until - timedelta(microseconds=1)).date()


SCOPE_FIELDS: dict[str, str] = {
    Scope.ACCOUNT: "manages_account",
    Scope.BILLS: "sees_bills",
    Scope.PAYING: "pays",
    Scope.READINGS: "sends_readings",
    Scope.MESSAGES: "writes_messages",
}
"""Scope to the column that grants it."""

EVERYTHING = frozenset(SCOPE_FIELDS)


class AccessWay(models.TextChoices):
    """How a person came to act for a customer."""

    REGISTRATION = "registration", _("registration by an invoice")
    LETTER = "letter", _("code from a letter")
    INVITATION = "invitation", _("invitation")
    STAFF = "staff", _("given by the office")
    IDENTITY = "identity", _("confirmed identity")


class CustomerAccess(Scoped):
    """A person acts for a customer. Revoked rows stay, so that everyone can later see who could look.

    Found by the person at every request of the client zone, so the index begins with the person; the
    customer's own list has an index of its own.
    """

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="accesses",
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="customer_accesses",
        db_index=False,
    )
    way = models.CharField(_("how it was given"), max_length=12, choices=AccessWay, default=AccessWay.STAFF)
    given_at = models.DateTimeField(_("access given on"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("revoked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("access to a customer")
        verbose_name_plural = _("access to customers")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "customer"],
                condition=models.Q(revoked_at__isnull=True),
                name="customers_access_once",
            )
        ]
        indexes = [models.Index(fields=["customer", "revoked_at"], name="customers_access_list")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.user_id} {self.role}"

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the person may act at that moment."""
        return self.revoked_at is None and (self.valid_until is None or moment < self.valid_until)


class Invitation(Scoped):
    """An offer of access to whoever holds a mailbox; of the letter's token only a hash is kept."""

    public_id = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        related_name="invitations",
        db_index=False,
    )
    email = models.EmailField(_("e-mail"))
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    invited_at = models.DateTimeField(_("invited"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    expires_at = models.DateTimeField(_("may be accepted until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    access = models.OneToOneField(
        CustomerAccess,
        verbose_name=_("access to a customer"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="invitation",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["customer", "-invited_at"], name="customers_invitation_list")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.email}"

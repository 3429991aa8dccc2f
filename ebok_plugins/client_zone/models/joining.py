"""The way of a person to a customer: a registration until the mailbox is proven, then perhaps a claim."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import AccessWay, Customer
from ebok_plugins.client_zone.models.letters import AccessLetter


class ClaimKind(models.TextChoices):
    """What somebody wants who has proven a mailbox."""

    JOIN = "join", _("access to a customer")
    RECOVER = "recover", _("new sign-in data")


class Registration(models.Model):
    """What was typed on the way to an account; it waits for the link in the letter, and not for long.

    A row is made whether or not the data from the invoice were right, so that both take the same work:
    then `customer` is NULL and the letter holds no link.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=ClaimKind, default=ClaimKind.JOIN)
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True, editable=False)
    email = models.EmailField(_("e-mail"))
    password = models.CharField(_("password"), max_length=128, editable=False)
    """The hash, as the user model keeps it."""
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account to recover"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    way = models.CharField(_("how it was proven"), max_length=12, choices=AccessWay)
    letter = models.ForeignKey(
        AccessLetter,
        verbose_name=_("letter with a code"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"), db_index=True)
    expires_at = models.DateTimeField(_("works until"))
    done_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("wrong passwords"), default=0)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d %H:%M}"


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    WAITING = "waiting", _("waits for a proof")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    EXPIRED = "expired", _("expired")


class ProofWay(models.TextChoices):
    """What settled a claim."""

    PHONE = "phone", _("code sent to the phone")
    LETTER = "letter", _("code from a letter")
    OFFICE = "office", _("the office")


class Claim(models.Model):
    """A person with a proven mailbox who still owes one proof: a code, or the office's word.

    A claim to recover an account holds the new mailbox and password until it is approved, and is reached by
    a token, since its person cannot sign in.
    """

    public_id = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=ClaimKind, default=ClaimKind.JOIN)
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="customer_claims",
    )
    state = models.CharField(_("state"), max_length=8, choices=ClaimState, default=ClaimState.WAITING)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("waits until"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    proof = models.CharField(_("proof"), max_length=8, choices=ProofWay, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=255, blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    phone_sent_at = models.DateTimeField(_("code sent"), null=True, blank=True)
    phone_sent = models.PositiveSmallIntegerField(_("codes sent"), default=0)
    phone_tries = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    new_email = models.EmailField(_("new e-mail"), blank=True, default="")
    new_password = models.CharField(max_length=128, blank=True, default="", editable=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("claim to a customer")
        verbose_name_plural = _("claims to customers")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "customer"],
                condition=models.Q(state="waiting", kind="join"),
                name="client_zone_claim_once",
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="client_zone_claim_queue")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.user_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        """Whether nothing has been decided yet."""
        return self.state == ClaimState.WAITING

"""What a customer asks the office to do with the account (B13, B14)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok.customers.models import Customer


class RequestKind(models.TextChoices):
    """Rodzaj zlecenia."""

    CHANGE = "change", _("change of data")
    E_INVOICE_ON = "einvoice-on", _("invoices by e-mail")
    E_INVOICE_OFF = "einvoice-off", _("invoices on paper again")
    CLOSING = "closing", _("end of the contract")
    OTHER = "other", _("another matter of the account")


class RequestState(models.TextChoices):
    """How far the office is."""

    WAITING = "waiting", pgettext_lazy("a request", "waiting")
    APPROVED = "approved", pgettext_lazy("a request", "approved")
    REFUSED = "refused", pgettext_lazy("a request", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("a request", "withdrawn")


class AccountRequest(models.Model):
    """A request about the account. An approved one goes out to the billing system, never into the mirror.

    `changes` holds for each field of the customer what stood there when it was asked for and what is
    wanted: `{"phone": ["600100200", "600300400"]}`.
    """

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="account_requests",
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=RequestKind)
    state = models.CharField(_("state"), max_length=9, choices=RequestState, default=RequestState.WAITING)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    remark = models.TextField(_("remark"), blank=True, default="", max_length=2000)
    wanted_on = models.DateField(_("from the day"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("moment of the decision"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answer = models.TextField(_("answer"), blank=True, default="", max_length=2000)

    class Meta:
        verbose_name = _("request about the account")
        verbose_name_plural = _("requests about the account")
        indexes = [
            models.Index("customer_id", models.F("id").desc(), name="client_zone_request_list"),
            models.Index(fields=["state", "id"], name="client_zone_request_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=models.Q(state="waiting") & ~models.Q(kind="other"),
                name="client_zone_request_once",
                violation_error_message=_("You have sent this already; the office will answer soon."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"Z/{self.sent_at.year}/{self.pk:05d}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == RequestState.WAITING

"""Documents of KSeF as they were received: bytes first, judgement second."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok.billing.models import Invoice, KsefMode
from ebok.customers.models import Customer
from ebok.exchange.mirror import Mirrored
from ebok.files.keeping import PrivateFiles, random_name
from ebok_plugins.e_faktura.ksef import codes, modes
from ebok_plugins.e_faktura.ksef.problems import Problem, from_json

_files = PrivateFiles("ksef")


def ksef_storage() -> Storage:
    """Where the files lie; a callable, so that migrations do not carry the folder."""
    return _files


def ksef_path(_document: object, filename: str) -> str:
    """A random name: the database alone knows whose it is."""
    return f"xml/{random_name(filename)}"


def picture_path(_document: object, filename: str) -> str:
    """The same for visualisations."""
    return f"pdf/{random_name(filename)}"


class KsefState(models.TextChoices):
    """What became of a file."""

    RECEIVED = "received", pgettext_lazy("a KSeF file", "received, not judged yet")
    KEPT = "kept", pgettext_lazy("a KSeF file", "in order")
    WAITING = "waiting", pgettext_lazy("a KSeF file", "waits for a decision")
    REFUSED = "refused", pgettext_lazy("a KSeF file", "refused")
    PUT_ASIDE = "aside", pgettext_lazy("a KSeF file", "put aside")


STANDING = (KsefState.KEPT, KsefState.WAITING)
"""States in which a file stands for its invoice, so that there may be no second one."""


class KsefOrigin(models.TextChoices):
    """How a file came here."""

    UPLOAD = "upload", _("added by an employee")
    DELIVERY = "delivery", _("delivered by the billing system")


class KsefFile(models.Model):
    """A file as it came: the very bytes, who brought it, and what is wrong with it.

    `reasons` are problems as JSON, told in the reader's language.
    """

    file = models.FileField(_("file"), storage=ksef_storage, upload_to=ksef_path, max_length=120)
    file_name = models.CharField(_("name of the file"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=KsefState, default=KsefState.RECEIVED)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=KsefOrigin, default=KsefOrigin.UPLOAD)
    batch_id = models.BigIntegerField(_("delivery"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("received from"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, each with a sentence."""
        return from_json(self.reasons)


class KsefConfirmation(KsefFile):
    """A confirmation of receipt (UPO) of one document or of a whole session."""

    environment = models.CharField(_("environment"), max_length=120, blank=True, default="")
    session = models.CharField(_("session"), max_length=60, blank=True, default="")
    is_signed = models.BooleanField(_("signed"), default=False)

    class Meta:
        verbose_name = _("confirmation (UPO)")
        verbose_name_plural = _("confirmations (UPO)")


class KsefReceipt(models.Model):
    """One document of a confirmation; it finds its invoice by the fingerprint, whichever came first."""

    confirmation = models.ForeignKey(
        KsefConfirmation,
        verbose_name=_("confirmation (UPO)"),
        on_delete=models.CASCADE,
        related_name="receipts",
        db_index=False,
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    number = models.CharField(_("KSeF number"), max_length=36)
    seller_nip = models.CharField(_("tax number of the seller"), max_length=10)
    accepted_at = models.DateTimeField(_("accepted by KSeF"))
    is_offline = models.BooleanField(_("sent later"), default=False)

    class Meta:
        verbose_name = _("confirmed document")
        verbose_name_plural = _("confirmed documents")
        constraints = [
            models.UniqueConstraint(fields=["confirmation", "sha256"], name="e_faktura_receipt_once"),
        ]
        indexes = [models.Index(fields=["sha256"], name="e_faktura_receipt_hash")]

    def __str__(self) -> str:
        return self.number


class KsefDocument(KsefFile):
    """An invoice of KSeF. What is read from it is kept beside it for lists and for joining.

    `customer` is empty until somebody's; `invoice` is empty for what came through KSeF only.
    """

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ksef_documents",
        db_index=False,
    )
    invoice = models.ForeignKey(
        Invoice,
        verbose_name=_("invoice"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="ksef_documents",
        db_constraint=False,
        db_index=False,
    )
    confirmation = models.ForeignKey(
        KsefConfirmation,
        verbose_name=_("confirmation (UPO)"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="documents",
    )
    number = models.CharField(_("KSeF number"), max_length=36, blank=True, default="")
    mode = models.CharField(_("mode of KSeF"), max_length=12, choices=KsefMode, default=KsefMode.ONLINE)
    accepted_at = models.DateTimeField(_("accepted by KSeF"), null=True, blank=True)
    code_ii_url = models.CharField("KOD II", max_length=2000, blank=True, default="")
    kind = models.CharField(_("type of document"), max_length=7, blank=True, default="")
    invoice_number = models.CharField(_("document number"), max_length=256, blank=True, default="")
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    due_on = models.DateField(_("date of payment"), null=True, blank=True)
    seller_nip = models.CharField(_("tax number of the seller"), max_length=10, blank=True, default="")
    buyer_nip = models.CharField(_("tax number of the buyer"), max_length=10, blank=True, default="")
    buyer_name = models.CharField(_("buyer"), max_length=512, blank=True, default="")
    customer_number = models.CharField(_("customer number"), max_length=256, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    gross = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    to_pay = models.DecimalField(_("amount to pay"), max_digits=18, decimal_places=2, null=True, blank=True)
    has_attachment = models.BooleanField(_("with an attachment"), default=False)
    picture = models.FileField(
        _("visualisation"), storage=ksef_storage, upload_to=picture_path, max_length=120, blank=True
    )
    picture_of = models.CharField(_("digest of what it shows"), max_length=64, blank=True, default="")
    changes = models.PositiveIntegerField(default=0, editable=False)
    """Counts decisions of people, so that two at once notice each other."""
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("document of KSeF")
        verbose_name_plural = _("documents of KSeF")
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(state__in=STANDING) & ~models.Q(number=""),
                name="e_faktura_ksef_number",
            ),
            models.UniqueConstraint(
                fields=["seller_nip", "kind", "invoice_number"],
                condition=models.Q(state__in=STANDING),
                name="e_faktura_ksef_once",
            ),
        ]
        indexes = [
            models.Index(
                "customer_id", models.F("issued_on").desc(), models.F("id").desc(), name="e_faktura_ksef_list"
            ),
            models.Index(fields=["state", "-id"], name="e_faktura_ksef_queue"),
            models.Index(fields=["invoice"], name="e_faktura_ksef_invoice"),
        ]

    def __str__(self) -> str:
        return self.invoice_number or self.file_name

    @property
    def status(self) -> modes.Status:
        """How the document stands towards KSeF, in words."""
        return modes.status_of(self.mode, self.number)

    @property
    def state_in_words(self) -> str:
        """The same in one or two words."""
        return str(self.status.text)

    @property
    def is_standing(self) -> bool:
        """Whether it stands for its invoice; codes of any other file would mislead."""
        return self.state in STANDING

    @property
    def xml(self) -> models.fields.files.FieldFile:
        """The very bytes."""
        return self.file

    @property
    def upo(self) -> models.fields.files.FieldFile | None:
        """The confirmation, where there is one."""
        return self.confirmation.file if self.confirmation is not None else None

    @property
    def code_i_url(self) -> str:
        """KOD I, from the fingerprint of the very bytes; "" for what is no invoice, or is outside KSeF."""
        is_outside = self.mode == KsefMode.OUTSIDE and not self.number
        if self.issued_on is None or not self.seller_nip or is_outside:
            return ""
        digest = bytes.fromhex(self.sha256)
        return codes.code_i_url_of_hash(digest, self.seller_nip, self.issued_on, codes.environment())

    @property
    def code_label(self) -> str:
        """What stands under KOD I: the number, or that there is none yet."""
        return self.number or "OFFLINE"


class DeliveredKsef(Mirrored):
    """What the billing system says: this file of the same delivery is an invoice of KSeF of this customer."""

    pk = models.CompositePrimaryKey("customer_id", "file_name")
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    file_name = models.CharField(_("file of the XML"), max_length=200)
    upo_name = models.CharField(_("file of the UPO"), max_length=200, blank=True, default="")
    number = models.CharField(_("KSeF number"), max_length=36, blank=True, default="")
    mode = models.CharField(_("mode of KSeF"), max_length=12, choices=KsefMode, default=KsefMode.ONLINE)
    accepted_at = models.DateTimeField(_("accepted by KSeF"), null=True, blank=True)
    code_ii_url = models.CharField("KOD II", max_length=2000, blank=True, default="")

    class Meta(Mirrored.Meta):
        verbose_name = _("delivered document of KSeF")
        verbose_name_plural = _("delivered documents of KSeF")

    def __str__(self) -> str:
        return self.file_name

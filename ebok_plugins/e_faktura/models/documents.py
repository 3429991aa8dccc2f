"""PDF files of bills, as they were made here or as the billing system sent them."""

from __future__ import annotations

from django.core.files.storage import Storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.billing.models import Invoice
from ebok.customers.models import Customer
from ebok.exchange.mirror import Mirrored
from ebok.files.keeping import PrivateFiles, random_name

_files = PrivateFiles("invoices")


def document_storage() -> Storage:
    """Where the files lie; a callable, so that migrations do not carry the folder."""
    return _files


def document_path(_document: object, filename: str) -> str:
    """A random name: the database alone knows whose bill it is."""
    return f"pdf/{random_name(filename)}"


class DeliveredPdf(Mirrored):
    """What the billing system says: this bill has a PDF of its own, in the same delivery."""

    pk = models.CompositePrimaryKey("customer_id", "invoice_id")
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
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    file_name = models.CharField(_("file of the PDF"), max_length=200, blank=True, default="")

    class Meta(Mirrored.Meta):
        verbose_name = _("PDF sent by the billing system")
        verbose_name_plural = _("PDF files sent by the billing system")

    def __str__(self) -> str:
        return self.file_name


class DocumentOrigin(models.TextChoices):
    """Whose file it is."""

    MADE = "made", _("made by the portal")
    BILLING = "billing", _("sent by the billing system")


class InvoiceDocument(models.Model):
    """The PDF of one bill. One that the billing system sent is never replaced by one of ours."""

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
        related_name="document",
        db_constraint=False,
    )
    origin = models.CharField(_("origin"), max_length=8, choices=DocumentOrigin, default=DocumentOrigin.MADE)
    file = models.FileField(_("file"), storage=document_storage, upload_to=document_path, max_length=120)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    made_from = models.CharField(_("digest of what it shows"), max_length=64, blank=True, default="")
    """Of everything our own sheet is made of; another digest means that it must be made anew."""
    delivered_as = models.CharField(_("name in the delivery"), max_length=200, blank=True, default="")
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("PDF of a bill")
        verbose_name_plural = _("PDF files of bills")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.origin}"

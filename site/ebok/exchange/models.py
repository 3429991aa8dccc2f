"""Natural keys, deliveries with what was found in them, exports with their acknowledgement.

`NaturalKey` is the lookup table of `docs/architecture.md`: it is the only place where a name given by
the billing system is unique over all customers, so that the tables of customers need no such constraint.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


class NaturalKey(models.Model):
    """The id and the owner of what the billing system calls `key`.

    For a keyed dataset the row's `id` is the primary key of the mirror row itself: one sequence for all
    of them. A further lookup (`dataset` of the form "<dataset>.<column>") points to its row with
    `target_id`, which otherwise equals `id`.
    """

    id = models.BigAutoField(primary_key=True)
    dataset = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    customer_id = models.BigIntegerField(null=True)
    target_id = models.BigIntegerField(null=True)
    """NULL means the row's own id; `object_id` resolves it."""

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        default_permissions = ()
        verbose_name = _("natural key")
        verbose_name_plural = _("natural keys")
        constraints = [models.UniqueConstraint(fields=["dataset", "key"], name="exchange_naturalkey_name")]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.key}"

    @property
    def object_id(self) -> int:
        """The primary key of the row that is called so."""
        return self.id if self.target_id is None else self.target_id


class Phase(models.TextChoices):
    """How far a delivery has come; the phases follow each other in this order."""

    RECEIVED = "received", _("received")
    PARSED = "parsed", _("read")
    VALIDATED = "validated", _("checked")
    COMPARED = "compared", _("compared")
    APPROVED = "approved", _("approved")
    APPLIED = "applied", _("taken over")
    DONE = "done", _("finished")


class Outcome(models.TextChoices):
    """Why a delivery goes no further, or that it may."""

    OPEN = "open", _("in progress")
    WAITING = "waiting", _("waits for approval")
    DRY = "dry", _("trial run, nothing was changed")
    SKIPPED = "skipped", _("the same delivery was taken over before")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("stopped by an error")
    DONE = "done", _("taken over")


class Delivery(models.Model):
    """One delivery of the billing system: what arrived, when it was true, and what became of it.

    Kept before it is judged: the bytes lie under `stored_as` in the exchange folder, with their SHA-256.
    """

    profile = models.CharField(_("profile"), max_length=60)
    name = models.CharField(_("name"), max_length=255)
    stored_as = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.BigIntegerField(_("size"), default=0)
    as_of = models.DateTimeField(_("as of"), null=True)
    complete = models.BooleanField(_("complete"), default=True)
    """Whether it holds everything (then rows may vanish) or only what changed."""
    received_at = models.DateTimeField(_("received"), db_default=Now(), db_index=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    way_in = models.CharField(_("way in"), max_length=20, default="command")
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, default=Phase.RECEIVED)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    sentence = models.TextField(_("in words"), blank=True)
    dry_run = models.BooleanField(_("trial run"), default=False)
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    applied_at = models.DateTimeField(_("taken over"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    progress = models.JSONField(default=dict)
    """For people who watch: {"phase", "dataset", "done", "of"} of rows."""
    totals = models.JSONField(_("control totals"), default=dict)
    """{"stated": {dataset: {column: "sum"}}, "found": …, "balance": {"before", "after"}}; texts, exact."""

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class DeliveryPart(models.Model):
    """One dataset of a delivery, with its numbers."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="parts")
    dataset = models.CharField(_("dataset"), max_length=60)
    member = models.CharField(_("file"), max_length=255)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    steps = models.JSONField(default=dict)
    """Recorded steps of the apply phase: on SQLite a restart continues after the last of them."""
    rows = models.BigIntegerField(_("rows"), default=0)
    new = models.BigIntegerField(_("new"), default=0)
    changed = models.BigIntegerField(_("changed"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    rejected = models.BigIntegerField(_("rejected"), default=0)
    conflicts = models.BigIntegerField(_("conflicts"), default=0)
    orphans = models.BigIntegerField(_("orphans"), default=0)
    """Rejected rows whose reference leads nowhere; they are counted among the rejected too."""
    vanished = models.BigIntegerField(_("vanished"), default=0)

    class Meta:
        verbose_name = _("part of a delivery")
        verbose_name_plural = _("parts of deliveries")
        constraints = [models.UniqueConstraint(fields=["delivery", "dataset"], name="exchange_part_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.dataset}"


class FindingKind(models.TextChoices):
    """What a person should look at."""

    REJECTED = "rejected", _("rejected")
    CONFLICT = "conflict", _("conflict")
    VANISHED = "vanished", _("vanished")


class Decision(models.TextChoices):
    """What a person decided about a conflict or a vanished row."""

    OPEN = "open", _("to be decided")
    THEIRS = "theirs", _("taken from the billing system")
    OURS = "ours", _("left as it is here")
    ONE = "one", _("they are one")
    TWO = "two", _("two different ones")


class Finding(models.Model):
    """One row that was not simply taken over, with the reason in a sentence."""

    part = models.ForeignKey(DeliveryPart, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind)
    row_number = models.BigIntegerField(_("row"), null=True)
    column = models.CharField(_("column"), max_length=60, blank=True)
    key = models.CharField(_("key"), max_length=255, blank=True)
    reason = models.TextField(_("reason"))
    cells = models.JSONField(default=dict)
    """The row as it was delivered, column to text, so that it can be mended and sent again."""
    ours = models.JSONField(default=dict)
    """For a conflict: what the mirror says, column to text."""
    twin = models.BooleanField(default=False)
    """A conflict of a new row with one that was entered by hand: `ours` is probably the same thing."""
    decision = models.CharField(_("decision"), max_length=6, choices=Decision, default=Decision.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [
            models.Index(fields=["part", "kind", "row_number"], name="exchange_finding_list"),
            models.Index(fields=["decision", "kind"], name="exchange_finding_open"),
        ]

    def __str__(self) -> str:
        return self.reason


class Settled(models.Model):
    """A conflict somebody decided to leave as it is here: the same delivered row is not told again."""

    dataset = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    """Of what the delivered row said; a row that says something else is told."""

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        default_permissions = ()
        verbose_name = _("settled conflict")
        verbose_name_plural = _("settled conflicts")
        constraints = [models.UniqueConstraint(fields=["dataset", "key"], name="exchange_settled_once")]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.key}"


class Standing(models.Model):
    """Whether what the mirror says of a dataset is still exactly what one delivery said.

    As long as `delivery_id` is set, a line which that delivery held too needs no look at the database.
    Whoever changes rows of the dataset in another way calls `ebok.exchange.kept_lines.forget`.
    """

    dataset = models.CharField(max_length=60, primary_key=True)
    delivery_id = models.BigIntegerField(null=True)
    touched = models.BigIntegerField(default=0)
    """Rises with every change by hand, so that one made during an import is not missed."""
    lines = models.BooleanField(default=False)
    """Whether the lines of that delivery may be compared with the next one's."""
    header = models.TextField(blank=True)
    """Which columns the lines have and how they are parted."""
    totals = models.JSONField(default=dict)
    """Sums of the control columns over all its lines, exact, as texts."""

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        default_permissions = ()
        verbose_name = _("standing of a dataset")
        verbose_name_plural = _("standings of datasets")

    def __str__(self) -> str:
        return self.dataset


@register_setting(icon="cogs")
class ExchangeSettings(BaseGenericSetting):
    """How much may change without a person, and how old data may be."""

    approval_threshold = models.DecimalField(
        _("share of changed rows taken over without approval"),
        max_digits=5,
        decimal_places=2,
        default=20,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("In percent. A delivery that changes more waits until somebody approves it."),
    )
    twin_days = models.PositiveIntegerField(
        _("days within which two payments may be one"),
        default=5,
        validators=[MaxValueValidator(60)],
        help_text=_(
            "A payment or a ledger entry that was entered by hand and one that the billing system delivers"
            " later under its own number are taken for the same when customer and amount agree and their"
            " days differ by no more than this. A person decides."
        ),
    )
    freshness_hours = models.PositiveIntegerField(
        _("data are old after"),
        default=48,
        help_text=_("In hours. Older data are shown with a note, and the whole amount cannot be paid."),
    )
    watched_folder = models.CharField(
        _("watched folder"),
        max_length=255,
        blank=True,
        help_text=_("Deliveries that appear in this folder of the server are taken in by themselves."),
    )

    watched_profile = models.CharField(
        _("profile of the watched folder"),
        max_length=60,
        default="neutral",
        help_text=_("How deliveries in that folder are written."),
    )
    upload_limit_mb = models.PositiveIntegerField(
        _("largest upload"),
        default=200,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("In megabytes, all files of one delivery together. Larger ones go through the folder."),
    )

    class Meta:
        verbose_name = _("exchange of data")
        verbose_name_plural = _("exchange of data")


class ExportState(models.TextChoices):
    """How far the billing system has come with what was exported."""

    EXPORTED = "exported", _("exported")
    TAKEN_OVER = "taken", _("taken over")
    REJECTED = "rejected", _("rejected")
    PARTLY = "partly", _("partly taken over")
    """Only of a batch: some of its rows were taken over, others rejected or not answered yet."""


class ExportBatch(models.Model):
    """A numbered batch of what people did in the portal; the same number always has the same bytes.

    The bytes are not kept but written anew from the rows, whose cells are frozen when the batch is made;
    `sha256` proves it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("number"))
    outlet = models.CharField(_("kind"), max_length=60)
    columns = models.JSONField(_("columns"), default=list)
    """Names of the columns as they were then."""
    created_at = models.DateTimeField(_("made"), db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    rows = models.BigIntegerField(_("rows"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    """When its file was first written for the billing system; a run that was killed before is made good."""
    state = models.CharField(_("state"), max_length=8, choices=ExportState, default=ExportState.EXPORTED)
    state_at = models.DateTimeField(_("state since"), db_default=Now())
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("exported batch")
        verbose_name_plural = _("exported batches")
        ordering = ["outlet", "-number"]
        constraints = [models.UniqueConstraint(fields=["outlet", "number"], name="exchange_export_number")]

    def __str__(self) -> str:
        return f"{self.outlet} {self.number}"


class ExportedRow(models.Model):
    """One row of a batch, frozen as it was sent, with what the billing system answered.

    A row belongs to one batch only, unless it was rejected and released to be sent again.
    """

    batch = models.ForeignKey(ExportBatch, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("row"))
    outlet = models.CharField(max_length=60)
    row_key = models.CharField(max_length=64)
    """The primary key of the exported record, as text."""
    cells = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=ExportState, default=ExportState.EXPORTED)
    state_at = models.DateTimeField(_("state since"), db_default=Now())
    reason = models.TextField(_("reason"), blank=True)
    released_at = models.DateTimeField(_("released"), null=True)
    """Since when the record may go out again in another batch."""

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        default_permissions = ()
        verbose_name = _("exported row")
        verbose_name_plural = _("exported rows")
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="exchange_exportedrow_place"),
            models.UniqueConstraint(
                fields=["outlet", "row_key"],
                condition=models.Q(released_at__isnull=True),
                name="exchange_exportedrow_once",
            ),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="exchange_exportedrow_state")]

    def __str__(self) -> str:
        return f"{self.outlet} {self.row_key}"

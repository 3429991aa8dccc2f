"""Insert-only tables: what happened, how it read, the seal over it, and what was rightly removed.

`Event` is immutable and free of personal text; `Detail` holds what erasure and retention may
delete; `Link` is the chain; `Removal` is a signed statement for each deletion, so that a deletion without
one is found. Nothing has a foreign key: rows here must outlive what they are about.
Guards in the database (`guards.py`) refuse what the Python side refuses here.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

SALT_LENGTH = 32
"""Hexadecimal digits of a detail's salt (16 random bytes)."""


class JournalIsInsertOnly(TypeError):
    """Somebody tried to change or delete what the journal keeps."""

    def __init__(self) -> None:
        super().__init__("The journal is insert-only: rows are never changed or deleted.")


class InsertOnlyQuerySet(models.QuerySet[Any]):
    """A query set that reads and inserts, and refuses the rest."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise JournalIsInsertOnly

    def delete(self) -> NoReturn:
        """Refused; details are erased through `erasing.py`."""
        raise JournalIsInsertOnly


class InsertOnly(models.Model):
    """A row that is written once."""

    objects = InsertOnlyQuerySet.as_manager()

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        abstract = True
        # Nobody is ever granted a right to change these rows; seeing them is `journal.view`.
        default_permissions = ()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raises `JournalIsInsertOnly` for one that was already written."""
        if not self._state.adding:
            raise JournalIsInsertOnly
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise JournalIsInsertOnly


class Event(InsertOnly):
    """Something happened. On PostgreSQL this table is split by month."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(_("kind"), max_length=100)
    moment = models.DateTimeField(_("moment"))
    actor_id = models.BigIntegerField(_("who"), null=True)
    site_id = models.IntegerField(_("site"), null=True)
    customer_id = models.BigIntegerField(_("customer"), null=True)
    object_type = models.CharField(_("kind of object"), max_length=100, blank=True)
    object_id = models.CharField(_("object"), max_length=64, blank=True)
    digest = models.CharField(_("digest of the detail"), max_length=64)
    """SHA-256 over the salt and the detail, so the detail can be proven while it exists, and
    guessed by nobody after it was erased."""
    seal = models.CharField(_("seal"), max_length=64, db_default="", default="", blank=True)
    """HMAC over all of the above, made by the portal when the event was recorded: the writer of the chain
    takes no event that somebody else put into the table. Empty only for events sealed before 0003."""

    class Meta(InsertOnly.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["customer_id", "moment"], name="journal_event_customer"),
            models.Index(fields=["kind", "moment"], name="journal_event_kind"),
            models.Index(fields=["moment", "id"], name="journal_event_moment"),
            models.Index(
                fields=["actor_id", "moment"],
                condition=models.Q(actor_id__isnull=False),
                name="journal_event_actor",
            ),
            models.Index(fields=["object_type", "object_id", "moment"], name="journal_event_object"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Detail(InsertOnly):
    """How an event read, and where it came from: the only rows that may be deleted."""

    event_id = models.UUIDField(primary_key=True, editable=False)
    moment = models.DateTimeField(_("moment"))
    text = models.TextField(_("text"))
    actor_label = models.CharField(_("who"), max_length=255, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    device = models.CharField(_("device"), max_length=300, blank=True)
    payload = models.JSONField(_("data"), default=dict)
    salt = models.CharField(max_length=SALT_LENGTH)

    class Meta(InsertOnly.Meta):
        verbose_name = _("detail of an event")
        verbose_name_plural = _("details of events")
        indexes = [models.Index(fields=["address", "moment"], name="journal_detail_address")]

    def __str__(self) -> str:
        return self.text


class Link(InsertOnly):
    """One link of the chain; `seq` counts from 1 without a gap. Written only by `chain.py`."""

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(InsertOnly.Meta):
        db_table = "journal_chain"
        verbose_name = _("link of the chain")
        verbose_name_plural = _("links of the chain")

    def __str__(self) -> str:
        return f"#{self.seq}"


class Removal(InsertOnly):
    """A signed statement that something was rightly removed. Written and read only by `removals.py`."""

    id = models.UUIDField(primary_key=True, editable=False)
    moment = models.DateTimeField(_("moment"))
    what = models.CharField(max_length=20)
    said = models.TextField()
    """JSON, kept as text so that the seal covers exactly these bytes."""
    seal = models.CharField(max_length=64)

    class Meta(InsertOnly.Meta):
        verbose_name = _("statement of a removal")
        verbose_name_plural = _("statements of removals")

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"

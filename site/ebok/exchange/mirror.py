"""What every row of the mirror has: where it came from and who touched it last.

A mirror row is a copy of a row of the billing system, or was entered by the operator until the billing
system knows it. Nothing here has a foreign key to the batch: rows outlive the batches of which reports
are kept.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


def in_order(first: str, last: str) -> models.Q:
    """The condition that two days of a row stand in order; either may be NULL."""
    empty = models.Q(**{f"{last}__isnull": True}) | models.Q(**{f"{first}__isnull": True})
    return empty | models.Q(**{f"{last}__gte": models.F(first)})


class Source(models.IntegerChoices):
    """Who says that the row is so."""

    IMPORTED = 1, _("imported")
    ENTERED = 2, _("entered by the operator")


class Provenance(models.Model):
    """The two columns a row of any table filled by an import has; readings have nothing more."""

    source = models.PositiveSmallIntegerField(
        _("source"), choices=Source, default=Source.ENTERED, db_default=Source.ENTERED, editable=False
    )
    batch_id = models.BigIntegerField(_("batch"), null=True, editable=False)
    """The import that last changed the row; NULL for a row no import has touched."""

    wagtail_reference_index_ignore: ClassVar[bool] = True

    class Meta:
        abstract = True


class Mirrored(Provenance):
    """A row of the mirror that operators may also enter and correct.

    A correction by hand sets `corrected_at`; while it is set, an import that says otherwise reports a
    conflict and changes nothing, until a person decides or the billing system says the same. A row
    entered by hand counts as corrected from the start.
    Approved rows are locked: only the superadministrator deletes them, with a reason (K15). Imported
    rows are approved by being imported.
    """

    corrected_at = models.DateTimeField(_("corrected by hand"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)

    class Meta(Provenance.Meta):
        abstract = True

    @property
    def is_locked(self) -> bool:
        """Whether only the superadministrator may delete the row."""
        return self.source == Source.IMPORTED or self.approved_at is not None

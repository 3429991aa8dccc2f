"""Rows that operators enter, correct, approve and delete by hand (L01-L03, M08, K15).

One door for all datasets: the row is judged by the validator of the files, takes its natural key, is saved
and journalled in one transaction, and the import is told that its shortcut over unchanged lines no longer
holds. What a later import says otherwise becomes a conflict in its report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.exchange import kept_lines, natural_keys
from ebok.exchange.declared import declared_datasets
from ebok.exchange.mirror import Mirrored, Source
from ebok.exchange.models import NaturalKey
from ebok.exchange.validation import canonical, clean_row
from ebok.journal.services import record
from ebok.ports.datasets import KEY_SEPARATOR, Column, Dataset, Identity, Stored

if TYPE_CHECKING:
    from django.http import HttpRequest


Row = TypeVar("Row", bound=Mirrored)


class Refused(Exception):
    """Something that may not be done by hand; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def dataset_of(model: type[models.Model]) -> Dataset:
    """The dataset that fills the model. Raises `KeyError` when none does."""
    for dataset in declared_datasets():
        if apps.get_model(dataset.model) is model:
            return dataset
    raise KeyError(model._meta.label)


def cells_of(dataset: Dataset, row: models.Model) -> dict[str, str]:
    """The row as a line of the neutral file, column to text.

    Cells of references hold the names of the rows that are referred to; one query for each reference.
    """
    cells = {
        column.name: canonical(column, getattr(row, column.attname))
        for column in dataset.columns
        if column.attname
    }
    for reference in dataset.references:
        target = getattr(row, reference.field)
        found = NaturalKey.objects.filter(pk=target).first() if target is not None else None
        parts = found.key.split(KEY_SEPARATOR) if found else [""] * len(reference.columns)
        cells.update(zip(reference.columns, parts, strict=True))
    return cells


def check(dataset: Dataset, row: models.Model) -> None:
    """Judge the row as a line of a file would be, and give it the values as the file's would be kept.

    Raises `ValidationError` by the names of fields.
    """
    cells = cells_of(dataset, row)
    # What is kept as a hash cannot be judged again.
    for column in dataset.columns:
        if column.stored is not Stored.AS_IS:
            cells[column.name] = ""
    errors: dict[str, list[str]] = {}
    cleaned = clean_row(dataset, cells)
    for name, sentence in cleaned.errors:
        errors.setdefault(_field(dataset, name, row), []).append(sentence)
    if errors:
        raise ValidationError(errors)
    for column in dataset.columns:
        value = cleaned.values.get(column.name)
        if column.attname and column.stored is Stored.AS_IS and value is not None:
            setattr(row, column.attname, value)


def enter(row: Row, *, actor: Any, request: HttpRequest | None = None) -> Row:
    """Save a new row; it counts as entered by the operator until the billing system knows it.

    Raises `ValidationError` for what the validator refuses and for a natural key that is taken.
    """
    dataset = dataset_of(type(row))
    check(dataset, row)
    row.source, row.batch_id = Source.ENTERED, None
    row.corrected_at = row.changed_at = timezone.now()
    with transaction.atomic():
        if dataset.identity is Identity.KEYED:
            row.pk = _take(dataset, row)
        row.save(force_insert=True)
        _keep_lookups(dataset, row)
        _tell(dataset, row, "entered", _("Entered: %(row)s"), actor=actor, request=request)
    return row


def correct(row: Row, *, actor: Any, request: HttpRequest | None = None) -> Row:
    """Save what a person changed in a row of the mirror; only fields that differ are journalled.

    Raises `ValidationError` as `enter` does. A row that is as it was is not saved.
    """
    dataset = dataset_of(type(row))
    check(dataset, row)
    with transaction.atomic():
        before = type(row)._default_manager.select_for_update().get(pk=row.pk)
        changes = _changes(before, row)
        if not changes:
            return row
        row.corrected_at = row.changed_at = timezone.now()
        if dataset.identity is Identity.KEYED:
            _rename(dataset, row)
        row.save(force_update=True)
        _keep_lookups(dataset, row)
        _tell(
            dataset,
            row,
            "corrected",
            _("Corrected: %(row)s"),
            actor=actor,
            request=request,
            payload={"changes": changes},
        )
    return row


def approve(row: Mirrored, *, actor: Any, request: HttpRequest | None = None) -> None:
    """Lock a row that was entered by hand; approving twice changes nothing."""
    if row.is_locked:
        return
    with transaction.atomic():
        row.approved_at = timezone.now()
        row.save(update_fields=["approved_at"])
        _tell(dataset_of(type(row)), row, "approved", _("Approved: %(row)s"), actor=actor, request=request)


def delete(row: Mirrored, *, reason: str, actor: Any, request: HttpRequest | None = None) -> None:
    """Delete a row. Raises `Refused` with a sentence when it may not be deleted.

    What is approved, or was imported, only the superadministrator deletes, and always with a reason
    (K15). A row that others lean on stays.
    """
    reason = reason.strip()
    if row.is_locked and not getattr(actor, "is_superuser", False):
        raise Refused(_("This row is approved; only the superadministrator may delete it."))
    if row.is_locked and not reason:
        raise Refused(_("Give the reason for deleting an approved row."))
    dataset = dataset_of(type(row))
    leaning = _leaning(row)
    if leaning:
        raise Refused(
            _("It cannot be deleted, because these lean on it: %(names)s.") % {"names": ", ".join(leaning)}
        )
    with transaction.atomic():
        payload = {"row": cells_of(dataset, row), "reason": reason}
        _tell(dataset, row, "deleted", _("Deleted: %(row)s"), actor=actor, request=request, payload=payload)
        key = row.pk
        row.delete()
        if dataset.identity is Identity.KEYED:
            natural_keys.forget(dataset.key, key)


def _take(dataset: Dataset, row: Mirrored) -> int:
    owner = None if dataset.owns_itself else getattr(row, "customer_id", None)
    try:
        taken = natural_keys.take(dataset.key, _key(dataset, row), customer_id=owner)
    except natural_keys.KeyTaken:
        raise _is_taken(dataset, row) from None
    if dataset.owns_itself:
        natural_keys.own(taken)
    return taken


def _rename(dataset: Dataset, row: Mirrored) -> None:
    try:
        natural_keys.rename(dataset.key, row.pk, _key(dataset, row))
    except natural_keys.KeyTaken:
        raise _is_taken(dataset, row) from None


def _is_taken(dataset: Dataset, row: Mirrored) -> ValidationError:
    last = dataset.natural_key[-1]
    sentence = _("“%(key)s” is taken by another row.") % {"key": _key(dataset, row)}
    return ValidationError({_field(dataset, last, row): [sentence]})


def _key(dataset: Dataset, row: models.Model) -> str:
    cells = cells_of(dataset, row)
    return natural_keys.joined([cells[name] for name in dataset.natural_key])


def _keep_lookups(dataset: Dataset, row: Mirrored) -> None:
    owner = row.pk if dataset.owns_itself else getattr(row, "customer_id", None)
    for name in dataset.lookups:
        column = dataset.column(name)
        value = canonical(column, getattr(row, column.attname))
        try:
            natural_keys.point(dataset.key, name, value, object_id=row.pk, customer_id=owner)
        except natural_keys.KeyTaken:
            sentence = _("“%(key)s” is taken by another row.") % {"key": value}
            raise ValidationError({_field(dataset, name, row): [sentence]}) from None


def _field(dataset: Dataset, name: str, row: models.Model) -> str:
    """The form's field to which an error of the column belongs; NON_FIELD_ERRORS for a rule's."""
    column: Column | None = next((column for column in dataset.columns if column.name == name), None)
    if column is None:
        return "__all__"
    attname = column.attname or next(
        reference.field for reference in dataset.references if name in reference.columns
    )
    return next(field.name for field in row._meta.concrete_fields if field.attname == attname)


_OWN = frozenset({"source", "batch_id", "corrected_at", "approved_at", "changed_at"})


def _changes(before: models.Model, after: models.Model) -> dict[str, list[str]]:
    found = {}
    for field in after._meta.concrete_fields:
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if field.attname not in _OWN and old != new:
            found[field.attname] = [str(old), str(new)]
    return found


def _leaning(row: models.Model) -> list[str]:
    names = []
    for relation in row._meta.related_objects:
        attname = relation.field.attname
        if relation.on_delete is models.CASCADE:
            continue
        if relation.related_model._default_manager.filter(**{attname: row.pk}).exists():
            names.append(str(relation.related_model._meta.verbose_name_plural))
    return sorted(set(names))


def _tell(
    dataset: Dataset,
    row: Mirrored,
    what: str,
    text: str,
    *,
    actor: Any,
    request: HttpRequest | None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    kept_lines.forget(dataset.key)
    owner = row.pk if dataset.owns_itself else getattr(row, "customer_id", None)
    record(
        f"{row._meta.app_label}.{what}",
        text=f"{row._meta.verbose_name}. {text % {'row': row}}",
        actor=actor,
        request=request,
        customer_id=owner,
        obj=row,
        payload=payload,
    )

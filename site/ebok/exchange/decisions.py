"""What people decide about conflicts and vanished rows, carried out in one transaction with its event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.exchange import kept_lines, mirrored_rows, natural_keys, settled
from ebok.exchange.declared import declared_dataset
from ebok.exchange.mirror import Source
from ebok.exchange.models import Decision, Finding, FindingKind, NaturalKey, Outcome
from ebok.exchange.staging import Shape
from ebok.exchange.validation import canonical, clean_row
from ebok.journal.services import record
from ebok.ports.datasets import Column, Value

if TYPE_CHECKING:
    from ebok.accounts.models import User


class CannotDecide(Exception):
    """The decision cannot be carried out; `sentence` says why. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def take_theirs(finding_id: int, user: User | None) -> Finding:
    """Let the mirror say what the billing system said; a row of another customer moves to the new one.

    Raises `CannotDecide` when somebody decided before, when the delivery is not taken over yet, and when
    the row cannot be what the delivery says any more.
    """
    with transaction.atomic():
        finding = _conflict(finding_id, twin=False)
        with _told_by_database():
            owner = _overwrite(finding)
        settled.forget(declared_dataset(finding.part.dataset), finding.key)
        text = _("Conflict “%(key)s” (%(dataset)s): taken from the billing system")
        _close(finding, Decision.THEIRS, user, _Told("exchange.conflict_decided", text, owner))
    return finding


def keep_ours(finding_id: int, user: User | None) -> Finding:
    """Leave our row as it is; the same delivered row is not told again. Raises `CannotDecide`."""
    with transaction.atomic():
        finding = _conflict(finding_id, twin=False)
        settled.remember(declared_dataset(finding.part.dataset), finding.key, finding.cells)
        text = _("Conflict “%(key)s” (%(dataset)s): left as it is here")
        _close(
            finding, Decision.OURS, user, _Told("exchange.conflict_decided", text, _owner_by_name(finding))
        )
    return finding


def they_are_one(finding_id: int, user: User | None) -> Finding:
    """The entered row and the delivered one are the same: it takes the delivered name and values.

    The id stays, so that whatever points to the row goes with it. Raises `CannotDecide`.
    """
    with transaction.atomic():
        finding = _conflict(finding_id, twin=True)
        with _told_by_database():
            owner = _merge(finding)
        text = _("“%(key)s” (%(dataset)s) is the same as “%(own)s”, which was entered by hand")
        _close(finding, Decision.ONE, user, _Told("exchange.conflict_decided", text, owner))
    return finding


def two_different(finding_id: int, user: User | None) -> Finding:
    """The entered row and the delivered one are different: the delivered one comes in beside it.

    Raises `CannotDecide`.
    """
    with transaction.atomic():
        finding = _conflict(finding_id, twin=True)
        with _told_by_database():
            owner = _let_in(finding)
        text = _("“%(key)s” (%(dataset)s) is another one than “%(own)s”, which was entered by hand")
        _close(finding, Decision.TWO, user, _Told("exchange.conflict_decided", text, owner))
    return finding


def review_vanished(finding_id: int, user: User | None) -> Finding:
    """Note that somebody looked at a row which the billing system no longer delivers; it stays.

    Raises `CannotDecide`.
    """
    with transaction.atomic():
        finding = _open_finding(finding_id, FindingKind.VANISHED)
        text = _("Missing row “%(key)s” (%(dataset)s) was reviewed and stays")
        _close(
            finding, Decision.OURS, user, _Told("exchange.vanished_reviewed", text, _owner_by_name(finding))
        )
    return finding


def _conflict(finding_id: int, *, twin: bool) -> Finding:
    finding = _open_finding(finding_id, FindingKind.CONFLICT)
    if finding.twin and not twin:
        raise CannotDecide(_("“%(key)s”: say whether the two are one, or different.") % {"key": finding.key})
    if twin and not finding.twin:
        raise CannotDecide(_("There is nothing to decide here."))
    return finding


@contextmanager
def _told_by_database() -> Iterator[None]:
    """A savepoint; what the database refuses in it is said in a sentence."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        raise CannotDecide(
            _("The database refuses this row: it contradicts other rows (%(error)s).")
            % {"error": type(error).__name__}
        ) from error


def _open_finding(finding_id: int, kind: FindingKind) -> Finding:
    finding = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("part__delivery")
        .filter(pk=finding_id, kind=kind)
        .first()
    )
    if finding is None:
        raise CannotDecide(_("There is nothing to decide here."))
    if finding.decision != Decision.OPEN:
        raise CannotDecide(
            _("Somebody has decided about “%(key)s” already: %(decision)s.")
            % {"key": finding.key, "decision": finding.get_decision_display()}
        )
    if finding.part.delivery.outcome != Outcome.DONE:
        raise CannotDecide(_("Decide after the delivery was taken over."))
    return finding


@dataclass(frozen=True)
class _Told:
    """How a decision is journalled: the kind, the sentence, whose row it is."""

    kind: str
    text: str
    owner: int | None


def _close(finding: Finding, decision: Decision, user: User | None, told: _Told) -> None:
    finding.decision, finding.decided_at, finding.decided_by = decision, timezone.now(), user
    finding.save(update_fields=["decision", "decided_at", "decided_by"])
    dataset = declared_dataset(finding.part.dataset)
    record(
        told.kind,
        text=told.text % {"key": finding.key, "dataset": dataset.title, "own": _own_name(finding)},
        actor=user,
        customer_id=told.owner,
        obj=finding,
        payload={"theirs": finding.cells, "ours": finding.ours, "delivery": finding.part.delivery_id},
    )


def _own_name(finding: Finding) -> str:
    """How the row is called here."""
    dataset = declared_dataset(finding.part.dataset)
    return natural_keys.joined([finding.ours.get(column, "") for column in dataset.natural_key])


# The row of the mirror -----------------------------------------------------------------------


def _overwrite(finding: Finding) -> int | None:
    """Write what was delivered over the row; the id of the customer who has it now."""
    shape = Shape(declared_dataset(finding.part.dataset))
    values = _judged(shape, finding.cells)
    fields = _fields(shape, values)
    row = _row(shape, finding, fields)
    key = row.pk
    _refuse_changed(shape, row, finding)
    if shape.keyed:
        fields.pop(shape.model._meta.pk.attname, None)
    else:
        fields = {name: value for name, value in fields.items() if name not in _primary(shape)}
    fields |= _provenance(shape, finding.part.delivery_id)
    shape.model._default_manager.filter(pk=key).update(**fields)
    owner = (
        row.pk if shape.dataset.owns_itself else fields.get("customer_id", getattr(row, "customer_id", None))
    )
    if shape.keyed:
        _keep_names(shape, int(row.pk), values, owner)
    _changed(shape, finding)
    return owner


def _merge(finding: Finding) -> int | None:
    """Give the entered row the delivered name and values; the id of the customer."""
    shape = Shape(declared_dataset(finding.part.dataset))
    values = _judged(shape, finding.cells)
    fields = _fields(shape, values)
    own = _own_name(finding)
    row = _row(shape, finding, fields, key=own)
    if getattr(row, "source", None) != Source.ENTERED or getattr(row, "customer_id", None) != fields.get(
        "customer_id"
    ):
        raise CannotDecide(_("The row “%(key)s” is not here any more.") % {"key": own})
    _refuse_changed(shape, row, finding)
    try:
        natural_keys.rename(shape.key, int(row.pk), finding.key)
    except natural_keys.KeyTaken:
        raise CannotDecide(_("“%(key)s” is here already.") % {"key": finding.key}) from None
    fields.pop(shape.model._meta.pk.attname, None)
    shape.model._default_manager.filter(pk=row.pk).update(
        **fields | _provenance(shape, finding.part.delivery_id)
    )
    owner = fields["customer_id"]
    _keep_names(shape, int(row.pk), values, owner)
    twin = shape.dataset.twin
    if twin is not None and twin.merged is not None:
        twin.merged(int(row.pk), own, finding.key)
    _changed(shape, finding)
    return int(owner)


def _let_in(finding: Finding) -> int | None:
    """Make the delivered row; the id of the customer."""
    shape = Shape(declared_dataset(finding.part.dataset))
    values = _judged(shape, finding.cells)
    fields = _fields(shape, values)
    owner = int(fields["customer_id"])
    try:
        taken = natural_keys.take(shape.key, finding.key, customer_id=owner)
    except natural_keys.KeyTaken:
        raise CannotDecide(_("“%(key)s” is here already.") % {"key": finding.key}) from None
    given = {name: value for name, value in fields.items() if value is not None}
    shape.model._default_manager.create(
        **given | _provenance(shape, finding.part.delivery_id) | {"pk": taken}
    )
    _keep_names(shape, taken, values, owner)
    _changed(shape, finding)
    return owner


def _changed(shape: Shape, finding: Finding) -> None:
    """Rows changed in another way than by the import."""
    kept_lines.forget(shape.key)
    if shape.dataset.after_apply is not None:
        shape.dataset.after_apply(finding.part.delivery_id)


def _judged(shape: Shape, cells: Mapping[str, str]) -> dict[str, Value]:
    row = clean_row(shape.dataset, cells)
    if row.errors:
        raise CannotDecide(" ".join(sentence for _column, sentence in row.errors))
    return row.values


def _fields(shape: Shape, values: Mapping[str, Value]) -> dict[str, Any]:
    """Attributes of the model to values; references are looked up now, not when the delivery came."""
    found: dict[str, Any] = {}
    for item in shape.filled:
        value = values[item.column.name]
        found[item.field.attname] = "" if value is None and not item.field.null else value
    for link in shape.links:
        found[link.reference.field] = _target(
            link.reference.dataset, link.columns, values, link.reference.required
        )
    return found


def _target(
    dataset: str, columns: tuple[Column, ...], values: Mapping[str, Value], required: bool
) -> int | None:
    parts = [canonical(column, values[column.name]) for column in columns]
    if not all(parts) and not required:
        return None
    found = natural_keys.find(dataset, natural_keys.joined(parts))
    if found is None:
        words = {"key": " ".join(parts), "dataset": declared_dataset(dataset).title}
        raise CannotDecide(_("“%(key)s” is not known among “%(dataset)s” any more.") % words)
    return found.object_id


def _row(shape: Shape, finding: Finding, fields: Mapping[str, Any], *, key: str = "") -> models.Model:
    rows = shape.model._default_manager.select_for_update()
    if shape.keyed:
        named = natural_keys.find(shape.key, key or finding.key)
        row = rows.filter(pk=named.object_id).first() if named else None
    else:
        row = rows.filter(**{name: fields[name] for name in _primary(shape)}).first()
    if row is None:
        raise CannotDecide(_("The row “%(key)s” is not here any more.") % {"key": key or finding.key})
    return row


def _refuse_changed(shape: Shape, row: models.Model, finding: Finding) -> None:
    """The person decided about what the report showed, and about nothing else."""
    key = row.pk if isinstance(row.pk, tuple) else (row.pk,)
    now = mirrored_rows.told(shape, [key]).get(key, {})
    if any(now.get(name, "") != text for name, text in finding.ours.items()):
        words = {"key": finding.key}
        raise CannotDecide(
            _("“%(key)s” was changed here after the delivery came; the next report has it.") % words
        )


def _primary(shape: Shape) -> list[str]:
    return [field.attname for field in shape.model._meta.pk_fields]


def _provenance(shape: Shape, batch: int) -> dict[str, Any]:
    """The row is the billing system's again."""
    fields = {
        "source": Source.IMPORTED,
        "batch_id": batch,
        "corrected_at": None,
        "changed_at": timezone.now(),
    }
    return {name: value for name, value in fields.items() if shape.has(name)}


def _keep_names(shape: Shape, row_id: int, values: Mapping[str, Value], owner: int | None) -> None:
    """The lookup table says whose the row is, and what else it is called."""
    NaturalKey.objects.filter(pk=row_id, dataset=shape.key).update(customer_id=owner)
    for name in shape.dataset.lookups:
        text = canonical(shape.dataset.column(name), values[name])
        try:
            natural_keys.point(shape.key, name, text, object_id=row_id, customer_id=owner)
        except natural_keys.KeyTaken:
            words = {"text": text, "column": shape.dataset.column(name).title}
            raise CannotDecide(_("“%(text)s” (%(column)s) belongs to another row.") % words) from None


def _owner_by_name(finding: Finding) -> int | None:
    """Whose the row is, for the journal."""
    dataset = declared_dataset(finding.part.dataset)
    name = dataset.natural_key[0] if dataset.owns_itself else "customer_code"
    code = (finding.ours or finding.cells).get(name, "")
    found = natural_keys.find(dataset.owner or dataset.key, code) if code else None
    return found.object_id if found and (dataset.owns_itself or dataset.owner) else None

"""Forms made of a dataset's columns: what is typed is judged exactly as a line of a file would be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ebok.exchange import natural_keys
from ebok.exchange.entering import cells_of
from ebok.exchange.mirror import Mirrored
from ebok.exchange.validation import canonical, clean_row
from ebok.ports.datasets import Column, ColumnType, Dataset, Reference, Stored, Value

LONGEST = 500
VERSION = "version"


class EntryForm(forms.Form):
    """A row of a keyed dataset. Fields are named as the columns of the neutral file.

    `left_out` columns keep what the row has. `fixed` ones are shown and stay once the row is there: a row
    never changes its customer.
    """

    left_out: ClassVar[frozenset[str]] = frozenset()
    fixed: ClassVar[frozenset[str]] = frozenset({"customer_code"})
    may_be_empty: ClassVar[frozenset[str]] = frozenset()
    """Columns that get their value elsewhere when nothing is typed."""
    groups: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()
    """Titles with names of fields; what is not named comes first, without a title."""

    save_words: ClassVar[Any] = gettext_lazy("Save")

    version = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, dataset: Dataset, row: Mirrored, **kwargs: Any) -> None:
        self.dataset, self.row = dataset, row
        self.is_new = row._state.adding
        kwargs["initial"] = {**self._initial(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        own = dict(self.fields)
        self.fields.clear()
        for column in dataset.columns:
            if column.name not in self.left_out:
                self.fields[column.name] = self._field(column)
        self.fields.update(own)
        self.values: dict[str, Value] = {}
        self.targets: dict[str, int | None] = {}

    def _initial(self) -> dict[str, Any]:
        if self.is_new:
            cells = {column.name: canonical(column, _default(column)) for column in self.dataset.columns}
        else:
            cells = cells_of(self.dataset, self.row)
        shown: dict[str, Any] = {
            column.name: _typed(column, cells[column.name]) for column in self.dataset.columns
        }
        shown[VERSION] = "" if self.is_new else self.row.changed_at.isoformat()
        return shown

    def _field(self, column: Column) -> forms.Field:
        common: dict[str, Any] = {
            "label": column.title,
            "required": False,
            "help_text": self._help(column),
            "disabled": not self.is_new and column.name in self.fixed,
        }
        field: forms.Field
        if column.type is ColumnType.BOOLEAN:
            field = forms.BooleanField(**common)
        elif column.type is ColumnType.CHOICE:
            field = forms.ChoiceField(choices=self._choices(column), **common)
        else:
            field = forms.CharField(max_length=LONGEST, widget=_widget(column), **common)
        # A mark only: the validator of the files judges what is required.
        field.label_suffix = " *" if column.required and column.name not in self.may_be_empty else ""
        return field

    def _choices(self, column: Column) -> list[tuple[str, Any]]:
        words = dict(self._model_field(column).flatchoices)
        return [(text, words.get(stored, text)) for text, stored in column.choices.items()]

    def _help(self, column: Column) -> Any:
        if column.stored is Stored.KEYED_HASH:
            return gettext_lazy("Only a keyed hash is kept. Leave it empty to change nothing.")
        return column.description

    def _model_field(self, column: Column) -> models.Field[Any, Any]:
        field = apps.get_model(self.dataset.model)._meta.get_field(column.attname)
        assert isinstance(field, models.Field)
        return field

    def clean(self) -> dict[str, Any]:
        """Judge the row as a line of a file, then look up what it refers to."""
        data: dict[str, Any] = super().clean() or {}
        cells = {} if self.is_new else cells_of(self.dataset, self.row)
        hashed = {column.name for column in self.dataset.columns if column.stored is not Stored.AS_IS}
        # A hash that is kept cannot be judged again; an empty field changes nothing.
        cells |= dict.fromkeys(hashed, "")
        cells |= {name: _text(data.get(name)) for name in self.fields if name in self._columns}
        judged = clean_row(self.dataset, cells)
        for name, sentence in judged.errors:
            made_elsewhere = name in self.may_be_empty and not cells[name]
            if name not in self.errors and not made_elsewhere:
                self.add_error(name if name in self.fields else None, sentence)
        self.values = judged.values
        for reference in self.dataset.references:
            if not any(name in self.errors for name in reference.columns):
                self._resolve(reference)
        return data

    @property
    def _columns(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.dataset.columns}

    def _resolve(self, reference: Reference) -> None:
        parts = [str(self.values.get(name) or "") for name in reference.columns]
        if not any(parts):
            self.targets[reference.field] = None
            return
        found = natural_keys.find(reference.dataset, natural_keys.joined(parts))
        if found is None:
            self.add_error(
                reference.columns[-1], _("There is nothing called “%(key)s” here.") % {"key": parts[-1]}
            )
            return
        owner = self.targets.get("customer_id")
        if reference.same_owner and reference.field != "customer_id" and owner != found.customer_id:
            self.add_error(
                reference.columns[-1], _("“%(key)s” belongs to another customer.") % {"key": parts[-1]}
            )
            return
        self.targets[reference.field] = found.object_id

    def fill(self, row: Mirrored) -> None:
        """Give the row what was typed."""
        for column in self.dataset.columns:
            if not column.attname or column.name not in self.fields:
                continue
            value = self.values.get(column.name)
            if column.stored is not Stored.AS_IS and value is None:
                continue
            setattr(row, column.attname, self._empty(column) if value is None else value)
        for attname, target in self.targets.items():
            setattr(row, attname, target)

    def _empty(self, column: Column) -> Value:
        return None if self._model_field(column).null else ""

    def take_errors(self, refused: ValidationError) -> None:
        """Put what the door of the mirror said at the fields it speaks of."""
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for name, sentences in refused.message_dict.items():
            for sentence in sentences:
                self.add_error(self._named(name), sentence)

    def _named(self, name: str) -> str | None:
        """The form's field for a field of the model."""
        if name == NON_FIELD_ERRORS:
            return None
        attname = self.row._meta.get_field(name).attname  # type: ignore[union-attr]
        for column in self.dataset.columns:
            if column.attname == attname and column.name in self.fields:
                return column.name
        for reference in self.dataset.references:
            if reference.field == attname and reference.columns[-1] in self.fields:
                return reference.columns[-1]
        return None

    def differences(self, now: Mirrored) -> list[tuple[str, str]]:
        """What another person changed meanwhile, where this form says otherwise: titles with values now."""
        cells = cells_of(self.dataset, now)
        found = []
        for column in self.dataset.columns:
            if column.name not in self.fields or column.stored is not Stored.AS_IS:
                continue
            theirs = canonical(column, self.values.get(column.name))
            if column.attname and cells[column.name] != theirs:
                found.append((str(column.title), _typed_words(self, column, cells[column.name])))
        return found

    def fieldsets(self) -> Iterable[tuple[Any, list[forms.BoundField]]]:
        """Fields under their titles, in order."""
        grouped = {name for _title, names in self.groups for name in names}
        rest = [field for field in self.visible_fields() if field.name not in grouped]
        if rest:
            yield "", rest
        for title, names in self.groups:
            yield title, [self[name] for name in names if name in self.fields]


def _default(column: Column) -> Value:
    default = column.default
    if default is not None and column.type is ColumnType.CHOICE:
        return column.choices.get(str(default), str(default))
    return default


def _typed(column: Column, cell: str) -> Any:
    """A cell as it stands in a form."""
    if column.type is ColumnType.BOOLEAN:
        return cell == "1"
    if column.stored is not Stored.AS_IS:
        return ""
    if column.type is ColumnType.DECIMAL and get_language() == "pl":
        return cell.replace(".", ",")
    return cell


def _typed_words(form: EntryForm, column: Column, cell: str) -> str:
    field = form.fields[column.name]
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(cell, cell))  # type: ignore[arg-type]
    return str(_typed(column, cell)) or "–"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _widget(column: Column) -> forms.Widget:
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if column.type is ColumnType.DATE:
        return forms.TextInput(attrs={"type": "date", **attrs})
    if column.type in (ColumnType.DECIMAL, ColumnType.INTEGER):
        attrs["inputmode"] = "decimal" if column.type is ColumnType.DECIMAL else "numeric"
    if column.max_length:
        # Room for the blanks and hyphens people type; the validator counts without them.
        attrs["maxlength"] = max(column.max_length, 40) if column.check else column.max_length
    return forms.TextInput(attrs=attrs)

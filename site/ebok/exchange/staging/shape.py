"""A dataset seen from the database: its table, the fields its columns fill, how its rows are told apart.

Everything here is worked out from the declaration and the model; no query is sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from ebok.exchange.sql_validation import Vendor, quoted
from ebok.exchange.validation import canonical, sql_value
from ebok.ports.datasets import KEY_SEPARATOR, Column, Dataset, Identity, Reference, Value


def name(identifier: str) -> str:
    """The identifier, quoted for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


@dataclass(frozen=True)
class Filled:
    """A field of the model that a column of the dataset fills."""

    column: Column
    field: models.Field[object, object]

    @property
    def target(self) -> str:
        """The column of the mirror's table."""
        return str(self.field.column)

    @property
    def staged(self) -> str:
        """The column of the table of compared rows."""
        return f"v_{self.target}"

    @property
    def always(self) -> bool:
        """Whether no accepted row is without a value."""
        return self.column.required or self.column.default is not None

    def value(self, row: str, vendor: Vendor) -> str:
        """What an accepted cell of `row` stores."""
        value = sql_value(self.column, f"{row}.{name(self.column.name)}", vendor)
        if vendor == "postgresql" and self.field.get_internal_type() == "PositiveSmallIntegerField":
            value = f"CAST({value} AS smallint)"
        return value if self.field.null else f"COALESCE({value}, {self.nothing(vendor)})"

    def nothing(self, vendor: Vendor) -> str:
        """What stands in the row when the cell is empty and the field takes no NULL.

        A rejected row passes here too, with cells it lost; its values are never used.
        """
        return "''" if self.field.empty_strings_allowed else "NULL"


@dataclass(frozen=True)
class Linked:
    """A field of the model that a reference fills with the id of the row it names."""

    reference: Reference
    columns: tuple[Column, ...]
    field: models.Field[object, object]
    number: int

    @property
    def target(self) -> str:
        """The column of the mirror's table."""
        return str(self.field.column)

    @property
    def staged(self) -> str:
        """The column of the table of compared rows."""
        return f"v_{self.target}"

    @property
    def always(self) -> bool:
        """Whether every row that refers to nothing is an orphan."""
        return self.reference.required

    @property
    def fixed(self) -> bool:
        """Whether the row may never refer to something else."""
        return not all(column.may_change for column in self.columns)

    def key(self, row: str) -> str:
        """The natural key the row names; NULL when a cell of it is empty."""
        return key_text(self.columns, row)


class Shape:
    """What the engine must know of a dataset to write SQL about it."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.model: type[models.Model] = apps.get_model(dataset.model)
        by_attname = {field.attname: field for field in self.model._meta.concrete_fields}
        self.columns = dataset.columns
        self.names = tuple(column.name for column in dataset.columns)
        self.links = tuple(
            Linked(
                reference, tuple(map(dataset.column, reference.columns)), by_attname[reference.field], number
            )
            for number, reference in enumerate(dataset.references)
        )
        linked = {link.reference.field for link in self.links}
        self.filled = tuple(
            Filled(column, by_attname[column.attname])
            for column in dataset.columns
            if column.attname and column.attname not in linked
        )
        self.table = name(self.model._meta.db_table)
        self.fields = {field.attname: field for field in self.model._meta.concrete_fields}

    @property
    def key(self) -> str:
        """The dataset's key."""
        return self.dataset.key

    @property
    def items(self) -> list[Filled | Linked]:
        """Every field that is filled, by columns first, then by references."""
        return [*self.filled, *self.links]

    @property
    def keyed(self) -> bool:
        """Whether rows have an id from the lookup table."""
        return self.dataset.identity is Identity.KEYED

    @property
    def owner_link(self) -> Linked | None:
        """The reference that gives the owner."""
        if not self.dataset.owner:
            return None
        return next((link for link in self.links if link.reference.dataset == self.dataset.owner), None)

    @property
    def owner_is_derived(self) -> bool:
        """Whether `customer_id` is filled by no column and no reference, only by the owner of another row."""
        given = {item.target for item in self.items}
        return self.owner_link is not None and "customer_id" in self.fields and "customer_id" not in given

    @property
    def owner_column(self) -> str:
        """Where the table of compared rows says whose the row is; "NULL" when it is nobody's."""
        if self.dataset.owns_itself:
            return "id"
        return "v_customer_id" if self.owner_link is not None and "customer_id" in self.fields else "NULL"

    @property
    def primary(self) -> tuple[str, ...]:
        """Columns of the primary key in the mirror's table."""
        return tuple(str(field.column) for field in self.model._meta.pk_fields)

    def staged_primary(self) -> tuple[str, ...]:
        """The same columns in the table of compared rows."""
        return ("id",) if self.keyed else tuple(f"v_{column}" for column in self.primary)

    def same_row(self, staged: str, target: str) -> str:
        """A condition: the staged row is this row of the mirror."""
        pairs = zip(self.staged_primary(), self.primary, strict=True)
        return " AND ".join(f"{target}.{name(theirs)} = {staged}.{name(ours)}" for ours, theirs in pairs)

    def has(self, attname: str) -> bool:
        """Whether the model has this field."""
        return attname in self.fields

    def by_hand(self, target: str) -> str:
        """A condition: a person entered or corrected this row of the mirror."""
        entered = f"{target}.source <> 1"
        return f"({target}.corrected_at IS NOT NULL OR {entered})" if self.has("corrected_at") else entered

    def values(self) -> tuple[Filled | Linked, ...]:
        """Everything that is compared: the key is equal by itself."""
        own = set(self.primary)
        return tuple(item for item in self.items if item.target not in own)

    def written(self) -> tuple[tuple[str, str], ...]:
        """Pairs of the mirror's column and the staged column that fills it."""
        pairs = {item.target: item.staged for item in self.items}
        if self.owner_is_derived:
            pairs["customer_id"] = "v_customer_id"
        if self.keyed:
            pairs[self.primary[0]] = "id"
        return tuple(pairs.items())

    def left_to_defaults(self) -> tuple[tuple[str, Value], ...]:
        """Columns no one fills and the database has no default for, with Django's default."""
        written = {column for column, _staged in self.written()}
        own = {"source", "batch_id", "corrected_at", "approved_at", "changed_at"}
        return tuple(
            (str(field.column), field.get_db_prep_save(field.get_default(), connection))
            for field in self.model._meta.concrete_fields
            if str(field.column) not in written
            and field.attname not in own
            and not field.has_db_default()
            and not field.null
        )

    def natural_key(self, row: str) -> str:
        """The row's own natural key; NULL when a cell of it is empty."""
        return key_text(tuple(map(self.dataset.column, self.dataset.natural_key)), row)


def key_text(columns: tuple[Column, ...], row: str) -> str:
    """Canonical cells joined as a natural key; NULL when one of them is empty."""
    cells = []
    for column in columns:
        cell = f"{row}.{name(column.name)}"
        if column.default is not None:
            cell = f"COALESCE({cell}, {quoted(canonical(column, column.default))})"
        cells.append(cell)
    return f" || {quoted(KEY_SEPARATOR)} || ".join(cells)

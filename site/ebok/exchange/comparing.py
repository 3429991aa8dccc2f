"""The diff: each delivered row gets its id, the ids of what it refers to, and a state.

States of a compared row: `n` new, `c` changed, `a` the same as a row somebody corrected (the correction is
settled), `u` unchanged; `x` rejected when it was checked, `e` without a complete natural key, `o<i>` orphan
by its i-th reference, `d` the same row once more, `y` another row of the same name, `k…` conflict:
`ko` the name belongs to another customer, `kr<i>` the i-th reference does, `kh` corrected by hand,
`kf` a column changed that may not, `kl<i>` the i-th lookup value belongs to another row, `kt` new, but
probably entered by hand before (`twins`).

`known` is the source of the mirror's row (`mirror.Source`), 0 when there is none yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ebok.exchange import twins
from ebok.exchange.sql_validation import quoted
from ebok.exchange.staging import Shape, Stage
from ebok.exchange.staging.interface import raw_cells
from ebok.exchange.staging.shape import Filled, Linked, name
from ebok.ports.datasets import ColumnType

KEYS = "exchange_naturalkey"


@dataclass(frozen=True)
class Compared:
    """How many rows have which state, and what the control columns of all of them add up to, exact."""

    states: Mapping[str, int]
    totals: Mapping[str, Decimal]
    taken: Mapping[str, Decimal]
    """The same sums over the rows that will be taken over."""
    any_known: bool
    """Whether the mirror had any row before."""
    days: Mapping[str, tuple[str, str]]
    """First and last day of each DATE column among the new rows, where the dataset asks for them."""

    def count(self, *letters: str) -> int:
        """Rows whose state begins with one of these letters."""
        return sum(number for state, number in self.states.items() if state[0] in letters)


@dataclass(frozen=True)
class Delivered:
    """What is known of the staged rows: how many were judged by Python, which columns none of them has."""

    judged: int = 0
    absent: frozenset[str] = frozenset()

    def rows(self, stage: Stage, shape: Shape, kind: str = "raw") -> str:
        """All of them as a query: number, bad, text cells; what Python repaired is repaired."""
        cells = raw_cells(shape, "r", self.absent if kind == "raw" else ())
        raw = f"SELECT r.no, 0 AS bad, {cells} FROM {stage.table(shape, kind)} r"  # noqa: S608 (own names)
        if not self.judged:
            return raw
        table = stage.table(shape, "judged")
        return (
            f"{raw} WHERE NOT EXISTS (SELECT 1 FROM {table} j WHERE j.no = r.no)"  # noqa: S608 (own names)
            f" UNION ALL SELECT j.no, j.bad, {raw_cells(shape, 'j')} FROM {table} j"
        )


def compare(
    stage: Stage,
    shape: Shape,
    fresh: Mapping[str, Shape],
    delivered: Delivered,
    *,
    thorough: bool = True,
) -> Compared:
    """Make the table of compared rows. `fresh`: datasets of this delivery that have new rows, by key.

    Unless `thorough`, two new rows with the same composite key are left for the primary key to find.
    """
    query = _Select(stage, shape, fresh, delivered)
    select, any_known = query.sql(), query.mirror_is_filled
    with stage.writing():
        stage.make(shape, "rows", select, sorted_by=shape.staged_primary() if not shape.keyed else ())
        if shape.keyed or thorough or stage.vendor == "sqlite" or any_known:
            _mark_repeated(stage, shape)
        _link_to_own_kind(stage, shape)
        _mark_taken_lookups(stage, shape)
        twins.mark(stage, shape)
        if shape.keyed:
            stage.index_keys(shape)
        return _counted(stage, shape, any_known=any_known)


def resolve_gone(stage: Stage, shape: Shape) -> None:
    """Make the table `left`: rows of the mirror whose lines (`gone`) this delivery lacks."""
    stage.make(shape, "left", _Select(stage, shape, {}, Delivered(), kind="gone").left_sql())


def _counted(stage: Stage, shape: Shape, *, any_known: bool) -> Compared:
    """Rows by state; sums worked out in whole units of the last decimal place where numbers are not exact."""
    summed = [item for item in shape.filled if item.column.total]
    dated = [item for item in shape.filled if item.column.type is ColumnType.DATE]
    dated = dated if shape.dataset.before_apply is not None else []
    wanted = [f"sum({stage.exact(name(item.staged), item.column.places)})" for item in summed]
    wanted += [f"{end}({name(item.staged)})" for item in dated for end in ("min", "max")]
    columns = "".join(f", {expression}" for expression in wanted)
    table = stage.table(shape, "rows")
    # Mostly all rows are new or all unchanged, and then nothing need be grouped.
    rows = stage.all(f"SELECT min(state), count(*){columns}, max(state) FROM {table}")  # noqa: S608 (own names)
    if rows[0][0] != rows[0][-1]:
        rows = stage.all(f"SELECT state, count(*){columns} FROM {table} GROUP BY state")  # noqa: S608 (own names)
    by_state = {row[0]: row[1:] for row in rows if row[0] is not None}
    totals, taken = {}, {}
    for place, item in enumerate(summed, 1):
        units = {state: Decimal(row[place] or 0) for state, row in by_state.items()}
        places = item.column.places
        totals[item.column.name] = stage.scaled(sum(units.values(), Decimal(0)), places)
        taken[item.column.name] = stage.scaled(
            units.get("n", Decimal(0)) + units.get("c", Decimal(0)), places
        )
    ends = by_state["n"][1 + len(summed) :] if "n" in by_state else ()
    days = {
        item.column.name: (str(low), str(high))
        for item, low, high in zip(dated, ends[::2], ends[1::2], strict=False)
        if low and high
    }
    return Compared({state: row[0] for state, row in by_state.items()}, totals, taken, any_known, days)


class _Select:
    """Writes the query that resolves and compares."""

    def __init__(
        self,
        stage: Stage,
        shape: Shape,
        fresh: Mapping[str, Shape],
        delivered: Delivered,
        *,
        kind: str = "raw",
    ) -> None:
        self.stage = stage
        self.shape = shape
        self.fresh = fresh
        self.delivered = delivered
        self.kind = kind
        (self.mirror_is_filled,) = stage.row(f"SELECT EXISTS (SELECT 1 FROM {shape.table})")  # noqa: S608 (own names)

    def sql(self) -> str:
        """The whole query."""
        shape = self.shape
        columns = ["a.no", *self._identity(), *(f"a.{name(item)}" for item in self._staged_names())]
        known = "COALESCE(t.source, 0)" if self.mirror_is_filled else "0"
        columns += [f"{known} AS known", f"{self._state()} AS state"]
        joined = f" LEFT JOIN {shape.table} t ON {self._same_row()}" if self.mirror_is_filled else ""
        resolved = self._resolved()
        # Compared values are asked for several times, and should be worked out once.
        rows = self.stage.fenced(resolved) if self.mirror_is_filled else f"({resolved})"
        return f"SELECT {', '.join(columns)} FROM {rows} a{joined}"  # noqa: S608 (own names)

    def left_sql(self) -> str:
        """Only the mirror's primary key of each row, for lines that are gone."""
        shape = self.shape
        primary = zip(shape.primary, shape.staged_primary(), strict=True)
        columns = ", ".join(f"t.{name(theirs)} AS {name(ours)}" for theirs, ours in primary)
        mirror = f"{shape.table} t ON {self._same_row()}"
        return (
            f"SELECT {columns}, t.source AS known FROM {self.stage.fenced(self._resolved())} a JOIN {mirror}"  # noqa: S608 (own names)
        )

    def _identity(self) -> list[str]:
        if not self.shape.keyed:
            return []
        fresh = self.stage.fresh_ids(self.shape)
        own = [f"a.own_{link.number}" for link in self._own_links()]
        return ["a.nk", f"COALESCE(a.key_id, {fresh}) AS id", "(a.key_id IS NULL) AS fresh", *own]

    def _staged_names(self) -> list[str]:
        items = [item.staged for item in self.shape.items]
        return [*items, "v_customer_id"] if self.shape.owner_is_derived else items

    def _same_row(self) -> str:
        if self.shape.keyed:
            return f"t.{name(self.shape.primary[0])} = a.key_id"
        return self.shape.same_row("a", "t")

    # Resolved rows ---------------------------------------------------------------------------

    def _resolved(self) -> str:
        shape, vendor = self.shape, self.stage.vendor
        columns = ["g.no", "g.bad"]
        joins = []
        if shape.keyed:
            columns += [f"{shape.natural_key('g')} AS nk", "k.id AS key_id", "k.customer_id AS key_owner"]
            key = shape.natural_key("g")
            joins.append(f"LEFT JOIN {KEYS} k ON k.dataset = {quoted(shape.key)} AND k.key = {key}")
        columns += [f"{item.value('g', vendor)} AS {name(item.staged)}" for item in shape.filled]
        for link in shape.links:
            link_columns, link_joins = self._resolved_link(link)
            columns += link_columns
            joins += link_joins
        owner = shape.owner_link
        if owner is not None and shape.owner_is_derived:
            columns.append(f"{self._owner_of(owner)} AS v_customer_id")
        rows = self.delivered.rows(self.stage, shape, self.kind)
        return f"SELECT {', '.join(columns)} FROM ({rows}) g {' '.join(joins)}"  # noqa: S608 (own names)

    def _resolved_link(self, link: Linked) -> tuple[list[str], list[str]]:
        number, dataset = link.number, link.reference.dataset
        key = link.key("g")
        if self._is_never_named(link):
            nothing = "CAST(NULL AS bigint)"
            return [
                f"{nothing} AS {name(link.staged)}",
                f"(1 = 0) AS named_{number}",
                *self._unowned(link),
            ], []
        joins = [
            f"LEFT JOIN {KEYS} r{number} ON r{number}.dataset = {quoted(dataset)} AND r{number}.key = {key}"
        ]
        found = f"r{number}.id"
        if self._is_fresh(link):
            rows = self.stage.table(self.fresh[dataset], "rows")
            joins.append(f"LEFT JOIN {rows} s{number} ON s{number}.nk = {key} AND s{number}.state = 'n'")
            found = f"COALESCE(r{number}.id, s{number}.id)"
        columns = [f"{found} AS {name(link.staged)}", f"({key}) IS NOT NULL AS named_{number}"]
        if self._owner_matters(link):
            columns.append(f"{self._owner_of(link)} AS owner_{number}")
        if dataset == self.shape.key:
            columns.append(f"{key} AS own_{number}")
        return columns, joins

    def _is_never_named(self, link: Linked) -> bool:
        """Whether no row of the delivery names anything by this reference; then nothing need be joined."""
        if link.reference.required or link.reference.dataset == self.shape.key or self.kind != "raw":
            return False
        column = link.columns[-1].name
        if column in self.delivered.absent:
            return True
        rows, cell = self.delivered.rows(self.stage, self.shape), name(column)
        (named,) = self.stage.row(f"SELECT EXISTS (SELECT 1 FROM ({rows}) g WHERE g.{cell} IS NOT NULL)")  # noqa: S608 (own names)
        return not named

    def _unowned(self, link: Linked) -> list[str]:
        return [f"CAST(NULL AS bigint) AS owner_{link.number}"] if self._owner_matters(link) else []

    def _owner_of(self, link: Linked) -> str:
        number = link.number
        if not self._is_fresh(link):
            return f"r{number}.customer_id"
        owner = self.fresh[link.reference.dataset].owner_column
        return f"COALESCE(r{number}.customer_id, {'NULL' if owner == 'NULL' else f's{number}.{owner}'})"

    def _is_fresh(self, link: Linked) -> bool:
        return link.reference.dataset in self.fresh and link.reference.dataset != self.shape.key

    def _owner_matters(self, link: Linked) -> bool:
        owner = self.shape.owner_column
        return link.reference.same_owner and owner != "NULL" and link is not self.shape.owner_link

    def _own_links(self) -> list[Linked]:
        return [link for link in self.shape.links if link.reference.dataset == self.shape.key]

    # State -----------------------------------------------------------------------------------

    def _state(self) -> str:
        cases = [("a.bad = 1", "x"), *self._orphans(), *self._without_key(), *self._conflicts()]
        if self.mirror_is_filled:
            cases += self._against_mirror()
        whens = " ".join(f"WHEN {condition} THEN '{state}'" for condition, state in cases)
        return f"CASE {whens} ELSE '{'u' if self.mirror_is_filled else 'n'}' END"

    def _orphans(self) -> list[tuple[str, str]]:
        cases = []
        for link in self.shape.links:
            lost = f"a.{name(link.staged)} IS NULL"
            if link.reference.dataset == self.shape.key:
                # Rows of the same delivery are not known yet; `_link_to_own_kind` judges them.
                lost = f"{lost} AND NOT a.named_{link.number}" if link.reference.required else "1 = 0"
            elif not link.reference.required:
                lost = f"{lost} AND a.named_{link.number}"
            if lost != "1 = 0":
                cases.append((lost, f"o{link.number}"))
        return cases

    def _without_key(self) -> list[tuple[str, str]]:
        if self.shape.keyed:
            return [("a.nk IS NULL", "e")]
        always = {item.staged for item in self.shape.items if item.always}
        missing = [
            f"a.{name(staged)} IS NULL" for staged in self.shape.staged_primary() if staged not in always
        ]
        return [(" OR ".join(missing), "e")] if missing else []

    def _conflicts(self) -> list[tuple[str, str]]:
        owner = self.shape.owner_column
        cases = []
        if self.shape.keyed and owner not in {"NULL", "id"}:
            differs = self.stage.differs("a.key_owner", f"a.{owner}")
            cases.append((f"a.key_id IS NOT NULL AND {differs}", "ko"))
        cases += [
            (f"a.owner_{link.number} <> a.{owner}", f"kr{link.number}")
            for link in self.shape.links
            if self._owner_matters(link)
        ]
        return cases

    def _against_mirror(self) -> list[tuple[str, str]]:
        differs = self._differ(self.shape.values())
        by_hand = self.shape.by_hand("t")
        fixed = self._differ(tuple(item for item in self.shape.values() if _is_fixed(item)))
        return [
            (f"t.{name(self.shape.primary[0])} IS NULL", "n"),
            (f"({differs}) AND {by_hand}", "kh"),
            (fixed, "kf"),
            (differs, "c"),
            (by_hand, "a"),
        ]

    def _differ(self, items: tuple[Filled | Linked, ...]) -> str:
        pairs = [self.stage.differs(f"a.{name(item.staged)}", f"t.{name(item.target)}") for item in items]
        return " OR ".join(pairs) or "1 = 0"


def _is_fixed(item: Filled | Linked) -> bool:
    return item.fixed if isinstance(item, Linked) else not item.column.may_change


# What one query cannot see ----------------------------------------------------------------


def _mark_repeated(stage: Stage, shape: Shape) -> None:
    """Rows of the same name: equal ones count once, different ones are all rejected."""
    rows = stage.table(shape, "rows")
    key = ["nk"] if shape.keyed else [name(column) for column in shape.staged_primary()]
    keys = ", ".join(key)
    repeated = (
        f"SELECT {keys}, min(no) AS first_no, count(DISTINCT {_content(stage, shape)}) AS contents"  # noqa: S608 (own names)
        f" FROM {rows} WHERE state NOT IN ('x', 'e') AND state NOT LIKE 'o%'"
    )
    if not stage.may_repeat(shape, key):
        return
    same = " AND ".join(f"w.{column} = q.{column}" for column in key)
    stage.execute(
        f"UPDATE {rows} AS w SET state = CASE WHEN q.contents = 1 THEN 'd' ELSE 'y' END"  # noqa: S608 (own names)
        f" FROM ({repeated} GROUP BY {keys} HAVING count(*) > 1) q"
        f" WHERE {same} AND w.state NOT IN ('x', 'e') AND w.state NOT LIKE 'o%'"
        " AND (q.contents > 1 OR w.no <> q.first_no)"
    )


def _content(stage: Stage, shape: Shape) -> str:
    return stage.fingerprint([name(item.staged) for item in shape.items])


def _link_to_own_kind(stage: Stage, shape: Shape) -> None:
    """References to rows of the same dataset: new ones are found, orphans fall until none is left."""
    rows = stage.table(shape, "rows")
    for link in shape.links:
        if link.reference.dataset != shape.key:
            continue
        own, field = f"own_{link.number}", name(link.staged)
        stage.execute(
            f"UPDATE {rows} AS w SET {field} = q.id,"  # noqa: S608 (own names)
            " state = CASE w.state WHEN 'u' THEN 'c' WHEN 'a' THEN 'kh' ELSE w.state END"
            f" FROM {rows} q WHERE q.nk = w.{own} AND q.state = 'n' AND w.{field} IS NULL"
        )
        orphan = f"o{link.number}"
        lost = f"{own} IS NOT NULL AND {field} IS NULL"
        unknown = f"{field} IN (SELECT id FROM {rows} WHERE known = 0 AND state NOT IN ('n', 'd'))"  # noqa: S608 (own names)
        while stage.execute(
            f"UPDATE {rows} SET state = '{orphan}'"  # noqa: S608 (own names)
            f" WHERE state IN ('n', 'c', 'u', 'a') AND ({lost} OR {unknown})"
        ):
            continue


def _mark_taken_lookups(stage: Stage, shape: Shape) -> None:
    """A lookup value that another row has, in the mirror or in this delivery, is a conflict."""
    rows = stage.table(shape, "rows")
    for number, (item, dataset) in enumerate(lookups(shape)):
        value = name(item.staged)
        taken = (
            f"SELECT 1 FROM {KEYS} l WHERE l.dataset = {quoted(dataset)} AND l.key = w.{value}"  # noqa: S608 (own names)
            " AND COALESCE(l.target_id, l.id) <> w.id"
        )
        twice = (
            f"SELECT {value} FROM {rows} WHERE state IN ('n', 'c', 'u', 'a') AND {value} <> ''"  # noqa: S608 (own names)
            f" GROUP BY {value} HAVING count(*) > 1"
        )
        stage.execute(
            f"UPDATE {rows} AS w SET state = 'kl{number}' WHERE state IN ('n', 'c') AND {value} <> ''"  # noqa: S608 (own names)
            f" AND (EXISTS ({taken}) OR {value} IN ({twice}))"
        )


def lookups(shape: Shape) -> list[tuple[Filled, str]]:
    """Fields whose values are unique over all customers, with their names in the lookup table."""
    by_column = {item.column.name: item for item in shape.filled}
    return [(by_column[column], f"{shape.key}.{column}") for column in shape.dataset.lookups]

"""What the report page shows, worked out from the delivery."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ebok.exchange.admin_views.screens import KeyPage, key_page, number
from ebok.exchange.declared import declared_datasets
from ebok.exchange.models import Decision, Delivery, DeliveryPart, Finding, FindingKind, Outcome, Phase
from ebok.exchange.report import NUMBERS
from ebok.exchange.validation import canonical, clean_row
from ebok.look.templatetags.eb import decimal

POLL_SECONDS = 2
FINDINGS_ON_A_PAGE = 25


@dataclass(frozen=True)
class Step:
    """One phase on the way."""

    title: str
    state: str
    """"done", "now" or "later"."""


@dataclass(frozen=True)
class NumberRow:
    """One dataset with its numbers, in the order of `NUMBERS`."""

    part: DeliveryPart
    title: str
    numbers: list[tuple[str, int]]


@dataclass(frozen=True)
class TotalRow:
    """One control total: what the delivery says and what was found."""

    dataset: str
    column: str
    stated: str
    found: str
    difference: str
    agrees: bool


def titles() -> dict[str, str]:
    """Dataset to what people call it."""
    return {dataset.key: str(dataset.title) for dataset in declared_datasets()}


def steps(delivery: Delivery) -> list[Step]:
    """The phases; the one being worked on is the one after the last that is over."""
    words = {
        Phase.RECEIVED: _("Receiving"),
        Phase.PARSED: _("Reading"),
        Phase.VALIDATED: _("Checking"),
        Phase.COMPARED: _("Comparing"),
        Phase.APPROVED: _("Approving"),
        Phase.APPLIED: _("Taking over"),
        Phase.DONE: _("Reconciling"),
    }
    order = list(Phase)
    reached = order.index(Phase(delivery.phase))
    finished = delivery.outcome == Outcome.DONE
    return [
        Step(
            words[phase],
            "done" if place <= reached or finished else "now" if place == reached + 1 else "later",
        )
        for place, phase in enumerate(order)
    ]


def numbers(delivery: Delivery) -> list[NumberRow]:
    """The datasets of the delivery, and a line of sums when there are several."""
    known = titles()
    return [
        NumberRow(
            part, known.get(part.dataset, part.dataset), [(name, getattr(part, name)) for name in NUMBERS]
        )
        for part in delivery.parts.order_by("pk")
    ]


def totals(delivery: Delivery) -> list[TotalRow]:
    """Control totals and row counts that the delivery states of itself or that were added up."""
    known = {dataset.key: dataset for dataset in declared_datasets()}
    stated, found = delivery.totals.get("stated", {}), delivery.totals.get("found", {})
    rows_of = {part.dataset: part.rows for part in delivery.parts.all()}
    rows = []
    for key in dict.fromkeys([*stated, *found]):
        if key not in known:
            continue
        dataset = known[key]
        if stated.get(key, {}).get("rows") is not None:
            rows.append(_total(str(dataset.title), _("rows"), stated[key]["rows"], rows_of.get(key, "")))
        for name in dataset.totals:
            says, has = stated.get(key, {}).get(name, ""), found.get(key, {}).get(name, "")
            if says != "" or has != "":
                rows.append(_total(str(dataset.title), str(dataset.column(name).title), says, has))
    return rows


def _total(dataset: str, column: str, stated: Any, found: Any) -> TotalRow:
    difference, agrees = "", True
    try:
        gap = Decimal(str(found)) - Decimal(str(stated))
        difference, agrees = _readable(gap), gap == 0
    except InvalidOperation:
        # One of the two is not known; there is nothing to compare.
        pass
    return TotalRow(dataset, column, _readable(stated), _readable(found), difference, agrees)


def _readable(value: Any) -> str:
    """A sum with as many places as it has, as people write it; "" when it is not known."""
    if value == "":
        return ""
    text = str(value)
    return decimal(text, len(text.partition(".")[2]))


def balance(delivery: Delivery) -> dict[str, str]:
    """Sum of balances before and after, and how it moved; empty when no money was delivered."""
    told = delivery.totals.get("balance", {})
    if "before" in told and "after" in told:
        return {**told, "difference": str(Decimal(told["after"]) - Decimal(told["before"]))}
    return dict(told)


class Findings:
    """One kind of findings of one dataset or of all, a page at a time."""

    def __init__(self, delivery: Delivery, request: HttpRequest) -> None:
        self.delivery = delivery
        self.request = request
        self.parts = {part.pk: part for part in delivery.parts.order_by("pk")}
        self.titles = titles()
        self.counts = {
            FindingKind.REJECTED: sum(part.rejected for part in self.parts.values()),
            FindingKind.CONFLICT: sum(part.conflicts for part in self.parts.values()),
            FindingKind.VANISHED: sum(part.vanished for part in self.parts.values()),
        }
        self.kind = self._kind()
        self.dataset = self._dataset()
        self.undecided = request.GET.get("tylko") == "otwarte"

    def _kind(self) -> FindingKind:
        asked = self.request.GET.get("rodzaj", "")
        if asked in FindingKind.values:
            return FindingKind(asked)
        return next((kind for kind, count in self.counts.items() if count), FindingKind.REJECTED)

    def _dataset(self) -> str:
        asked = self.request.GET.get("zestaw", "")
        return asked if any(part.dataset == asked for part in self.parts.values()) else ""

    @property
    def to_look_at(self) -> str:
        """What there is to look at, in words; "" when there is nothing."""
        return ", ".join(f"{title.lower()} {count}" for _kind, title, count in self.tabs if count)

    @property
    def filters(self) -> dict[str, str]:
        """What links to other pages carry on."""
        return {
            "rodzaj": self.kind.value,
            "zestaw": self.dataset,
            "tylko": "otwarte" if self.undecided else "",
        }

    @property
    def tabs(self) -> list[tuple[FindingKind, str, int]]:
        """Kinds with their titles and numbers."""
        words = {
            FindingKind.REJECTED: _("Rejected"),
            FindingKind.CONFLICT: _("Conflicts"),
            FindingKind.VANISHED: _("Missing"),
        }
        return [(kind, words[kind], count) for kind, count in self.counts.items()]

    @property
    def datasets(self) -> list[tuple[str, str, int]]:
        """Datasets that have findings of this kind."""
        field = {"rejected": "rejected", "conflict": "conflicts", "vanished": "vanished"}[self.kind.value]
        return [
            (part.dataset, self.titles.get(part.dataset, part.dataset), getattr(part, field))
            for part in self.parts.values()
            if getattr(part, field)
        ]

    @cached_property
    def page(self) -> KeyPage:
        """The findings to show."""
        parts = [part.pk for part in self.parts.values() if self.dataset in ("", part.dataset)]
        query = Finding.objects.filter(part__in=parts, kind=self.kind).select_related("decided_by")
        if self.undecided:
            query = query.filter(decision=Decision.OPEN)
        return key_page(query, self.request, self.filters, descending=False, size=FINDINGS_ON_A_PAGE)

    @cached_property
    def rows(self) -> list[ShownFinding]:
        """The same, as they are drawn."""
        return [self._shown(finding) for finding in self.page.rows]

    def _shown(self, finding: Finding) -> ShownFinding:
        part = self.parts[finding.part_id]
        columns = {column.name: str(column.title) for column in _columns(part.dataset)}
        meant = _meant(part.dataset, finding.cells) if finding.ours else {}
        cells = [
            ShownCell(
                columns[name],
                finding.cells.get(name, "") or meant.get(name, ""),
                finding.ours.get(name, ""),
                bool(finding.cells) and meant.get(name, "") != finding.ours.get(name, ""),
                name == finding.column,
            )
            for name in columns
            if finding.cells.get(name) or finding.ours.get(name)
        ]
        title = self.titles.get(part.dataset, part.dataset)
        return ShownFinding(finding, title, columns.get(finding.column, finding.column), cells)

    @property
    def can_be_decided(self) -> bool:
        """Whether decisions of this kind are possible now."""
        return self.kind != FindingKind.REJECTED and self.delivery.outcome == Outcome.DONE


@dataclass(frozen=True)
class ShownCell:
    """One cell of a finding: theirs and ours."""

    title: str
    theirs: str
    ours: str
    differs: bool
    marked: bool


@dataclass(frozen=True)
class ShownFinding:
    """One finding as it is drawn."""

    finding: Finding
    dataset: str
    column: str
    cells: list[ShownCell]


def _meant(key: str, cells: dict[str, str]) -> dict[str, str]:
    """The delivered cells as the mirror would spell them, so that only real differences show."""
    dataset = next((dataset for dataset in declared_datasets() if dataset.key == key), None)
    if dataset is None:
        return cells
    values = clean_row(dataset, cells).values
    return {
        column.name: canonical(column, values[column.name])
        if column.name in values
        else cells.get(column.name, "")
        for column in dataset.columns
    }


def _columns(key: str) -> Any:
    return next((dataset.columns for dataset in declared_datasets() if dataset.key == key), ())


__all__ = ["Findings", "balance", "number", "numbers", "steps", "titles", "totals"]

"""Prices in force (C07) and the norm of the flat rate (C08)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from ebok.billing.models import FlatRateNorm, Tariff, TariffComponent, TariffVersion
from ebok.customers.models import Customer, PointStatus, ServicePoint, SettlementForm


@dataclass(frozen=True, kw_only=True)
class FlatRate:
    """The monthly quantity of a point without a meter: the norm of one person, times the persons."""

    norm: FlatRateNorm
    persons: int

    @property
    def monthly_quantity(self) -> Decimal:
        """In the norm's unit."""
        return self.norm.monthly_quantity * self.persons


@dataclass(frozen=True, kw_only=True)
class TariffOnDay:
    """A tariff with its version of one day, and the days on which its versions begin."""

    tariff: Tariff
    version: TariffVersion | None
    components: tuple[TariffComponent, ...]
    versions: tuple[TariffVersion, ...]
    """All versions, the newest first."""


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How a group of a customer's points is settled: alike ones are counted, not listed."""

    settlement_form: str
    tariff_code: str
    norm_code: str
    persons: int | None
    points: int

    @property
    def form(self) -> str:
        """The form of settlement in words."""
        return str(SettlementForm(self.settlement_form).label)


@dataclass(frozen=True, kw_only=True)
class NormOfPoints:
    """A norm with how it applies: one point's persons, and what that makes in a month and in a year."""

    settlement: Settlement
    norm: FlatRateNorm

    @property
    def monthly_quantity(self) -> Decimal | None:
        """In the norm's unit, for one point; None where nobody said how many live there."""
        persons = self.settlement.persons
        return None if not persons else self.norm.monthly_quantity * persons

    @property
    def yearly_quantity(self) -> Decimal | None:
        """Twelve months of it."""
        return None if self.monthly_quantity is None else self.monthly_quantity * 12


def settlements_of(customer: Customer) -> list[Settlement]:
    """Forms of settlement of the customer's points in use (C06); one query whatever their number."""
    points = ServicePoint.objects.filter(customer=customer).exclude(status=PointStatus.CLOSED)
    names = ("settlement_form", "tariff_code", "norm_code", "persons")
    rows = points.values(*names).annotate(points=Count("id")).order_by(*names)
    return [Settlement(**row) for row in rows]


def price_list(codes: Collection[str], day: date) -> list[TariffOnDay]:
    """The tariffs of these codes as they are on that day, earlier and coming versions named (C07).

    Three queries whatever their number; a tariff without a version on that day has no components.
    """
    if not codes:
        return []
    components = TariffComponent.objects.order_by("-kind", "code")
    versions = TariffVersion.objects.order_by("-valid_from").prefetch_related(
        Prefetch("components", components)
    )
    found = Tariff.objects.filter(code__in=codes).order_by("code")
    return [_on_day(tariff, day) for tariff in found.prefetch_related(Prefetch("versions", versions))]


def norms_on(settlements: Iterable[Settlement], day: date) -> list[NormOfPoints]:
    """The norms in force of these settlements (C08); at most one query."""
    wanted = [settlement for settlement in settlements if settlement.norm_code]
    if not wanted:
        return []
    norms = FlatRateNorm.objects.filter(_in_force(day), code__in={row.norm_code for row in wanted})
    known = {norm.code: norm for norm in norms.order_by("valid_from")}
    return [
        NormOfPoints(settlement=row, norm=known[row.norm_code]) for row in wanted if row.norm_code in known
    ]


def _on_day(tariff: Tariff, day: date) -> TariffOnDay:
    versions = tuple(tariff.versions.all())
    holds = (
        version
        for version in versions
        if version.valid_from <= day and (version.valid_to is None or day <= version.valid_to)
    )
    version = next(holds, None)
    components = tuple(version.components.all()) if version else ()
    return TariffOnDay(tariff=tariff, version=version, components=components, versions=versions)


def _in_force(day: date, prefix: str = "") -> Q:
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    return ends & Q(**{f"{prefix}valid_from__lte": day})


def prices_on(tariff_code: str, day: date) -> QuerySet[TariffComponent]:
    """The components of the tariff's version in force on that day, fixed ones last."""
    return (
        TariffComponent.objects.filter(_in_force(day, "version__"), version__tariff__code=tariff_code)
        .select_related("version__tariff")
        .order_by("-kind", "code")
    )


def flat_rate_of(point: ServicePoint, day: date) -> FlatRate | None:
    """The flat rate of a point, or None where it has no norm in force or nobody lives there."""
    if not point.norm_code or not point.persons:
        return None
    norm = FlatRateNorm.objects.filter(_in_force(day), code=point.norm_code).first()
    return None if norm is None else FlatRate(norm=norm, persons=point.persons)

"""Prices in force (C07) and the norm of the flat rate (C08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from ebok.billing.models import FlatRateNorm, TariffComponent
from ebok.customers.models import ServicePoint


@dataclass(frozen=True, kw_only=True)
class FlatRate:
    """The monthly quantity of a point without a meter: the norm of one person, times the persons."""

    norm: FlatRateNorm
    persons: int

    @property
    def monthly_quantity(self) -> Decimal:
        """In the norm's unit."""
        return self.norm.monthly_quantity * self.persons


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

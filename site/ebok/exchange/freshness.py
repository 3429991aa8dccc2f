"""How old the mirrored data are, and what may not be done with old ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.exchange.models import DeliveryPart, ExchangeSettings, Outcome

if TYPE_CHECKING:
    from wagtail.models import Site

REFRESH = "refresh"
"""The way in of a delivery about one customer; it makes nobody else's data fresher."""
USUAL_HOURS: int = ExchangeSettings._meta.get_field("freshness_hours").default
"""The limit as long as nobody has set one."""


@dataclass(frozen=True)
class Freshness:
    """The moment for which the data are true, and the limit set by the administrator.

    `as_of` is None as long as nothing was ever taken over: then the portal itself is the record, and
    nothing can be old.
    """

    as_of: datetime | None
    limit: timedelta

    @property
    def is_stale(self) -> bool:
        """Whether the data are older than the limit."""
        return self.as_of is not None and timezone.now() - self.as_of > self.limit

    @property
    def sentence(self) -> str:
        """The warning for pages; empty while the data are fresh."""
        if not self.is_stale or self.as_of is None:
            return ""
        days = (timezone.now() - self.as_of).days
        if days < 1:
            return _("The data shown here may be out of date.")
        return ngettext(
            "The data shown here are %(count)d day old. The newest invoices and payments may be missing.",
            "The data shown here are %(count)d days old. The newest invoices and payments may be missing.",
            days,
        ) % {"count": days}


def as_of(*datasets: str) -> datetime | None:
    """The moment for which the datasets are true: that of the one that is furthest behind.

    Without names it is the newest moment of any delivery that was taken over. A dataset that was never
    delivered is passed over.
    """
    return _furthest_behind(as_of_each(), datasets)


def as_of_each() -> dict[str, datetime]:
    """Dataset to the moment of its newest delivery; one query."""
    return dict(_newest())


@dataclass(frozen=True)
class Ages:
    """How old each dataset is, read at once; pages that show several ask them of this."""

    moments: Mapping[str, datetime]
    limit: timedelta

    def of(self, datasets: Iterable[str] = ()) -> Freshness:
        """The freshness of these datasets; without names of the newest delivery."""
        return Freshness(_furthest_behind(self.moments, tuple(datasets)), self.limit)


def ages() -> Ages:
    """How old everything is; one query."""
    hours = ExchangeSettings.objects.order_by("pk").values("freshness_hours")[:1]
    rows = list(_newest().annotate(hours=Subquery(hours)))
    limit = rows[0][2] if rows else None
    return Ages(
        {dataset: newest for dataset, newest, _hours in rows},
        timedelta(hours=USUAL_HOURS if limit is None else limit),
    )


def freshness(_site: Site | None = None, datasets: Iterable[str] = ()) -> Freshness:
    """How old the data are. One database belongs to one utility, so all its sites share the answer."""
    return ages().of(datasets)


def is_stale(site: Site | None = None, datasets: Iterable[str] = ()) -> bool:
    """Whether the data are older than the limit set by the administrator."""
    return freshness(site, datasets).is_stale


def may_pay_everything(site: Site | None = None, datasets: Iterable[str] = ()) -> tuple[bool, str]:
    """Whether "the whole amount" may be paid at once; if not, the sentence that explains it.

    Name the datasets of which the amount is made, so that a delivery of something else does not make
    old debts look new. A single document may always be paid.
    """
    if not is_stale(site, datasets):
        return True, ""
    return False, _(
        "The balance may be out of date, so the whole amount cannot be paid at once now. "
        "You can pay single invoices."
    )


def _newest() -> QuerySet[DeliveryPart, Any]:
    """(dataset, moment of its newest delivery)."""
    done = DeliveryPart.objects.filter(
        delivery__outcome__in=(Outcome.DONE, Outcome.SKIPPED), delivery__as_of__isnull=False
    ).exclude(delivery__way_in=REFRESH)
    return done.values_list("dataset").annotate(newest=Max("delivery__as_of")).order_by("dataset")


def _furthest_behind(moments: Mapping[str, datetime], datasets: tuple[str, ...]) -> datetime | None:
    if not datasets:
        return max(moments.values(), default=None)
    return min((moments[name] for name in datasets if name in moments), default=None)

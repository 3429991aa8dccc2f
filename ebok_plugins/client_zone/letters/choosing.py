"""To whom letters go: customers by group, by words, without an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.customers.access import valid_at
from ebok.customers.models import Customer, CustomerAccess, CustomerGroup, CustomerStatus
from ebok.customers.queries import find_customers
from ebok_plugins.client_zone.models import AccessLetter

MOST_LETTERS = 20_000
"""Letters of one batch; more are ordered in several."""


@dataclass(frozen=True)
class Choice:
    """What the form chose."""

    words: str = ""
    group: CustomerGroup | None = None
    without_account: bool = True
    without_letter: bool = True

    @property
    def title(self) -> str:
        """The choice in words, for the list of batches."""
        parts = [str(self.group) if self.group else _("all groups")]
        if self.words:
            parts.append(f"„{self.words}”")
        if self.without_account:
            parts.append(_("without an account"))
        return ", ".join(parts)[:200]


def chosen(choice: Choice) -> QuerySet[Customer]:
    """Customers the choice finds, in use and with an address letters reach, in the order of their ids."""
    now = timezone.now()
    found = find_customers(choice.words).exclude(status=CustomerStatus.CLOSED).filter(_reachable())
    if choice.group is not None:
        found = found.filter(memberships__group=choice.group)
    if choice.without_account:
        held = CustomerAccess.objects.filter(valid_at(now), customer=OuterRef("pk"))
        found = found.exclude(Exists(held))
    if choice.without_letter:
        living = AccessLetter.objects.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            customer=OuterRef("pk"),
            used_at__isnull=True,
            cancelled_at__isnull=True,
        )
        found = found.exclude(Exists(living))
    return found.order_by("pk")


def count_up_to(found: QuerySet[Any], most: int = MOST_LETTERS) -> int:
    """How many there are, `most + 1` for more: nobody counts a million for a screen."""
    return found[: most + 1].count()


def _reachable() -> Q:
    return ~Q(town="") | ~Q(correspondence_town="")

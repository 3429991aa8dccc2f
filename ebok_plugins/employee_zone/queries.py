"""What the employee zone reads: accounts of people, counters of account managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Group
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from ebok.accounts.models import User
from ebok.billing.models import LedgerEntry
from ebok.customers.access import valid_at
from ebok.customers.models import Customer, CustomerAccess
from ebok.plugins.registry import registry

CLIENT, EMPLOYEE, ADMINISTRATOR = "klient", "pracownik", "administrator"
"""Types of accounts (K18): whoever is in no position of staff is a client."""

ACTIVE, LOCKED = "czynne", "zablokowane"


def staff_groups() -> QuerySet[Group]:
    """Groups whose members enter the employee zone: the positions."""
    return Group.objects.filter(
        permissions__content_type__app_label="plugins", permissions__codename="employee_zone.enter"
    ).distinct()


def accounts(*, kind: str = "", state: str = "", words: str = "") -> QuerySet[User]:
    """Accounts of people, by e-mail; with `is_employee` and their groups prefetched."""
    positions = User.groups.through.objects.filter(user_id=OuterRef("pk"), group__in=staff_groups())
    found = User.objects.annotate(is_employee=Exists(positions)).prefetch_related(
        Prefetch("groups", Group.objects.order_by("name"))
    )
    if kind == EMPLOYEE:
        found = found.filter(is_employee=True, is_superuser=False)
    elif kind == ADMINISTRATOR:
        found = found.filter(is_superuser=True)
    elif kind == CLIENT:
        found = found.filter(is_employee=False, is_superuser=False)
    if state:
        found = found.filter(is_active=state == ACTIVE)
    for word in words.split():
        found = found.filter(
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    return found.order_by("email", "pk")


def accesses_by(user: User) -> QuerySet[CustomerAccess]:
    """Every access the person has or had, with the customers, the newest first."""
    return CustomerAccess.objects.filter(user=user).select_related("customer").order_by("-id")


@dataclass(frozen=True)
class Counters:
    """How an account manager's customers stand (H23)."""

    customers: int
    overdue: int
    with_account: int


def managed_by(employee: User) -> QuerySet[Customer]:
    """The customers whose account manager this is, by name (K16)."""
    return Customer.objects.filter(account_manager=employee).order_by("name", "id")


def counters_of(employee: User, today: date, moment: object) -> Counters:
    """Two queries, whatever the number of customers."""
    mine = managed_by(employee).order_by()
    debts = LedgerEntry.objects.filter(customer_id__in=mine.values("pk"), open_amount__gt=0, due_on__lt=today)
    accesses = CustomerAccess.objects.filter(valid_at(moment), customer_id=OuterRef("pk"))  # type: ignore[arg-type]
    found = mine.annotate(known=Exists(accesses)).aggregate(
        customers=Count("pk"), with_account=Count("pk", filter=Q(known=True))
    )
    overdue = debts.aggregate(count=Count("customer_id", distinct=True))["count"]
    return Counters(customers=found["customers"], overdue=overdue, with_account=found["with_account"])


def overdue_of(customers: list[Customer], today: date) -> dict[int, object]:
    """Overdue amount by customer id; one query for a page of customers."""
    rows = LedgerEntry.objects.filter(customer__in=customers, open_amount__gt=0, due_on__lt=today)
    return dict(rows.values_list("customer_id").annotate(total=Sum("open_amount")).order_by())


@dataclass(frozen=True)
class Right:
    """One declared permission as a position has it, and whether the person at work may give or take it."""

    name: str
    title: str
    is_held: bool
    may_be_changed: bool


@dataclass(frozen=True)
class PartOfRights:
    """The rights of one plugin or room."""

    title: str
    rights: tuple[Right, ...]


def positions() -> QuerySet[Group]:
    """All groups with `people` and `rights` counted, by name."""
    return Group.objects.annotate(
        people=Count("user", distinct=True), rights=Count("permissions", distinct=True)
    ).order_by("name")


def rights_of(position: Group, actor: User) -> list[PartOfRights]:
    """Every declared permission, by the part of the portal that declares it; at most two queries."""
    held = set(
        position.permissions.filter(content_type__app_label="plugins").values_list("codename", flat=True)
    )
    parts: dict[str, list[Right]] = {}
    for owner, declared in registry.contributions("permissions"):
        title = str(getattr(owner, "title", "") or owner.verbose_name)
        parts.setdefault(title, []).append(
            Right(
                name=declared.name,
                title=str(declared.title),
                is_held=declared.name in held,
                may_be_changed=actor.has_perm(f"plugins.{declared.name}"),
            )
        )
    return [PartOfRights(title, tuple(rights)) for title, rights in parts.items()]

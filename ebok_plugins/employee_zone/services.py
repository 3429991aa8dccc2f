"""Changing accounts' names and groups, and what each position may do (H01, K07, K13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from ebok.accounts.models import User
from ebok.journal.services import record
from ebok.plugins.permissions import declared_names

if TYPE_CHECKING:
    from django.http import HttpRequest


class NotAllowed(Exception):
    """What only the superadministrator may do; the message says so."""


def check_rank(actor: User, account: User) -> None:
    """Raise `NotAllowed` when the account is a superadministrator's and the actor is none."""
    if account.is_superuser and not actor.is_superuser:
        raise NotAllowed(_("Only a superadministrator may change a superadministrator's account."))


@transaction.atomic
def change_account(
    account: User,
    *,
    first_name: str,
    last_name: str,
    groups: Iterable[Group],
    actor: User,
    request: HttpRequest | None = None,
) -> None:
    """Set the name and the groups. Raises `NotAllowed` for groups that may do more than the actor.

    Nobody gives what they do not have: otherwise whoever manages accounts could do everything.
    """
    check_rank(actor, account)
    wanted, had = set(groups), set(account.groups.all())
    check_groups(actor, wanted ^ had)
    account.first_name, account.last_name = first_name, last_name
    account.save(update_fields=["first_name", "last_name"])
    account.groups.set(wanted)
    record(
        "employee_zone.account_changed",
        text=_("Account %(account)s changed") % {"account": account.email},
        actor=actor,
        request=request,
        obj=account,
        payload={
            "name": f"{first_name} {last_name}".strip(),
            "added": sorted(group.name for group in wanted - had),
            "removed": sorted(group.name for group in had - wanted),
        },
    )


@transaction.atomic
def set_rights(
    group: Group, names: Iterable[str], *, actor: User, request: HttpRequest | None = None
) -> None:
    """Let a position do exactly this of what is declared; other rights (Wagtail's) stay as they are.

    Raises `NotAllowed` when a right is given or taken that the actor does not have.
    """
    group = Group.objects.select_for_update().get(pk=group.pk)
    known = Permission.objects.filter(content_type__app_label="plugins", codename__in=declared_names())
    had = set(group.permissions.filter(pk__in=known.values("pk")).values_list("codename", flat=True))
    wanted = set(names) & declared_names()
    changed = wanted ^ had
    lacking = [name for name in sorted(changed) if not actor.has_perm(f"plugins.{name}")]
    if lacking:
        raise NotAllowed(
            _("You cannot give or take what you may not do yourself: %(names)s.")
            % {"names": ", ".join(lacking)}
        )
    if not changed:
        return
    group.permissions.remove(*known.filter(codename__in=had - wanted))
    group.permissions.add(*known.filter(codename__in=wanted - had))
    record(
        "employee_zone.position_changed",
        text=_("Rights of the position “%(name)s” changed") % {"name": group.name},
        actor=actor,
        request=request,
        obj=group,
        payload={"given": sorted(wanted - had), "taken": sorted(had - wanted)},
    )


@transaction.atomic
def add_position(name: str, *, actor: User, request: HttpRequest | None = None) -> Group:
    """A new position, or group, without rights."""
    group = Group.objects.create(name=name)
    record(
        "employee_zone.position_changed",
        text=_("Position “%(name)s” added") % {"name": name},
        actor=actor,
        request=request,
        obj=group,
    )
    return group


def check_groups(actor: User, groups: Iterable[Group]) -> None:
    """Raise `NotAllowed` when one of the groups may do more than the actor."""
    if actor.is_superuser:
        return
    held = actor.get_all_permissions()
    rights = Permission.objects.filter(group__in=[group.pk for group in groups]).select_related(
        "content_type"
    )
    more = sorted(
        {right.codename for right in rights if f"{right.content_type.app_label}.{right.codename}" not in held}
    )
    if more:
        raise NotAllowed(
            _("You cannot give or take groups that may do more than you: %(names)s.")
            % {"names": ", ".join(more[:5])}
        )

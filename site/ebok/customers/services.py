"""Customers entered and corrected by hand (L01, L02), with the groups they are in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from ebok.customers.joining import default_group
from ebok.customers.models import Customer, GroupMember
from ebok.exchange import entering
from ebok.exchange.entering import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest


def enter_customer(
    customer: Customer, *, groups: Iterable[int] = (), actor: Any, request: HttpRequest | None = None
) -> Customer:
    """Save a new customer in these groups, and in CLIENTS.

    Raises `ValidationError` by the names of fields.
    """
    with transaction.atomic():
        entering.enter(customer, actor=actor, request=request)
        _put(customer, groups, actor=actor, request=request)
    return customer


def correct_customer(
    customer: Customer,
    *,
    groups: Iterable[int] | None = None,
    actor: Any,
    request: HttpRequest | None = None,
) -> Customer:
    """Save what changed in a customer; `groups` replace the earlier ones, CLIENTS always stays.

    Raises `ValidationError` as `enter_customer`, and `Refused` when a membership that was imported would
    be taken away by anybody but the superadministrator.
    """
    with transaction.atomic():
        entering.correct(customer, actor=actor, request=request)
        if groups is not None:
            _put(customer, groups, actor=actor, request=request)
    return customer


def _put(customer: Customer, groups: Iterable[int], *, actor: Any, request: HttpRequest | None) -> None:
    wanted = {*groups, default_group().pk}
    members = GroupMember.objects.filter(customer=customer).select_related("group")
    known = {member.group_id: member for member in members}
    for group_id in sorted(wanted - known.keys()):
        entering.enter(GroupMember(customer=customer, group_id=group_id), actor=actor, request=request)
    for group_id in sorted(known.keys() - wanted):
        _take_out(known[group_id], actor=actor, request=request)


def _take_out(member: GroupMember, *, actor: Any, request: HttpRequest | None) -> None:
    reason = _("taken out of the group by hand")
    try:
        entering.delete(member, reason=reason, actor=actor, request=request)
    except Refused as refused:
        raise Refused(
            _("The customer stays in the group “%(group)s”, which the billing system gave.")
            % {"group": member.group.name}
        ) from refused

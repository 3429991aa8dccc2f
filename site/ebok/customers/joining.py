"""Every customer is in the group CLIENTS, whichever way they came."""

from __future__ import annotations

from django.db import connection, transaction

from ebok.customers.models import DEFAULT_GROUP, Customer, CustomerGroup, GroupMember
from ebok.exchange import natural_keys
from ebok.exchange.mirror import Source
from ebok.exchange.models import NaturalKey

DEFAULT_GROUP_NAME = "Klienci"


def default_group() -> CustomerGroup:
    """The group of all customers; made where no import has brought it."""
    found = CustomerGroup.objects.filter(code=DEFAULT_GROUP).first()
    if found is not None:
        return found
    with transaction.atomic():
        known: NaturalKey | None = natural_keys.find("groups", DEFAULT_GROUP)
        taken = known.object_id if known else natural_keys.take("groups", DEFAULT_GROUP)
        return CustomerGroup.objects.create(pk=taken, code=DEFAULT_GROUP, name=DEFAULT_GROUP_NAME)


def join_default_group(batch_id: int | None = None) -> None:
    """Add the customers an import has touched (or all of them) to the group, where they are not in it.

    One statement, whatever the number; the memberships count as entered here, so that a delivery which
    does not list them makes none vanish.
    """
    group = default_group()
    touched = "" if batch_id is None else " AND customer.batch_id = %s"
    given = [group.pk, Source.ENTERED, group.pk, *([] if batch_id is None else [batch_id])]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {GroupMember._meta.db_table} (customer_id, group_id, source)"  # noqa: S608 (own names)
            f" SELECT customer.id, %s, %s FROM {Customer._meta.db_table} customer"
            f" WHERE NOT EXISTS (SELECT 1 FROM {GroupMember._meta.db_table} member"
            f" WHERE member.customer_id = customer.id AND member.group_id = %s){touched}",
            given,
        )

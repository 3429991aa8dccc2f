"""What belongs to one customer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ebok.customers.models.customer import Customer
from ebok.exchange.mirror import Mirrored


class Owned(Mirrored):
    """A keyed row of a customer: the customer's id stands in the row, first in every index.

    `id` is the id of its `NaturalKey` row. `UNIQUE(customer_id, id)` is what composite keys of other
    tables lean on where a deployment is distributed by customer.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        db_index=False,
    )

    class Meta(Mirrored.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["customer", "id"], name="%(app_label)s_%(class)s_owner")
        ]

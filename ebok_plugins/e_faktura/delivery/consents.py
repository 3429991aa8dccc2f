"""Agreeing to get bills electronically, and going back to paper; the history is never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.customers.models import Customer
from ebok.journal.services import record
from ebok_plugins.e_faktura.models import ConsentWay, Delivery, DeliveryWay, EInvoiceConsent

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ebok.accounts.models import User

MOST = 100
"""Rows of the history that are shown."""


def consent_of(customer: Customer) -> EInvoiceConsent | None:
    """The consent in force, or None: then bills are owed on paper."""
    return EInvoiceConsent.objects.filter(customer=customer, withdrawn_at__isnull=True).first()


def history_of(customer: Customer) -> list[EInvoiceConsent]:
    """Every stretch of time, the newest first."""
    found = EInvoiceConsent.objects.filter(customer=customer).select_related("given_by", "withdrawn_by")
    return list(found.order_by("-given_at", "-pk")[:MOST])


@transaction.atomic
def give(
    customer: Customer,
    *,
    how: ConsentWay,
    by: User | None,
    actor: Any = None,
    request: HttpRequest | None = None,
) -> bool:
    """Bills come electronically from now on; False when they do already."""
    Customer.objects.select_for_update().get(pk=customer.pk)
    if consent_of(customer) is not None:
        return False
    EInvoiceConsent.objects.create(customer=customer, given_at=timezone.now(), given_how=how, given_by=by)
    record(
        "e_faktura.consent_given",
        text=_("Bills by e-mail from now on, customer %(code)s") % {"code": customer.code},
        actor=actor or by,
        request=request,
        customer_id=customer.pk,
        obj=customer,
        payload={"how": str(how)},
    )
    return True


@transaction.atomic
def withdraw(
    customer: Customer,
    *,
    how: ConsentWay,
    by: User | None,
    actor: Any = None,
    request: HttpRequest | None = None,
) -> bool:
    """Bills come on paper from now on; False when they do already.

    Bills that wait for their announcement go on paper too; what was announced stays as it was.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    consent = consent_of(customer)
    if consent is None:
        return False
    consent.withdrawn_at, consent.withdrawn_how, consent.withdrawn_by = timezone.now(), how, by
    consent.save(update_fields=["withdrawn_at", "withdrawn_how", "withdrawn_by"])
    waiting = Delivery.objects.filter(
        customer=customer, way=DeliveryWay.ELECTRONIC, announced_at__isnull=True
    ).update(way=DeliveryWay.PAPER)
    record(
        "e_faktura.consent_withdrawn",
        text=_("Bills on paper again, customer %(code)s") % {"code": customer.code},
        actor=actor or by,
        request=request,
        customer_id=customer.pk,
        obj=customer,
        payload={"how": str(how), "waiting_on_paper": waiting},
    )
    return True

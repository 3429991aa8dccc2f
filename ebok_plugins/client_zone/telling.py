"""Telling clients what became of their requests."""

from __future__ import annotations

from django.utils import translation
from wagtail.models import Site

from ebok.notifications.addresses import address_of
from ebok.notifications.services import language_of, send
from ebok_plugins.client_zone.models import AccountRequest, RequestState


def tell_decision(row: AccountRequest, site: Site | None) -> None:
    """Tell the person who sent a request what the office decided; in the transaction of the decision."""
    where = site or Site.objects.filter(is_default_site=True).first()
    if where is None or row.sent_by is None or not row.sent_by.is_active:
        return
    approved = row.state == RequestState.APPROVED
    language = language_of(row.sent_by)
    with translation.override(language):
        kind = str(row.get_kind_display())
    send(
        "client_zone.request_approved" if approved else "client_zone.request_refused",
        site=where,
        user=row.sent_by,
        values={
            "number": row.number,
            "kind": kind,
            "customer": row.customer.code,
            "answer": row.answer,
        },
        url=address_of(where, "client:client_zone:request", language=language, pk=row.pk),
        key=f"request:{row.pk}",
        owner=("client_zone.request", row.pk),
    )

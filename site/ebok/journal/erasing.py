"""Erasing details: the only thing in the journal that may be deleted. The chain stays whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Q
from django.utils.translation import ngettext

from ebok.journal import kinds, removals, shipping
from ebok.journal.models import Detail, Event
from ebok.journal.services import record
from ebok.ports import Erasure

_AT_ONCE = 2000


class ErasureRejected(ValueError):
    """Nobody was named, or no reason was given."""


@dataclass(frozen=True)
class Erased:
    """What a person's wish did."""

    erased: int
    """Details deleted now."""
    kept: int
    """Details a legal duty or the defence of claims keeps."""


def erase_details(event_ids: Iterable[uuid.UUID], *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Delete the details of these events and state so; returns how many there were.

    The caller decides which events. What remains of such an event is its kind, moment and numbers.
    """
    ids = list(event_ids)
    erased = 0
    with transaction.atomic(using=using):
        for start in range(0, len(ids), _AT_ONCE):
            piece = ids[start : start + _AT_ONCE]
            there = list(
                Detail.objects.using(using).filter(event_id__in=piece).values_list("event_id", flat=True)
            )
            if not there:
                continue
            removals.state_erased(there, using=using)
            erased += delete_rows(Detail.objects.using(using).filter(event_id__in=there))
    return erased


def erase_person(
    *,
    user: models.Model | None = None,
    customer_id: int | None = None,
    reason: str,
    actor: models.Model | str | None = None,
) -> Erased:
    """Erase what the journal tells about a person, by their wish: an account, a customer, or both.

    Reaches the details of events the account did, events done to the account, and events of the customer,
    as far as their kind says `Erasure.ERASE_DETAIL`; other kinds keep their details until their retention.
    The erasure is an event itself, in the same transaction. `reason` is kept and must not name the person.
    Raises `ErasureRejected`.
    """
    if user is None and customer_id is None:
        raise ErasureRejected("Name an account or a customer.")
    if not reason.strip():
        raise ErasureRejected("Give the reason.")
    # What was seen a moment ago must be found, too.
    shipping.gatherer.ship()
    shipping.ship_left_behind()
    erasable = [kind.key for kind in kinds.declared() if kind.erasure is Erasure.ERASE_DETAIL]
    about = Event.objects.filter(_about(user, customer_id))
    with transaction.atomic():
        count = erase_details(about.filter(kind__in=erasable).values_list("id", flat=True))
        kept = Detail.objects.filter(event_id__in=about.values("id")).count()
        record(
            "journal.person_erased",
            text=ngettext(
                "Erased %(count)d entry of a person from the journal. Reason: %(reason)s",
                "Erased %(count)d entries of a person from the journal. Reason: %(reason)s",
                count,
            )
            % {"count": count, "reason": reason.strip()},
            actor=actor,
            customer_id=customer_id,
            obj=user,
            payload={"erased": count, "kept": kept, "reason": reason.strip()},
        )
    return Erased(count, kept)


def delete_rows(details: models.QuerySet[Detail]) -> int:
    """Delete the details of a query. The caller states the removal in the same transaction."""
    # Not the model's own query set, which refuses to delete.
    plain = cast("models.QuerySet[Detail]", models.QuerySet(Detail, query=details.query, using=details.db))
    return plain._raw_delete(plain.db)


def _about(user: models.Model | None, customer_id: int | None) -> Q:
    about = Q()
    if user is not None:
        about |= Q(actor_id=user.pk)
        about |= Q(object_type=settings.AUTH_USER_MODEL.lower(), object_id=str(user.pk))
    if customer_id is not None:
        about |= Q(customer_id=customer_id)
    return about

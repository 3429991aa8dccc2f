"""What people say about findings, and when they are away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.customers.models import Customer
from ebok.journal.services import record
from ebok_plugins.e_odczyt.models import Absence, Answer, Finding, FindingState, RemoteMeter

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ebok.accounts.models import User

LONGEST_ABSENCE = timedelta(days=366)
MOST_ABSENCES = 50


class AnswerRefused(Exception):
    """It cannot be done (any more); `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def answer(
    finding: Finding, said: Answer, *, remark: str = "", user: User, request: HttpRequest | None = None
) -> Finding:
    """Keep what the client says; said again, the later answer counts. Raises `AnswerRefused` when closed.

    "It was me" and "a mistake" keep the same kind of finding at this meter from being told again for the days
    the settings say.
    """
    with transaction.atomic():
        locked = Finding.objects.select_for_update().get(pk=finding.pk, customer=finding.customer_id)
        if locked.state == FindingState.CLOSED:
            raise AnswerRefused(_("We have closed this matter already. Write to us if something is wrong."))
        locked.answer, locked.remark = said, remark
        locked.answered_at, locked.answered_by = timezone.now(), user
        locked.state = FindingState.ANSWERED
        locked.save()
        record(
            "e_odczyt.finding_answered",
            text=_("Answer about “%(kind)s”: %(answer)s")
            % {"kind": locked.get_kind_display(), "answer": locked.get_answer_display()},
            actor=user,
            request=request,
            customer_id=locked.customer_id,
            obj=locked,
            payload={"answer": said},
        )
    return locked


def close(finding: Finding, *, note: str, user: User, request: HttpRequest | None = None) -> Finding:
    """An employee is done with it. Raises `AnswerRefused` when a colleague was quicker."""
    with transaction.atomic():
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        if locked.state == FindingState.CLOSED:
            raise AnswerRefused(_("Somebody has closed this finding already."))
        locked.state, locked.note = FindingState.CLOSED, note
        locked.closed_at, locked.closed_by = timezone.now(), user
        locked.save()
        record(
            "e_odczyt.finding_closed",
            text=_("Finding “%(kind)s” was closed: %(note)s")
            % {"kind": locked.get_kind_display(), "note": note},
            actor=user,
            request=request,
            customer_id=locked.customer_id,
            obj=locked,
        )
    return locked


def tell_absence(
    customer: Customer, begin: date, end: date, *, user: User, request: HttpRequest | None = None
) -> Absence:
    """Nobody will use water on these days; the meters are looked at again. Told twice, it is kept once.

    Raises `AnswerRefused` for days in the wrong order, too many days and too many absences.
    """
    if end < begin:
        raise AnswerRefused(_("The last day is before the first."))
    if end - begin > LONGEST_ABSENCE:
        raise AnswerRefused(_("An absence may last a year at most."))
    with transaction.atomic():
        if Absence.objects.filter(customer=customer).count() >= MOST_ABSENCES:
            raise AnswerRefused(_("You have told us of very many absences. Remove old ones first."))
        absence, is_new = Absence.objects.get_or_create(
            customer=customer,
            begin=begin,
            end=end,
            defaults={"told_at": timezone.now(), "told_by": user},
        )
        if is_new:
            _look_again(customer)
            record(
                "e_odczyt.absence_told",
                text=_("Absence told: %(begin)s – %(end)s") % {"begin": begin, "end": end},
                actor=user,
                request=request,
                customer_id=customer.pk,
                obj=absence,
            )
    return absence


def remove_absence(absence: Absence, *, user: User, request: HttpRequest | None = None) -> None:
    """The absence does not hold. What was found because of it stays."""
    with transaction.atomic():
        text = _("Absence removed: %(begin)s – %(end)s") % {"begin": absence.begin, "end": absence.end}
        record(
            "e_odczyt.absence_removed",
            text=text,
            actor=user,
            request=request,
            customer_id=absence.customer_id,
            obj=absence,
        )
        absence.delete()


def _look_again(customer: Customer) -> None:
    RemoteMeter.objects.filter(customer=customer).update(news=F("news") + 1)

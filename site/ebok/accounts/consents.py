"""Texts people agree to: what is in force, who agreed, agreeing and withdrawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ebok.accounts.models import Channel, Consent, ConsentText, User
from ebok.journal.origin import address_of
from ebok.journal.services import record


@dataclass(frozen=True)
class Standing:
    """A text in force and what the person said to it last."""

    text: ConsentText
    last: Consent | None
    """The newest answer to any version of this kind."""

    @property
    def given(self) -> bool:
        """Whether the person agrees now: to this version, or to an older one when nothing must be agreed."""
        if self.last is None or not self.last.given:
            return False
        return self.last.text_id == self.text.pk or not self.text.required

    @property
    def may_withdraw(self) -> bool:
        """Terms are left by closing the account, everything else at any time."""
        return self.given and not self.text.required


def in_force() -> QuerySet[ConsentText]:
    """The newest version of each kind whose day has come."""
    newest = (
        ConsentText.objects.filter(kind=OuterRef("kind"), valid_from__lte=timezone.now())
        .order_by("-version")
        .values("pk")[:1]
    )
    return ConsentText.objects.filter(pk=Subquery(newest)).order_by("-required", "kind")


def standings_of(user: User) -> list[Standing]:
    """Every text in force with the person's answer; two queries."""
    answers = Consent.objects.filter(user=user).select_related("text").order_by("at", "pk")
    last = {answer.text.kind: answer for answer in answers}
    return [Standing(text, last.get(text.kind)) for text in in_force()]


def history_of(user: User, *, most: int = 100) -> list[Consent]:
    """What the person agreed to and withdrew, newest first."""
    return list(Consent.objects.filter(user=user).select_related("text").order_by("-at", "-pk")[:most])


def unanswered(user: User) -> list[ConsentText]:
    """Required texts in force that the person has not agreed to; one query."""
    agreed = Consent.objects.filter(user=user, text=OuterRef("pk")).order_by("-at", "-pk").values("given")[:1]
    required = in_force().filter(required=True).annotate(agreed=Subquery(agreed))
    return [text for text in required if not text.agreed]


def is_asked(_request: HttpRequest, user: User) -> bool:
    """Whether the person must agree to something before going on."""
    return bool(unanswered(user))


@transaction.atomic
def answer(
    user: User,
    text: ConsentText,
    *,
    given: bool,
    channel: Channel = Channel.PORTAL,
    actor: User | str | None = None,
    request: HttpRequest | None = None,
) -> Consent:
    """Write down that the person agrees, or no longer does; always a new row."""
    row = Consent(
        user=user,
        text=text,
        given=given,
        channel=channel,
        address=address_of(request)
        if request and channel in (Channel.PORTAL, Channel.REGISTRATION)
        else None,
    )
    row.save()
    words = _("Agreed: %(what)s") if given else _("Withdrew: %(what)s")
    record(
        "accounts.consent_given" if given else "accounts.consent_withdrawn",
        text=words % {"what": str(text)},
        actor=actor or user,
        request=request,
        obj=user,
        payload={"kind": text.kind, "version": text.version, "channel": str(channel)},
    )
    return row


@transaction.atomic
def answer_all(user: User, chosen: Iterable[str], *, request: HttpRequest) -> int:
    """Take the ticked kinds of the page of consents; only what differs is written. Returns how many."""
    # Two windows of one person come one after the other.
    User.objects.select_for_update().get(pk=user.pk)
    wanted, changed = set(chosen), 0
    for standing in standings_of(user):
        if standing.text.required or standing.given == (standing.text.kind in wanted):
            continue
        answer(user, standing.text, given=not standing.given, request=request)
        changed += 1
    return changed


@transaction.atomic
def accept(user: User, texts: Iterable[ConsentText], *, request: HttpRequest) -> None:
    """Agree to these texts at once, each journalled; one that was agreed to meanwhile is left alone."""
    User.objects.select_for_update().get(pk=user.pk)
    waiting = {text.pk for text in unanswered(user)}
    for text in texts:
        if text.pk in waiting:
            answer(user, text, given=True, request=request)

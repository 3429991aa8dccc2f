"""The sessions that are open now: one row each (allauth's `UserSession`), until they end for whatever reason.

The row lives as long as the session. Ending one deletes the session's data too, so that its browser is
out with the next click, and journals how it ended, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ebok.accounts import sessions
from ebok.accounts.models import User
from ebok.journal.origin import address_of, device_of
from ebok.journal.services import record

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 (a word for "unknown", nothing listens here)
METHODS = "methods"
"""In the row's data: with which proofs the person signed in."""
ROW = "ebok_session_row"
"""Session key: the row's number, by which it is found when the session gets another key."""
AT_ONCE = 500
"""How many overdue sessions one round of the timer closes."""


def opened(request: HttpRequest, user: User, methods: Iterable[str]) -> None:
    """Write the row of a session that has just been signed into."""
    # allauth, which comes next, takes a session whose data are not stored yet for one that is gone.
    request.session.save()
    now = timezone.now()
    values = {
        "user": user,
        "ip": address_of(request) or UNKNOWN_ADDRESS,
        "user_agent": device_of(request)[: UserSession._meta.get_field("user_agent").max_length],
        "created_at": now,
        "last_seen_at": now,
        "data": {METHODS: list(methods)},
    }
    row, _created = UserSession.objects.update_or_create(
        session_key=request.session.session_key, defaults=values
    )
    request.session[ROW] = row.pk


def moved(request: HttpRequest) -> None:
    """The session got another key (a new password does that): its row goes along."""
    key = request.session.session_key
    rows = UserSession.objects.filter(session_key=key).exclude(pk=request.session.get(ROW))
    rows._raw_delete(using=rows.db)
    UserSession.objects.filter(pk=request.session.get(ROW), user=request.user).update(session_key=key)


def forget(request: HttpRequest) -> None:
    """Take away the row of a session that is just ending; Django deletes its data."""
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    rows._raw_delete(using=rows.db)


def seen(request: HttpRequest) -> None:
    """Note that the person is there; asked at most once a minute."""
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def of(user: User) -> list[UserSession]:
    """The person's open sessions, the latest seen first; those past a limit are not among them."""
    return list(_alive(UserSession.objects.filter(user=user)).order_by("-last_seen_at", "-pk"))


def end(session: UserSession, manner: str, *, actor: User | str | None = None) -> bool:
    """End one session; False when it had ended already. The journal says the manner."""
    row = UserSession.objects.filter(pk=session.pk)
    with transaction.atomic():
        if not row._raw_delete(using=row.db):
            return False
        _store(session.session_key).delete()
        journal_end(session.user, manner, actor=actor, session=session)
    return True


def end_all(user: User, manner: str, *, actor: User | str | None = None, but: str | None = None) -> int:
    """End all sessions of a person, but for the one with the key `but`; returns how many."""
    found = UserSession.objects.filter(user=user).select_related("user")
    return sum(end(session, manner, actor=actor) for session in found if session.session_key != but)


def close_overdue() -> int:
    """End sessions past the idle or the absolute limit, whose browsers never came back."""
    now = timezone.now()
    overdue = UserSession.objects.exclude(pk__in=_alive(UserSession.objects.all()).values("pk"))
    closed = 0
    for session in overdue.select_related("user").order_by("pk")[:AT_ONCE]:
        closed += end(session, manner_of_end(session, now), actor="")
    return closed


def manner_of_end(session: UserSession, now: datetime) -> str:
    """Which of the two limits the session passed; within both it can only have been ended by somebody."""
    if session.created_at <= now - settings.EBOK_SESSION_ABSOLUTE:
        return sessions.TOO_OLD
    if session.last_seen_at <= now - settings.EBOK_SESSION_IDLE:
        return sessions.IDLE
    return sessions.REVOKED


def journal_end(
    user: User,
    manner: str,
    *,
    actor: User | str | None = None,
    request: HttpRequest | None = None,
    session: UserSession | None = None,
) -> None:
    """Journal that a session ended. The person is the one whose session it was."""
    words = {
        sessions.MANUAL: _("Signed out: %(who)s"),
        sessions.IDLE: _("Signed out after a time without activity: %(who)s"),
        sessions.TOO_OLD: _("Signed out at the end of the longest session: %(who)s"),
        sessions.REVOKED: _("Signed out from elsewhere: %(who)s"),
    }
    payload: dict[str, Any] = {"manner": manner}
    if session is not None:
        # The event's own address and device are those of whoever ended it.
        payload |= {"address": session.ip, "device": session.user_agent[:300]}
    record(
        "accounts.signed_out",
        text=words[manner] % {"who": user.email},
        actor=user if actor is None else actor,
        request=request,
        obj=user,
        payload=payload,
    )


def _alive(rows: QuerySet[UserSession]) -> QuerySet[UserSession]:
    now = timezone.now()
    return rows.filter(
        Q(created_at__gt=now - settings.EBOK_SESSION_ABSOLUTE)
        & Q(last_seen_at__gt=now - settings.EBOK_SESSION_IDLE)
    )


def _store(key: str) -> SessionBase:
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    return store(key)

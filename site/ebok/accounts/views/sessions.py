"""Where the account is open, and who tried to get in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ebok.accounts import live_sessions, sessions
from ebok.accounts.views.pages import AccountPage
from ebok.journal import sign_ins
from ebok.journal.devices import device_name, masked_address
from ebok.journal.queries import Cursor

HISTORY = 20


@dataclass(frozen=True)
class OpenSession:
    """One open session in words."""

    pk: int
    device: str
    address: str
    way: str
    since: datetime
    seen: datetime
    is_current: bool


class Sessions(AccountPage):
    """Open sessions; any of them can be ended from here."""

    template_name = "accounts/sessions.html"
    title = gettext_lazy("Your sessions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """This session first, then the one seen last."""
        key = self.request.session.session_key
        found = [
            OpenSession(
                pk=row.pk,
                device=device_name(row.user_agent),
                address=masked_address(row.ip),
                way=", ".join(
                    str(sign_ins.METHODS.get(name, name)) for name in row.data.get(live_sessions.METHODS, [])
                ),
                since=row.created_at,
                seen=row.last_seen_at,
                is_current=row.session_key == key,
            )
            for row in live_sessions.of(self.user)
        ]
        found.sort(key=lambda row: not row.is_current)
        return super().get_context_data(sessions=found, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """End one (`session`), or all but this one."""
        wanted = request.POST.get("session", "")
        key = request.session.session_key
        rows = [row for row in live_sessions.of(self.user) if row.session_key != key]
        if wanted:
            rows = [row for row in rows if str(row.pk) == wanted]
        ended = sum(live_sessions.end(row, sessions.REVOKED, actor=self.user) for row in rows)
        if ended:
            words = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
            messages.success(request, words % {"count": ended})
        else:
            messages.info(request, _("This session had ended already."))
        return redirect("account_sessions")


class History(AccountPage):
    """The session journal of the person: sign-ins, sign-outs, failed tries; page by page."""

    template_name = "accounts/history.html"
    title = gettext_lazy("History of sign-ins")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page; a place nobody knows is the first one."""
        asked = self.request.GET
        page = sign_ins.sessions_of(
            self.user,
            older_than=Cursor.parse(asked.get("starsze", "")),
            newer_than=Cursor.parse(asked.get("nowsze", "")),
            size=HISTORY,
        )
        return super().get_context_data(page=page, failed=sign_ins.FAILED, **kwargs)

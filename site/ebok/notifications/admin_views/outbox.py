"""What went out and what did not, and mailings with their progress."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from ebok.exchange.admin_views.screens import key_page
from ebok.notifications.admin_views.screens import MessageScreen
from ebok.notifications.kinds import all_kinds, secret_kinds
from ebok.notifications.mailings import cancel_mailing
from ebok.notifications.models import Channel, Mailing, MailingState, Message, State
from ebok.notifications.permissions import RUN_MAILINGS, SEE_OUTBOX
from ebok.notifications.states import send_again
from ebok.plugins.permissions import allowed

OUTBOX = "ebok_outbox"
MAILINGS = "ebok_mailings"
LARGEST_ID = 2**63 - 1
SHOWN = 100


class OutboxView(MessageScreen):
    """Messages, newest first; a POST sends one again that did not go out."""

    template_name = "notifications/admin/outbox.html"
    page_title = gettext_lazy("Outbox")
    needed = SEE_OUTBOX

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page; the same number of queries for every page."""
        state = request.GET.get("stan", "")
        state = state if state in State.values else ""
        rows = Message.objects.filter(state=state) if state else Message.objects.all()
        page = key_page(rows.select_related("mailing"), request, {"stan": state}, descending=True)
        titles, secret = {kind.key: kind.title for kind in all_kinds()}, secret_kinds()
        context = self.get_context_data(
            rows=[
                (message, titles.get(message.kind, message.kind), message.kind in secret)
                for message in page.rows
            ],
            page=page,
            state=state,
            states=State.choices,
            repairable=(State.FAILED, State.BOUNCED),
        )
        return self.render_to_response(context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send it again, if it still has not gone out."""
        typed = request.POST.get("message", "")
        key = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
        message = Message.objects.filter(pk=key).exclude(channel=Channel.PORTAL).first()
        if message is None:
            raise Http404
        if message.kind in secret_kinds():
            messages.warning(request, _("What lets somebody in is not kept. The person can ask for it anew."))
        elif send_again(message, actor=request.user, request=request):
            messages.success(request, _("The message goes out again."))
        else:
            messages.warning(request, _("This message is already on its way."))
        return redirect(OUTBOX)


class MailingsView(MessageScreen):
    """Mailings, newest first, with their progress; a POST calls one off."""

    template_name = "notifications/admin/mailings.html"
    page_title = gettext_lazy("Mailings")
    needed = SEE_OUTBOX
    header_icon = "group"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The newest ones; one query."""
        context = self.get_context_data(
            mailings=list(Mailing.objects.order_by("-pk")[:SHOWN]),
            running=MailingState.RUNNING,
            may_cancel=allowed(request.user, RUN_MAILINGS),
        )
        return self.render_to_response(context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Call off what has not gone out."""
        typed = request.POST.get("mailing", "")
        key = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
        mailing: Any = Mailing.objects.filter(pk=key).first()
        if mailing is None or not allowed(request.user, RUN_MAILINGS):
            raise Http404
        count = cancel_mailing(mailing, actor=request.user, request=request)
        messages.success(
            request,
            ngettext("%(count)d message was called off.", "%(count)d messages were called off.", count)
            % {"count": count},
        )
        return redirect(MAILINGS)

"""Requests of clients as employees handle them: a queue, and one with old and new side by side."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.accounts.models import User
from ebok.zones.views import LARGEST_ID, Crumb, ZoneMixin
from ebok_plugins.client_zone import requesting
from ebok_plugins.client_zone.forms import DecisionForm
from ebok_plugins.client_zone.models import AccountRequest, RequestState
from ebok_plugins.client_zone.views.requests import named_changes

QUEUE_SIZE = 30
LONGEST_WORDS = 100


class RequestQueue(ZoneMixin, TemplateView):
    """Requests by state and by customer; pages by key, so the thousandth is as quick as the first."""

    permission_required = "client_zone.handle_requests"
    template_name = "client_zone/employee/queue.html"
    title = gettext_lazy("Requests of clients")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the queue; unknown states show what waits."""
        state = self.request.GET.get("stan", RequestState.WAITING)
        state = state if state in RequestState.values else RequestState.WAITING
        words = self.request.GET.get("q", "")[:LONGEST_WORDS].replace("\x00", "")
        rows = requesting.queue(state, words)
        after = _key(self.request.GET.get("po", ""))
        if after:
            waiting = state == RequestState.WAITING
            rows = rows.filter(pk__gt=after) if waiting else rows.filter(pk__lt=after)
        found = list(rows[: QUEUE_SIZE + 1])
        return super().get_context_data(
            rows=found[:QUEUE_SIZE],
            next_after=found[QUEUE_SIZE - 1].pk if len(found) > QUEUE_SIZE else None,
            states=RequestState.choices,
            state=state,
            words=words,
            **kwargs,
        )


class RequestDecision(ZoneMixin, TemplateView):
    """One request: what stands there, what is wanted, and the decision."""

    permission_required = "client_zone.handle_requests"
    template_name = "client_zone/employee/request.html"

    @cached_property
    def thing(self) -> AccountRequest:
        """The request of the address."""
        rows = AccountRequest.objects.select_related("customer", "sent_by", "decided_by")
        key = self.kwargs["pk"]
        found = rows.filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The queue, then here."""
        return [
            (gettext_lazy("Requests of clients"), reverse("employee:client_zone:request_queue")),
            (self.thing.number, ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the mirror holds now stands beside, since it may have changed since the request."""
        kwargs.setdefault("form", DecisionForm())
        return super().get_context_data(
            thing=self.thing, title=str(self.thing), changes=named_changes(self.thing), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Approve or refuse; what was typed stays when it cannot be done."""
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                requesting.decide(
                    self.thing,
                    approve=request.POST.get("do") == "approve",
                    answer=form.cleaned_data["answer"],
                    by=cast("User", request.user),
                    request=request,
                )
            except requesting.RequestRefused as refused:
                form.add_error("answer" if self.thing.is_waiting else None, str(refused))
                del self.thing
            else:
                messages.success(request, _("Decided. The client gets an e-mail."))
                return redirect("employee:client_zone:request_queue")
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return response


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_ID)) else 0

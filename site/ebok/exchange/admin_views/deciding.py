"""Decisions about conflicts and missing rows, one at a time or a page at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ebok.exchange import decisions
from ebok.exchange.admin_views.deliveries import page_address
from ebok.exchange.admin_views.reports import FINDINGS_ON_A_PAGE
from ebok.exchange.admin_views.screens import ExchangeScreen, number
from ebok.exchange.models import Finding, FindingKind

_ACTIONS: dict[str, Callable[[int, Any], Finding]] = {
    "theirs": decisions.take_theirs,
    "ours": decisions.keep_ours,
    "one": decisions.they_are_one,
    "two": decisions.two_different,
    "reviewed": decisions.review_vanished,
}
_SHOWN_SENTENCES = 3


class DecideView(ExchangeScreen):
    """Carries out what a person decided: `do`, and `finding` once or several times."""

    needed = "exchange.decide"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, delivery_id: int) -> HttpResponse:
        """Decide and come back to the same place of the list."""
        action = _ACTIONS.get(request.POST.get("do", ""))
        wanted = [number(text) for text in request.POST.getlist("finding")[:FINDINGS_ON_A_PAGE]]
        known = Finding.objects.filter(part__delivery=delivery_id, pk__in=[pk for pk in wanted if pk])
        keys = list(known.order_by("pk").values_list("pk", flat=True))
        if action is None or not keys:
            raise Http404
        done, sentences = 0, []
        for key in keys:
            try:
                action(key, request.user)
                done += 1
            except decisions.CannotDecide as refused:
                sentences.append(refused.sentence)
        self._tell(request, done, sentences)
        return HttpResponseRedirect(page_address(delivery_id, _place(request)) + "#ustalenia")

    def _tell(self, request: HttpRequest, done: int, sentences: list[str]) -> None:
        if done:
            messages.success(
                request, ngettext("%(count)d decided.", "%(count)d decided.", done) % {"count": done}
            )
        for sentence in sentences[:_SHOWN_SENTENCES]:
            messages.error(request, sentence)
        if len(sentences) > _SHOWN_SENTENCES:
            more = len(sentences) - _SHOWN_SENTENCES
            messages.error(request, _("And %(count)d more.") % {"count": more})


def _place(request: HttpRequest) -> dict[str, str]:
    """The filters of the list, as the form carried them."""
    found = {name: request.POST.get(name, "") for name in ("rodzaj", "zestaw", "tylko", "po", "przed")}
    right = {
        "rodzaj": found["rodzaj"] in FindingKind.values,
        "zestaw": found["zestaw"].isidentifier(),
        "tylko": found["tylko"] == "otwarte",
        "po": number(found["po"]) is not None,
        "przed": number(found["przed"]) is not None,
    }
    return {name: value for name, value in found.items() if right[name]}

"""The client's own dashboard: cards up, down, hidden and shown again, with plain buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.zones.customer_pages import CustomerMixin
from ebok_plugins.client_zone.arranging import arrangement_of, move_card, placed_cards, reset_cards

LONGEST_KEY = 100


@dataclass(frozen=True)
class Item:
    """A card in the list."""

    key: str
    title: Any
    is_shown: bool


class OwnCardsPage(CustomerMixin, TemplateView):
    """Every button posts one change and comes back to the row it moved."""

    template_name = "client_zone/own_cards.html"
    title = gettext_lazy("Arrange the dashboard")
    help_topic = "dashboard"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cards this person may have; asks none of them what it would show."""
        items = [
            Item(offered.key, offered.card.title, place.is_shown)
            for offered, place in placed_cards(self.request)
        ]
        return super().get_context_data(items=items, is_own=bool(arrangement_of(self.request).own), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """One button; anything else changes nothing."""
        here = reverse("client:client_zone:own_cards")
        if request.POST.get("reset"):
            if reset_cards(request):
                messages.success(request, _("The dashboard is as the utility arranged it."))
            return redirect(here)
        if card := request.POST.get("up", "")[:LONGEST_KEY]:
            move_card(request, card, "up")
        elif card := request.POST.get("down", "")[:LONGEST_KEY]:
            move_card(request, card, "down")
        elif card := request.POST.get("hide", "")[:LONGEST_KEY]:
            move_card(request, card, "hide")
        elif card := request.POST.get("show", "")[:LONGEST_KEY]:
            move_card(request, card, "show")
        keys = [offered.key for offered, _place in placed_cards(request)]
        return redirect(f"{here}#karta-{keys.index(card) + 1}" if card in keys else here)

"""The zone's front page, the switch between customers, and all customers together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from django.views.generic.base import View

from ebok.billing.queries import Balance, balances_of
from ebok.customers.access import accesses_of
from ebok.customers.models import CustomerAccess, Scope
from ebok.zones.acting import choose, stop_looking
from ebok.zones.cards import DrawnCard, drawn_cards
from ebok.zones.customer_pages import ClientMixin
from ebok.zones.paging import page_of
from ebok.zones.views import ZoneDashboard, zone_front
from ebok_plugins.client_zone.arranging import shown_cards
from ebok_plugins.client_zone.placing import filled
from page_types.chrome import Chrome

PER_PAGE = 25
LONGEST_ID = 19


class Dashboard(ClientMixin, ZoneDashboard):
    """The cards; above them the way to join a contract for a person who acts for nobody yet.

    They stand as the utility arranged them for the customer's group, and as the person did after that.
    """

    template_name = "client_zone/dashboard.html"
    records_view = True

    def cards(self) -> list[DrawnCard]:
        """Arranged, and with no hole at the end of a row."""
        chrome = Chrome.of(self.request)
        if chrome is not None:
            # The frame and the cards look for pages with one query, those of help among them.
            chrome.include_help(self.help_topic)
        drawn = drawn_cards(self.request, shown_cards(self.request))
        widths = filled([card.width for card in drawn])
        return [replace(card, width=width) for card, width in zip(drawn, widths, strict=True)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A person without customers is not told that there is nothing to do."""
        return super().get_context_data(hide_empty=self.acting is None, **kwargs)


class Switch(ClientMixin, View):
    """Takes the customer chosen in the header, and goes back to the page or to the front."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """404 for a customer the person may not act for."""
        wanted = request.POST.get("customer", "")
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < LONGEST_ID):
            raise Http404
        if not choose(request, int(wanted)):
            raise Http404
        back = request.POST.get("next", "")
        front = zone_front(self.zone)
        # Pages about one thing of the customer before would be 404 for the one chosen now.
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(front)
        return redirect(back if safe and not any(part.isdecimal() for part in back.split("/")) else front)


class StopLooking(ClientMixin, View):
    """Ends looking as a client; the employee goes where employees belong."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """To the doors of the portal, since where the employee came from is not known here."""
        if stop_looking(request) is not None:
            messages.info(request, _("You are yourself again."))
        return redirect("account_home")


@dataclass(frozen=True)
class Together:
    """One customer in the list of all; the balance is None where bills may not be seen."""

    access: CustomerAccess
    balance: Balance | None


class AllCustomers(ClientMixin, TemplateView):
    """All customers a person may act for, with their balances, for those who have many."""

    template_name = "client_zone/together.html"
    title = gettext_lazy("All customers together")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of customers: two queries whatever their number."""
        page = page_of(self.request, accesses_of(self.request.user), PER_PAGE)  # type: ignore[arg-type]
        seen = [access.customer_id for access in page.object_list if Scope.BILLS in access.scopes]
        balances = balances_of(seen, timezone.localdate())
        rows = [Together(access, balances.get(access.customer_id)) for access in page.object_list]
        return super().get_context_data(page_obj=page, customers=rows, **kwargs)

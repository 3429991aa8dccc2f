"""Confirming that a bill came (D10), and choosing how bills come."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from ebok.customers.models import Scope
from ebok.zones.customer_pages import CustomerMixin
from ebok_plugins.e_faktura.delivery import consents, proof
from ebok_plugins.e_faktura.models import ConsentWay
from ebok_plugins.e_faktura.views.bills import BillOfCustomer, BillsPage


class Confirm(BillOfCustomer, View):
    """The person says that the bill came; the first word counts."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Write it down and go back to the bill."""
        if self.delivery is None or self.reader is None:
            raise Http404
        proof.opened(self.delivery, self.invoice, by=self.reader, request=request)
        if proof.confirm(self.delivery, self.invoice, by=self.reader, request=request):
            messages.success(request, _("Thank you. We know that the bill has come."))
        else:
            messages.info(request, _("The receipt of this bill was confirmed before."))
        return redirect("client:e_faktura:bill", pk=self.invoice.pk)


class WayPage(BillsPage):
    """How bills come: electronically or on paper, since when, and every change before."""

    template_name = "e_faktura/client/way.html"
    title = gettext_lazy("How bills come")
    place = "way"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The consent and its history."""
        history = consents.history_of(self.customer)
        return super().get_context_data(
            consent=next((row for row in history if row.withdrawn_at is None), None),
            history=history,
            may_change=self.acting is not None and self.acting.may((Scope.ACCOUNT,)),
            **kwargs,
        )


class ChangeWay(CustomerMixin, View):
    """Agree to bills by e-mail, or go back to paper; asked of whoever manages the account."""

    scopes = (Scope.ACCOUNT,)
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """A second click changes nothing."""
        electronic = request.POST.get("sposob") == "e"
        act = consents.give if electronic else consents.withdraw
        user: Any = request.user
        if act(self.customer, how=ConsentWay.PORTAL, by=user, request=request):
            told = (
                _("From now on we send your bills by e-mail.")
                if electronic
                else _("From now on we send your bills on paper.")
            )
            messages.success(request, told)
        return redirect("client:e_faktura:way")

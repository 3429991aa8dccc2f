"""The tab "Account" of a customer, there only for the customer's account manager (K17)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.accounts import services as account_services
from ebok.accounts.models import User
from ebok.customers.access import accesses_to
from ebok.customers.models import AccessRole
from ebok.zones.views import Crumb
from ebok_plugins.employee_zone import services
from ebok_plugins.employee_zone.forms import NameForm
from ebok_plugins.employee_zone.queries import CLIENT, accounts
from ebok_plugins.employee_zone.views.customers import CustomerOfEmployee, cares_for

MOST = 20
"""Holders of one customer that are shown; a household has two."""


class CareOfAccounts(CustomerOfEmployee, TemplateView):
    """Login, name and a new password of those who hold the customer; 404 for every other employee."""

    template_name = "employee_zone/customer_account.html"
    is_personal = True

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """Only the account manager learns that the page exists."""
        if not cares_for(request.user, self.customer):
            raise Http404
        return None

    def crumbs(self) -> list[Crumb]:
        """The search, the customer, then here."""
        return [
            (gettext_lazy("Customers"), reverse("employee:employee_zone:search")),
            (self.customer.name, reverse("employee:employee_zone:customer", kwargs=self.kwargs)),
            (gettext_lazy("Account"), ""),
        ]

    @cached_property
    def accounts(self) -> list[User]:
        """Accounts of clients who hold the customer now. An employee's own account is nobody's to manage."""
        holders = accesses_to(self.customer).filter(role=AccessRole.OWNER)
        return list(accounts(kind=CLIENT).filter(pk__in=holders.values("user"))[:MOST])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A form for each account; the one that was refused keeps what was typed."""
        refused: NameForm | None = kwargs.pop("refused", None)
        forms = [
            refused if refused is not None and refused.account == account else NameForm(account)
            for account in self.accounts
        ]
        return super().get_context_data(
            title=_("The client's account: %(name)s") % {"name": self.customer.name},
            customer=self.customer,
            forms=forms,
            form=refused,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A new name, or a letter with a link to a new password; anything else is 404."""
        wanted, deed = request.POST.get("account", ""), request.POST.get("do", "")
        account = next((found for found in self.accounts if str(found.public_id) == wanted), None)
        if account is None or deed not in ("change", "reset"):
            raise Http404
        actor = cast("User", request.user)
        if deed == "reset":
            account_services.send_password_reset(account, actor=actor, request=request)
            messages.success(request, _("A letter with a link to a new password is on its way."))
        else:
            form = NameForm(account, request.POST)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(refused=form))
            services.change_account(
                account, groups=account.groups.all(), actor=actor, request=request, **form.cleaned_data
            )
            messages.success(request, _("Saved."))
        return redirect("employee:employee_zone:customer_account", pk=self.customer.pk)

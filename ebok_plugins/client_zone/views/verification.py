"""Accounts that wait for a proof: the employees' queue, and the decision."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.accounts.models import User
from ebok.customers.access import accesses_to
from ebok.zones.paging import page_of
from ebok.zones.views import Crumb, ZoneMixin
from ebok_plugins.client_zone.models import Claim, ClaimState
from ebok_plugins.client_zone.models.joining import ProofWay
from ebok_plugins.client_zone.registration import claims, recovery
from ebok_plugins.client_zone.registration.forms import RefusalForm

PER_PAGE = 25
MOST_HOLDERS = 20


class VerificationMixin(ZoneMixin):
    """For every page about claims: the permission, and what waits."""

    permission_required = "client_zone.verify_accounts"
    title = gettext_lazy("Accounts to verify")
    help_topic = "verification"

    def waiting(self) -> QuerySet[Claim]:
        """What can still be decided, the oldest first."""
        return (
            Claim.objects.filter(state=ClaimState.WAITING, expires_at__gt=timezone.now())
            .select_related("customer", "user")
            .order_by("id")
        )


class VerificationQueue(VerificationMixin, TemplateView):
    """Who waits, for which customer, since when, and for what."""

    http_method_names = ["get", "head", "options"]
    template_name = "client_zone/verification/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of claims."""
        page = page_of(self.request, self.waiting(), PER_PAGE)
        return super().get_context_data(page_obj=page, claims=page.object_list, **kwargs)


class Verification(VerificationMixin, TemplateView):
    """One claim: what is known, who sees the account already, approve or refuse."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "client_zone/verification/claim.html"

    def claim(self) -> Claim:
        """The claim of the address, while it waits."""
        return get_object_or_404(self.waiting(), public_id=self.kwargs["claim"])

    def crumbs(self) -> list[Crumb]:
        """The queue, then the customer."""
        return [(self.title, reverse("employee:client_zone:verification")), (self.shown.customer.code, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The claim beside the billing data."""
        self.shown = self.claim()
        kwargs.setdefault("form", RefusalForm())
        kwargs.update(
            claim=self.shown,
            customer=self.shown.customer,
            holders=list(accesses_to(self.shown.customer)[:MOST_HOLDERS]),
            letters=list(self.shown.letters.order_by("id")),
            is_own=self.shown.user_id == self.request.user.pk,
        )
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, claim: Any) -> HttpResponseBase:
        """Approve or refuse; nobody decides about themself."""
        found, employee = self.claim(), cast("User", request.user)
        if found.user_id == employee.pk:
            raise Http404
        try:
            if request.POST.get("do") == "approve":
                claims.approve(found, ProofWay.OFFICE, by=employee, request=request)
                messages.success(request, _("Approved. We have told the person."))
            else:
                form = RefusalForm(request.POST)
                if not form.is_valid():
                    return self.render_to_response(self.get_context_data(form=form))
                claims.refuse(found, reason=form.cleaned_data["reason"], by=employee, request=request)
                messages.success(request, _("Refused. We have told the person."))
        except claims.Decided:
            messages.info(request, _("This has been decided in the meantime."))
        except recovery.MailboxTaken:
            messages.error(request, _("Another account signs in with this e-mail, so it cannot be given."))
        return redirect("employee:client_zone:verification")

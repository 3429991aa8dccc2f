"""A password that has become too old on a site that insists."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordChangeView
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from ebok.accounts import duties, passwords
from ebok.accounts.views.pages import next_address


class PasswordDue(LoginRequiredMixin, PasswordChangeView):
    """Set a new one, then go on to where one was going."""

    template_name = "accounts/password_due.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask, or go on when it is new enough meanwhile."""
        user: Any = request.user
        if user.is_authenticated and not passwords.is_due(request, user):
            duties.done(request, duties.PASSWORD)
            return redirect(next_address(request))
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            response["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How long it may be used here."""
        context: dict[str, Any] = super().get_context_data(
            days=passwords.days_allowed(self.request), next=next_address(self.request), **kwargs
        )
        return context

    def get_success_url(self) -> str:
        """Where the person was going."""
        return next_address(self.request)

    def form_valid(self, form: Any) -> HttpResponse:
        """The new password is stored; nothing is due any more."""
        response: HttpResponse = super().form_valid(form)
        duties.done(self.request, duties.PASSWORD)
        return response

"""What all pages of the account have: sign-in, a crumb, and that nobody keeps them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ebok.accounts.models import User


class AccountPage(LoginRequiredMixin, TemplateView):
    """A page about the account of the person who asks."""

    title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, kept by nobody."""
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            response["Cache-Control"] = "no-store"
        return response

    @property
    def user(self) -> User:
        """Who asks; nobody else comes this far."""
        return cast("User", self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The title and the way here."""
        front = (_("Security of the account"), reverse("account_security"))
        crumbs = [front] if self.title == front[0] else [front, (self.title, "")]
        return super().get_context_data(**{"title": self.title, "crumbs": crumbs, **kwargs})


def next_address(request: HttpRequest) -> str:
    """Where the person wanted to go, when that is a page of ours; otherwise where they may choose."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A bare word is no address: `redirect` would look for a page of that name.
    return wanted if safe and wanted.startswith("/") else reverse("account_home")

"""What the public pages of the client zone share: the frame, no-store, and the settings of the site."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.models import Site

from ebok.journal.origin import address_of
from ebok_plugins.client_zone.models import JoiningSettings
from ebok_plugins.client_zone.registration import rules


def site_of(request: HttpRequest) -> Site:
    """The site of the request; 404 where there is none."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def joining_settings(request: HttpRequest) -> JoiningSettings:
    """The settings of the request's site."""
    settings: JoiningSettings = JoiningSettings.for_site(site_of(request))
    return settings


class PublicForm(View):
    """A page with a form and a token, kept by nobody; its address travels to no other site."""

    http_method_names = ["get", "head", "post", "options"]
    title: Any = ""
    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and see to it that nobody keeps the answer."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        # Not "no-referrer": then browsers send "Origin: null" with the form, which Django refuses.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    def page(self, *, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        """The page with these variables."""
        context = {"title": self.title, "crumbs": self.crumbs(), **context}
        return render(self.request, template or self.template_name, context, status=status)

    def crumbs(self) -> list[tuple[Any, str]]:
        """The home page, registration, here."""
        start = (gettext_lazy("Your account"), reverse("public:client_zone:start"))
        return [(_("Home"), reverse("wagtail_serve", args=[""])), start, (self.title, "")]

    def too_many(self, seconds: int) -> HttpResponse:
        """Too many tries: how long to wait; the same for what exists and what does not."""
        minutes = -(-seconds // 60)
        response = self.page(
            status=429,
            template="client_zone/public/too_many.html",
            title=_("Too many tries"),
            minutes=minutes,
        )
        response["Retry-After"] = str(seconds)
        return response

    def dead_link(self) -> HttpResponse:
        """The link was used, is too old, or never was: one answer for all."""
        return self.page(
            status=404,
            template="client_zone/public/dead_link.html",
            title=_("This link no longer works"),
        )


def from_address(request: HttpRequest) -> tuple[rules.Limit, str]:
    """The limit of the network address the request comes from; unknown ones count as one."""
    return rules.ADDRESS, address_of(request) or ""

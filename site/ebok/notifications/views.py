"""The person's own pages: what we may write about and how, and the link that stops letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from ebok.accounts.views.pages import AccountPage
from ebok.accounts.views.places import no_store
from ebok.notifications import choosing, phones, unsubscribing
from ebok.notifications.forms import CodeForm, PhoneForm, QuietForm
from ebok.notifications.kinds import GROUP_TITLES
from ebok.plugins.site import site_of


class ChoicesPage(AccountPage):
    """Which messages come by which way, and when not to disturb."""

    template_name = "notifications/choices.html"
    title = gettext_lazy("Notifications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is offered and how it stands."""
        site = site_of(self.request)
        if site is None:
            raise Http404
        hours = choosing.quiet_hours_of(self.user)
        initial = {"since": str(hours[0]), "until": str(hours[1])} if hours else {}
        kwargs.setdefault("form", QuietForm(initial=initial))
        phone = phones.phone_of(self.user)
        kwargs.setdefault("phone_form", CodeForm() if phone is not None and phone.pending else PhoneForm())
        kwargs.update(phone=phone, is_phone_offered=phones.is_offered(site))
        return super().get_context_data(groups=choosing.offers_to(self.user, site), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the ticks and the hours as they are now."""
        form, site = QuietForm(request.POST), site_of(request)
        if site is None:
            raise Http404
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        changed = choosing.choose(self.user, site, request.POST.getlist("way"), form.hours, request=request)
        messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
        return redirect("notifications_choices")


class PhonePage(ChoicesPage):
    """The number for text messages, on the page of the choices: given, confirmed by a code, removed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Somebody who comes back, or reloads, sees the page itself."""
        return redirect("notifications_choices")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What was pressed."""
        steps = {"send": self._send, "confirm": self._confirm, "cancel": self._cancel, "remove": self._remove}
        step = steps.get(request.POST.get("do", ""))
        if step is None:
            raise Http404
        form = step(request)
        if form is not None:
            return self.render_to_response(self.get_context_data(phone_form=form), status=422)
        return redirect("notifications_choices")

    def _send(self, request: HttpRequest) -> forms.Form | None:
        form, site = PhoneForm(request.POST), site_of(request)
        if site is None:
            raise Http404
        if not form.is_valid():
            return form
        try:
            phones.send_code(self.user, form.cleaned_data["number"], site=site, request=request)
        except phones.TooMany:
            form.add_error("number", _("You have asked for many codes. Try again in an hour."))
            return form
        except phones.NoGate:
            messages.warning(request, _("We cannot send text messages at the moment."))
            return None
        messages.success(request, _("We have sent a code by text message. Type it here."))
        return None

    def _confirm(self, request: HttpRequest) -> forms.Form | None:
        form = CodeForm(request.POST)
        if not form.is_valid():
            return form
        try:
            phones.confirm(self.user, form.cleaned_data["code"], request=request)
        except phones.WrongCode:
            form.add_error("code", _("This is not the code, or it is too old. Have a new one sent."))
            return form
        messages.success(request, _("Your number is confirmed. Text messages come to it now."))
        return None

    def _cancel(self, request: HttpRequest) -> None:
        phones.cancel(self.user)

    def _remove(self, request: HttpRequest) -> None:
        if phones.remove(self.user, request=request):
            messages.success(request, _("The number is removed."))


@method_decorator(csrf_exempt, name="dispatch")
class UnsubscribePage(View):
    """Stops letters of one group; the link itself is the proof, so nobody signs in.

    Opening it asks first, because mail programs open links to look at them. The button, and mail programs
    that follow RFC 8058, send a POST.
    """

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The question."""
        return self._page(request, _read(token), state="asked")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Done; the page offers to take it back."""
        subscription = _read(token)
        if request.POST.get("do") == "again":
            unsubscribing.subscribe_again(subscription, request=request)
            return self._page(request, subscription, state="again")
        unsubscribing.unsubscribe(subscription, request=request)
        return self._page(request, subscription, state="done")

    def _page(
        self, request: HttpRequest, subscription: unsubscribing.Subscription, *, state: str
    ) -> HttpResponse:
        group = GROUP_TITLES[subscription.group]
        return no_store(render(request, "notifications/unsubscribe.html", {"group": group, "state": state}))


def _read(token: str) -> unsubscribing.Subscription:
    try:
        return unsubscribing.read_token(token)
    except unsubscribing.WrongLink:
        raise Http404 from None

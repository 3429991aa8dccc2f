"""Consents: what is asked before going on, what was agreed to, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts import consents, duties
from ebok.accounts.forms import AcceptForm
from ebok.accounts.views.pages import AccountPage, next_address


class Consents(AccountPage):
    """What the person agreed to; free consents can be given and withdrawn."""

    template_name = "accounts/consents.html"
    title = gettext_lazy("Consents")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Texts in force with the answers, and the history; three queries."""
        return super().get_context_data(
            standings=consents.standings_of(self.user), history=consents.history_of(self.user), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the ticks as they are now."""
        changed = consents.answer_all(self.user, request.POST.getlist("consent"), request=request)
        messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
        return redirect("account_consents")


class ConsentsDue(AccountPage):
    """A required text has a newer version: read it and agree, then go on to where one was going."""

    template_name = "accounts/consents_due.html"
    title = gettext_lazy("New terms")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask, or go on when nothing is asked any more."""
        if not consents.unanswered(self.user):
            duties.done(request, duties.CONSENTS)
            return redirect(next_address(request))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The texts and one box for each."""
        kwargs.setdefault("form", AcceptForm(texts=consents.unanswered(self.user)))
        return super().get_context_data(next=next_address(self.request), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Agree to what is ticked; everything must be."""
        texts = consents.unanswered(self.user)
        form = AcceptForm(request.POST, texts=texts)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        consents.accept(self.user, texts, request=request)
        duties.done(request, duties.CONSENTS)
        return redirect(next_address(request))

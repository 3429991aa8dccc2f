"""The person's own details of the account: name and language. The address has a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts import services
from ebok.accounts.forms import ProfileForm
from ebok.accounts.views.pages import AccountPage


class Profile(AccountPage):
    """See and change it."""

    template_name = "accounts/profile.html"
    title = gettext_lazy("Your details")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form as it was typed, or as it is."""
        kwargs.setdefault("form", ProfileForm(instance=self.user))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save, or show what is wrong."""
        form = ProfileForm(request.POST, instance=self.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        services.change_profile(self.user, request=request, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account_profile")

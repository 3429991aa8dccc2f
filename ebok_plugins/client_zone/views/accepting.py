"""The link of an invitation: see what is offered, take it with an account or open one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts.models import User
from ebok.customers.models import Invitation, Scope
from ebok.customers.models.access import SCOPE_FIELDS
from ebok.zones.acting import choose
from ebok_plugins.client_zone import sharing
from ebok_plugins.client_zone.registration import people
from ebok_plugins.client_zone.registration.forms import PasswordForm
from ebok_plugins.client_zone.views.confirming import sign_in, sign_in_url
from ebok_plugins.client_zone.views.public import PublicForm


class AcceptInvitation(PublicForm):
    """Opening the link changes nothing; the button takes the access."""

    template_name = "client_zone/public/invitation.html"
    title = gettext_lazy("You are invited")

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Who invites, as whom, how far and until when."""
        invitation = sharing.invitation_of(token)
        return self.dead_link() if invitation is None else self.shown(invitation, PasswordForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Accept."""
        invitation = sharing.invitation_of(token)
        if invitation is None:
            return self.dead_link()
        owner = people.account_of(invitation.email)
        form = PasswordForm(request.POST if owner is None else None, email=invitation.email)
        if self.is_someone_elses(owner) or (form.is_bound and not form.is_valid()):
            return self.shown(invitation, form)
        try:
            hashed = make_password(form.cleaned_data["password"]) if form.is_bound else ""
            person = sharing.accept(token, user=signed_in(request), hashed_password=hashed, request=request)
        except sharing.InvitationDead:
            return self.dead_link()
        except sharing.SharingRefused:
            return redirect(sign_in_url(request.get_full_path()))
        return self.go_on(person, invitation, is_new=owner is None)

    def go_on(self, person: User, invitation: Invitation, *, is_new: bool) -> HttpResponseBase:
        """To the dashboard, for the customer of the invitation."""
        messages.success(self.request, _("Welcome. This is what you were invited to see."))
        place = reverse("client:client_zone:dashboard")
        if is_new:
            return sign_in(self.request, person, place)
        choose(self.request, invitation.customer_id)
        return redirect(place)

    def is_someone_elses(self, owner: User | None) -> bool:
        """Whether the person signed in here is not the one of the invited mailbox."""
        return self.request.user.is_authenticated and self.request.user != owner

    def shown(self, invitation: Invitation, form: forms.Form) -> HttpResponse:
        """The page for a new person, for one with an account, or for the wrong one."""
        owner = people.account_of(invitation.email)
        is_in = self.request.user.is_authenticated
        return self.page(
            form=form,
            invitation=invitation,
            allowed=[Scope(scope).label for scope in SCOPE_FIELDS if scope in invitation.scopes],
            is_new=owner is None and not is_in,
            is_someone_elses=self.is_someone_elses(owner),
            sign_in_url=sign_in_url(self.request.get_full_path()) if owner and not is_in else "",
        )


def signed_in(request: HttpRequest) -> User | None:
    """The person at the screen, or None."""
    return request.user if request.user.is_authenticated else None

"""Links from letters: the mailbox is proven here, and a lost account found again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts.models import User
from ebok_plugins.client_zone.models import Claim, ClaimKind, ClaimState, Registration
from ebok_plugins.client_zone.registration import (
    claims,
    limits,
    people,
    recovery,
    rules,
    services,
    steps,
    tokens,
)
from ebok_plugins.client_zone.registration.forms import LetterCodeForm, OldPasswordForm
from ebok_plugins.client_zone.registration.joining import Outcome
from ebok_plugins.client_zone.views.public import PublicForm, from_address


class Confirm(PublicForm):
    """The link that proves the mailbox. Opening it changes nothing, since mail programs open links, too."""

    template_name = "client_zone/public/confirm.html"
    title = gettext_lazy("Confirm your e-mail")

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """What will happen, and the button."""
        registration = services.open_registration(token)
        return self.dead_link() if registration is None else self.shown(registration, OldPasswordForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Open the account, and go in."""
        registration = services.open_registration(token)
        if registration is None:
            return self.dead_link()
        form = OldPasswordForm(request.POST if self.needs_password(registration) else None)
        if (form.is_bound and not form.is_valid()) or self.is_someone_elses(registration):
            return self.shown(registration, form)
        password = form.cleaned_data["password"] if form.is_bound else None
        try:
            return self.go_on(registration, services.confirm(token, password=password, request=request))
        except services.LinkDead:
            return self.dead_link()
        except services.SignInFirst:
            return to_sign_in(request)
        except services.WrongPassword:
            form.add_error("password", _("This is not the password you chose when you registered."))
        return self.shown(registration, form)

    def needs_password(self, registration: Registration) -> bool:
        """Whether somebody else may have begun this: another browser, and no account says who is here."""
        if steps.is_same_browser(self.request, registration):
            return False
        owner = people.account_of(registration.email)
        return registration.kind == ClaimKind.RECOVER or owner is None

    def is_someone_elses(self, registration: Registration) -> bool:
        """Whether the person signed in here is not the one of the mailbox."""
        if registration.kind == ClaimKind.RECOVER or not self.request.user.is_authenticated:
            return False
        return people.account_of(registration.email) != self.request.user

    def shown(self, registration: Registration, form: forms.Form) -> HttpResponse:
        """The page for a new mailbox, for one with an account, or for the wrong person."""
        owner = people.account_of(registration.email)
        sign_in = owner is not None and registration.kind == ClaimKind.JOIN and self.request.user != owner
        return self.page(
            form=form,
            registration=registration,
            needs_password=self.needs_password(registration),
            is_someone_elses=self.is_someone_elses(registration),
            sign_in_url=sign_in_url(self.request.get_full_path()) if sign_in else "",
        )

    def go_on(self, registration: Registration, outcome: Outcome) -> HttpResponseBase:
        """Where the person goes now, signed in where that is right."""
        if registration.kind == ClaimKind.RECOVER:
            if outcome.claim is not None:
                return redirect("public:client_zone:recovery", token=outcome.token)
            messages.success(self.request, _("Your new password works. Sign in with it."))
            return redirect("account_login")
        place = reverse("client:client_zone:dashboard")
        if outcome.claim is not None:
            place = reverse("client:client_zone:claim", kwargs={"claim": outcome.claim.public_id})
        elif outcome.code_used:
            messages.error(self.request, _("The code from the letter was used in the meantime."))
            place = reverse("client:client_zone:join")
        else:
            messages.success(self.request, _("You are in: everything we know about your account is here."))
        return sign_in(self.request, outcome.user, place) if outcome.is_new else redirect(place)


class Recovery(PublicForm):
    """Where somebody who lost a mailbox types the code from the letter by post."""

    template_name = "client_zone/public/recovery.html"
    title = gettext_lazy("One step to your account")

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The letter: order it, or type its code."""
        claim = _recovery_claim(token)
        return self.dead_link() if claim is None else self.shown(claim, LetterCodeForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Order the letter, or give the account its new mailbox."""
        claim = _recovery_claim(token)
        if claim is None:
            return self.dead_link()
        if request.POST.get("do") == "letter":
            claims.ask_for_letter(claim, request=request)
            return redirect("public:client_zone:recovery", token=token)
        form = LetterCodeForm(request.POST)
        if form.is_valid():
            if wait := limits.wait_of(from_address(request), (rules.CLAIM, str(claim.pk))):
                return self.too_many(wait)
            if self.is_proven(claim, form):
                messages.success(request, _("Your new e-mail and password work. Sign in with them."))
                return redirect("account_login")
        return self.shown(claim, form)

    def is_proven(self, claim: Claim, form: forms.Form) -> bool:
        """Judge the code; what is wrong is said in the form."""
        try:
            claims.prove_by_letter(claim, form.cleaned_data["letter_code"], request=self.request)
        except (claims.WrongCode, claims.Decided):
            form.add_error("letter_code", _("There is no such code, or it no longer works."))
        except claims.OfficeOnly:
            form.add_error(None, _("This account opens several contracts. Only our office can change it."))
        except recovery.MailboxTaken:
            form.add_error(None, _("This e-mail belongs to another account. Begin again with another one."))
        else:
            return True
        return False

    def shown(self, claim: Claim, form: forms.Form) -> HttpResponse:
        """The page, with errors if a code was typed."""
        return self.page(form=form, claim=claim, letter=claim.letters.order_by("-id").first())


def sign_in(request: HttpRequest, user: User, place: str) -> HttpResponseBase:
    """Sign a person in who has just chosen the password and proven the mailbox."""
    response: HttpResponseBase = perform_password_login(
        request, {"email": user.email}, Login(user=user, redirect_url=place, email=user.email)
    )
    return response


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page, and from there back to this link."""
    return redirect(sign_in_url(request.get_full_path()))


def sign_in_url(back: str) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': back})}"


def _recovery_claim(token: str) -> Claim | None:
    found: Any = Claim.objects.filter(
        kind=ClaimKind.RECOVER,
        state=ClaimState.WAITING,
        token_hash=tokens.token_hash(token),
        expires_at__gt=timezone.now(),
    ).select_related("customer", "user")
    claim: Claim | None = found.first()
    return claim

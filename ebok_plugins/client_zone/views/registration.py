"""Self-registration and lost sign-in data: the public pages before somebody is signed in.

Each page answers alike whatever is right or wrong in what was typed: the first step always leads to the
second, the second always sends one letter and says so.
"""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from ebok.customers.models import AccessWay
from ebok.pagecache.headers import make_public
from ebok_plugins.client_zone.models import ClaimKind
from ebok_plugins.client_zone.registration import limits, proving, recovery, rules, services, steps
from ebok_plugins.client_zone.registration.forms import AccountForm, InvoiceForm, LetterForm, RecoverForm
from ebok_plugins.client_zone.registration.proving import Proof
from ebok_plugins.client_zone.views.public import PublicForm, from_address, joining_settings

logger = logging.getLogger(__name__)


class Start(View):
    """How to get an account, and the ways there. The same bytes for everyone."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The ways that are open on this site."""
        title = _("Your account in the customer office")
        context = {
            "title": title,
            "crumbs": [(_("Home"), reverse("wagtail_serve", args=[""])), (title, "")],
            "invoices_open": joining_settings(request).invoices_open,
        }
        return make_public(render(request, "client_zone/public/start.html", context), seconds=300)


class FirstStep(PublicForm):
    """The first step: something only the customer knows. It never says whether it was right."""

    template_name = "client_zone/public/first_step.html"
    form_class: type[forms.Form]
    kind: str = ClaimKind.JOIN
    way: str = AccessWay.REGISTRATION
    lead: Any = ""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """An empty form; who is signed in already joins from inside."""
        if request.user.is_authenticated and self.kind == ClaimKind.JOIN:
            return redirect(inside(self.way))
        return self.shown(self.form_class())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Look whether it fits, keep the answer to ourselves, go on to the second step."""
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.shown(form)
        typed = form.cleaned_data
        code = rules.spellings(typed["code"])[1]
        wait = limits.wait_of(from_address(request), (rules.CODE, code))
        if wait:
            services.record_try(
                Proof(None, self.way), typed["code"], kind=self.kind, request=request, paused=True
            )
            return self.too_many(wait)
        proof = self.prove(typed)
        services.record_try(proof, typed["code"], kind=self.kind, request=request)
        self.keep(proof, typed)
        return redirect("public:client_zone:account")

    def shown(self, form: forms.Form) -> HttpResponse:
        """The form, with its errors if it was sent."""
        return self.page(form=form, lead=self.lead, view=self.request.resolver_match.url_name)  # type: ignore[union-attr]

    def prove(self, typed: dict[str, Any]) -> Proof:
        """Whether what was typed fits."""
        raise NotImplementedError

    def keep(self, proof: Proof, typed: dict[str, Any]) -> None:
        """Remember it for the second step."""
        steps.remember(self.request, self.kind, proof)


class ByInvoice(FirstStep):
    """Customer code, number and amount of an invoice (B02)."""

    form_class = InvoiceForm
    title = gettext_lazy("Open an account with an invoice")
    lead = gettext_lazy("Take one of your newest invoices. Step 1 of 2: three things from it.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 where the utility lets nobody in by an invoice."""
        if not joining_settings(request).invoices_open:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def prove(self, typed: dict[str, Any]) -> Proof:
        """See `proving.by_invoice`."""
        months = joining_settings(self.request).invoice_months
        return proving.by_invoice(typed["code"], typed["number"], typed["amount"], months=months)


class ByLetter(FirstStep):
    """Customer code and the code from a letter (H21)."""

    form_class = LetterForm
    way = AccessWay.LETTER
    title = gettext_lazy("Open an account with the code from our letter")
    lead = gettext_lazy("Step 1 of 2: copy both from the letter that came by post.")

    def prove(self, typed: dict[str, Any]) -> Proof:
        """See `proving.by_letter`."""
        return proving.by_letter(typed["code"], typed["letter_code"])


class Recover(FirstStep):
    """An invoice and the mailbox that is lost (B04)."""

    form_class = RecoverForm
    kind = ClaimKind.RECOVER
    title = gettext_lazy("New sign-in data")
    lead = gettext_lazy(
        "For people who no longer read the e-mail with which they signed in. Step 1 of 2: who you are."
    )

    def prove(self, typed: dict[str, Any]) -> Proof:
        """See `proving.by_invoice`."""
        months = joining_settings(self.request).invoice_months
        return proving.by_invoice(typed["code"], typed["number"], typed["amount"], months=months)

    def keep(self, proof: Proof, typed: dict[str, Any]) -> None:
        """With the account, which must be the customer's."""
        user = recovery.account_to_recover(typed["old_email"], proof.customer)
        steps.remember(self.request, self.kind, proof if user else Proof(None, proof.way), user)


class Account(PublicForm):
    """The second step: mailbox and password. Always one letter, always the same answer."""

    template_name = "client_zone/public/account.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """An empty form; without a first step back to where the ways begin."""
        kind = steps.kind_of_first_step(request)
        return self.shown(AccountForm(), kind) if kind else redirect("public:client_zone:start")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Keep it, and send one letter to the mailbox, whatever the first step found."""
        kind = steps.kind_of_first_step(request)
        form = AccountForm(request.POST)
        if not kind:
            return redirect("public:client_zone:start")
        if not form.is_valid():
            return self.shown(form, kind)
        email = form.cleaned_data["email"]
        if wait := limits.wait_of(from_address(request), (rules.MAILBOX, email)):
            return self.too_many(wait)
        first = steps.first_step(request)
        if first is None:
            return redirect("public:client_zone:start")
        registration = services.begin(
            first.proof,
            email=email,
            password=form.cleaned_data["password"],
            request=request,
            kind=first.kind,
            user=first.user,
        )
        steps.begun(request, registration)
        return redirect("public:client_zone:check_mail")

    def shown(self, form: forms.Form, kind: str) -> HttpResponse:
        """The form, with its errors if it was sent."""
        self.title = (
            _("New e-mail and password") if kind == ClaimKind.RECOVER else _("Your e-mail and password")
        )
        return self.page(form=form, recovering=kind == ClaimKind.RECOVER)


class CheckMail(PublicForm):
    """A letter is on its way; the page knows nothing else."""

    http_method_names = ["get", "head", "options"]
    template_name = "client_zone/public/check_mail.html"
    title = gettext_lazy("One more step: your mail")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The same for everybody."""
        return self.page()


def inside(way: str) -> str:
    """Where a signed-in person joins a customer."""
    return reverse("client:client_zone:join_letter" if way == AccessWay.LETTER else "client:client_zone:join")

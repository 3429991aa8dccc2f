"""A signed-in person joins a customer, and gives the second proof where one is owed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.customers.models import AccessWay
from ebok.ports import NotSent
from ebok.zones.acting import choose
from ebok.zones.customer_pages import ClientMixin
from ebok.zones.views import Crumb
from ebok_plugins.client_zone.models import Claim, ClaimKind, ClaimState
from ebok_plugins.client_zone.registration import claims, joining, limits, proving, rules, services
from ebok_plugins.client_zone.registration.forms import (
    InvoiceForm,
    LetterCodeForm,
    LetterForm,
    PhoneCodeForm,
)
from ebok_plugins.client_zone.registration.proving import Proof
from ebok_plugins.client_zone.views.public import from_address, joining_settings, site_of


class OwnAccountMixin(ClientMixin):
    """A page about the person, not about a customer: an employee who looks as a client changes nothing."""

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """Looking as a client, one may read and do nothing."""
        if (
            self.acting is not None
            and self.acting.is_view_as
            and request.method not in ("GET", "HEAD", "OPTIONS")
        ):
            messages.error(request, _("You are looking as the client. Nothing can be sent or changed here."))
            return redirect("client:client_zone:dashboard")
        return super().refusal(request)

    def too_many(self, seconds: int) -> HttpResponse:
        """Too many tries: how long to wait."""
        context = self.get_context_data(minutes=-(-seconds // 60))
        response = render(self.request, "client_zone/joining/too_many.html", context, status=429)
        response["Retry-After"] = str(seconds)
        return response


class Join(OwnAccountMixin, TemplateView):
    """Data from an invoice join the person's account with another customer."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "client_zone/joining/join.html"
    title = gettext_lazy("Join an account with an invoice")
    form_class: type[forms.Form] = InvoiceForm
    way: str = AccessWay.REGISTRATION

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """In at once, or on to the second proof, or the words that nothing fits."""
        form = self.form_class(request.POST)
        if not self.is_open() or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        typed = form.cleaned_data
        counted = (rules.CODE, rules.spellings(typed["code"])[1]), (rules.ACCOUNT, str(request.user.pk))
        if wait := limits.wait_of(from_address(request), *counted):
            services.record_try(
                Proof(None, self.way), typed["code"], kind=ClaimKind.JOIN, request=request, paused=True
            )
            return self.too_many(wait)
        proof = self.prove(typed)
        services.record_try(proof, typed["code"], kind=ClaimKind.JOIN, request=request)
        if proof.customer is None:
            form.add_error(None, _("These do not fit together. Compare them with the paper."))
            return self.render_to_response(self.get_context_data(form=form))
        try:
            claim = joining.join(request.user, proof, request=request)  # type: ignore[arg-type]
        except joining.CodeUsed:
            form.add_error(None, _("The code from the letter was used in the meantime."))
            return self.render_to_response(self.get_context_data(form=form))
        if claim is not None:
            return redirect("client:client_zone:claim", claim=claim.public_id)
        choose(request, proof.customer.pk)
        messages.success(request, _("You are in: everything we know about your account is here."))
        return redirect("client:client_zone:dashboard")

    def is_open(self) -> bool:
        """Whether the utility lets people in by an invoice."""
        return joining_settings(self.request).invoices_open

    def prove(self, typed: dict[str, Any]) -> Proof:
        """See `proving.by_invoice`."""
        months = joining_settings(self.request).invoice_months
        return proving.by_invoice(typed["code"], typed["number"], typed["amount"], months=months)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the other way, and what the person still owes a proof for."""
        kwargs.setdefault("form", self.form_class())
        return super().get_context_data(
            is_open=self.is_open(),
            by_letter=self.way == AccessWay.LETTER,
            claims=joining.claims_of(self.request.user),  # type: ignore[arg-type]  # signed in
            **kwargs,
        )


class JoinByLetter(Join):
    """The code from a letter joins the person's account with another customer."""

    title = gettext_lazy("Join an account with the code from our letter")
    form_class = LetterForm
    way = AccessWay.LETTER

    def is_open(self) -> bool:
        """Letters come from the office, so they always work."""
        return True

    def prove(self, typed: dict[str, Any]) -> Proof:
        """See `proving.by_letter`."""
        return proving.by_letter(typed["code"], typed["letter_code"])


class ClaimPage(OwnAccountMixin, TemplateView):
    """One proof more: a code to the telephone on file, a code from a letter, or the office."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "client_zone/joining/claim.html"
    title = gettext_lazy("One proof more")

    def crumbs(self) -> list[Crumb]:
        """Joining, then here."""
        return [(_("Join an account"), reverse("client:client_zone:join")), (self.title, "")]

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """404 for claims of others and for decided ones."""
        refused = super().refusal(request)
        if refused is None:
            waiting = Claim.objects.filter(
                user_id=request.user.pk or 0, kind=ClaimKind.JOIN, state=ClaimState.WAITING
            )
            self.claim = get_object_or_404(
                waiting.select_related("customer", "user"), public_id=self.kwargs["claim"]
            )
        return refused

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which proofs are possible, and how far each has come."""
        channel = claims.phone_channel(self.claim, site_of(self.request))
        kwargs.setdefault("letter_form", LetterCodeForm())
        kwargs.setdefault("phone_form", PhoneCodeForm())
        kwargs.update(
            claim=self.claim,
            phone=rules.masked_phone(self.claim.customer.phone) if channel else "",
            is_phone_waiting=bool(self.claim.phone_hash),
            letter=self.claim.letters.order_by("-id").first(),
        )
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, claim: Any) -> HttpResponseBase:
        """Order a letter, send a code, or judge a code."""
        actions = {
            "letter": self.order_letter,
            "phone": self.send_phone_code,
            "letter_code": self.judge_letter_code,
            "phone_code": self.judge_phone_code,
        }
        action = actions.get(request.POST.get("do", ""))
        if action is None:
            raise Http404
        try:
            return action()
        except claims.Decided:
            messages.info(request, _("This has been decided in the meantime."))
            return redirect("client:client_zone:join")

    def order_letter(self) -> HttpResponseBase:
        """A letter to the address of correspondence."""
        claims.ask_for_letter(self.claim, request=self.request)
        messages.success(self.request, _("We will send you a letter with a code."))
        return self.again()

    def send_phone_code(self) -> HttpResponseBase:
        """A code to the telephone on file."""
        site = site_of(self.request)
        channel = claims.phone_channel(self.claim, site)
        if channel is None:
            raise Http404
        try:
            claims.send_phone_code(self.claim, channel, site=site, request=self.request)
        except NotSent:
            messages.error(self.request, _("The message could not be sent. Try again, or order a letter."))
        else:
            messages.success(self.request, _("The code is on its way. It works for 10 minutes."))
        return self.again()

    def judge_letter_code(self) -> HttpResponseBase:
        """The code from the letter."""
        form = LetterCodeForm(self.request.POST)
        return self._judge(form, "letter_code", claims.prove_by_letter, letter_form=form)

    def judge_phone_code(self) -> HttpResponseBase:
        """The code from the telephone."""
        form = PhoneCodeForm(self.request.POST)
        return self._judge(form, "phone_code", claims.prove_by_phone, phone_form=form)

    def _judge(self, form: forms.Form, field: str, prove: Any, **shown: Any) -> HttpResponseBase:
        if form.is_valid():
            limit = (rules.CLAIM, str(self.claim.pk))
            if wait := limits.wait_of(from_address(self.request), limit):
                return self.too_many(wait)
            try:
                prove(self.claim, form.cleaned_data[field], request=self.request)
            except claims.WrongCode:
                form.add_error(field, _("There is no such code, or it no longer works."))
            else:
                choose(self.request, self.claim.customer_id)
                messages.success(
                    self.request, _("You are in: everything we know about your account is here.")
                )
                return redirect("client:client_zone:dashboard")
        return self.render_to_response(self.get_context_data(form=form, **shown))

    def again(self) -> HttpResponseBase:
        """This page, anew."""
        return redirect("client:client_zone:claim", claim=self.claim.public_id)

"""The public check of accounts, bills and KSeF numbers (C-2)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.models import Site

from ebok.journal.origin import address_of
from ebok.look.templatetags.eb import home_address
from ebok.pagecache.headers import make_private, make_public
from ebok.plugins.limiting import is_over_limit
from ebok_plugins.e_faktura.checking import services
from ebok_plugins.e_faktura.checking.addresses import ACCOUNT, CODE
from ebok_plugins.e_faktura.checking.forms import AccountForm, BillForm, CheckForm, KsefForm
from ebok_plugins.e_faktura.models import InvoiceSettings

RETRY_AFTER = "3600"
MOST_FOR_ONE_BILL = 60
"""Checks of one number within an hour, from wherever they come."""


class Check(View):
    """Three forms on one page, sent by GET: the code on a bill leads here with everything filled in.

    1. Which form was sent is told by its fields: a code belongs to a bill, "ksef" to a KSeF number.
    2. What is no account or amount at all is told before anything is counted or looked up.
    3. Too many checks from one address, or of one number, are refused with 429.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty forms, or the answer."""
        site = Site.find_for_request(request)
        if site is None:
            raise Http404
        name, sent = _sent(request)
        forms: dict[str, CheckForm] = {"account": AccountForm(), "bill": BillForm(), "ksef": KsefForm()}
        answer = None
        if sent is not None:
            forms[name] = sent
            if sent.is_valid() and request.method == "GET":
                if _is_over_limit(request, sent, site):
                    return self._page({"title": _("Too many checks")}, "too_many.html", status=429)
                answer = _answer(name, sent, site, request)
        context = {"title": _("Check a bill or an account"), "answer": answer, "answered": name, **forms}
        return self._page({**context, "asked": sent.cleaned_data if answer and sent else {}}, "check.html")

    def _page(self, context: dict[str, Any], template: str, *, status: int = 200) -> HttpResponse:
        crumbs = [(_("Home"), home_address()), (context["title"], "")]
        response = render(
            self.request, f"e_faktura/public/{template}", {**context, "crumbs": crumbs}, status=status
        )
        if not self.request.GET:
            # The empty forms are the same for everybody.
            return make_public(response)
        make_private(response)
        if status == 429:
            response["Retry-After"] = RETRY_AFTER
        return response


def _sent(request: HttpRequest) -> tuple[str, CheckForm | None]:
    if CODE in request.GET:
        return "bill", BillForm(request.GET)
    if "ksef" in request.GET:
        return "ksef", KsefForm(request.GET)
    if ACCOUNT in request.GET:
        return "account", AccountForm(request.GET)
    return "", None


def _is_over_limit(request: HttpRequest, sent: CheckForm, site: Site) -> bool:
    most = InvoiceSettings.for_site(site).checks_per_hour
    if is_over_limit("e_faktura.address", address_of(request) or "", most):
        return True
    number = sent.cleaned_data.get("numer", "")
    return bool(number) and is_over_limit("e_faktura.number", number.upper(), MOST_FOR_ONE_BILL)


def _answer(name: str, sent: CheckForm, site: Site, request: HttpRequest) -> services.Answer:
    data = sent.cleaned_data
    if name == "bill":
        return services.bill_answer(data["numer"], data["kwota"], data["kod"], data["konto"], request=request)
    if name == "ksef":
        return services.ksef_answer(data["ksef"], site, request=request)
    return services.account_answer(data["konto"], site, request=request)

"""Requests about the account as the client sees them (B13, B14)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts.models import User
from ebok.customers.models import Scope
from ebok.zones.paging import page_of
from ebok.zones.views import Crumb
from ebok_plugins.client_zone import requesting
from ebok_plugins.client_zone.forms import ChangeForm, RequestForm
from ebok_plugins.client_zone.models import AccountRequest, RequestKind
from ebok_plugins.client_zone.views.details import CustomerPage, OnePage

PER_PAGE = 20


class Requests(CustomerPage):
    """Everything that was asked for, the newest first."""

    scopes = (Scope.ACCOUNT,)
    template_name = "client_zone/requests/list.html"
    title = gettext_lazy("Requests")
    help_topic = "requests"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page."""
        page = page_of(self.request, requesting.requests_of(self.customer), PER_PAGE)
        return super().get_context_data(page_obj=page, requests=page.object_list, **kwargs)


class NewRequest(CustomerPage):
    """A request that is no change of data."""

    scopes = (Scope.ACCOUNT,)
    template_name = "client_zone/requests/new.html"
    title = gettext_lazy("New request")
    help_topic = "requests"

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [(gettext_lazy("Requests"), reverse("client:client_zone:requests")), (self.title, "")]

    def form(self) -> forms.Form:
        """Empty, or as it was typed."""
        if self.request.method == "POST":
            return RequestForm(self.request.POST)
        kind = self.request.GET.get("rodzaj", "")
        return RequestForm(initial={"kind": kind if kind in RequestKind.values else None})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, unless it was judged already."""
        kwargs.setdefault("form", self.form())
        return super().get_context_data(customer=self.customer, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it, or show it again with what is wrong."""
        form = self.form()
        if form.is_valid():
            try:
                made = self.send(form)
            except ValidationError as error:
                _add(form, error)
            else:
                messages.success(
                    request,
                    _("We have your request %(number)s. The office will answer here and by e-mail.")
                    % {"number": made.number},
                )
                return redirect("client:client_zone:request", pk=made.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def send(self, form: forms.Form) -> AccountRequest:
        """Hand it to the office."""
        typed = form.cleaned_data
        return requesting.send_request(
            self.customer,
            typed["kind"],
            remark=typed["remark"],
            wanted_on=typed["wanted_on"],
            by=cast("User", self.request.user),
            request=self.request,
        )


class ChangeData(NewRequest):
    """A change of the customer's data; it shows in the portal when the billing system has it."""

    template_name = "client_zone/requests/change.html"
    title = gettext_lazy("Change my data")
    help_topic = "details"

    def crumbs(self) -> list[Crumb]:
        """The data, then here."""
        return [(gettext_lazy("My data"), reverse("client:client_zone:details")), (self.title, "")]

    def form(self) -> forms.Form:
        """With what stands there now."""
        typed = self.request.POST if self.request.method == "POST" else None
        return ChangeForm(typed, customer=self.customer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the change that waits, if there is one: the office looks at one after the other."""
        return super().get_context_data(earlier=requesting.undecided_change(self.customer), **kwargs)

    def send(self, form: forms.Form) -> AccountRequest:
        """Only what differs is asked for."""
        typed = dict(form.cleaned_data)
        remark = typed.pop("remark")
        return requesting.send_change(
            self.customer, typed, remark=remark, by=cast("User", self.request.user), request=self.request
        )


class RequestPage(OnePage):
    """One request: what was asked, how far it is, what the office says; it can be withdrawn."""

    scopes = (Scope.ACCOUNT,)
    template_name = "client_zone/requests/request.html"
    title_of_list = gettext_lazy("Requests")
    view_of_list = "requests"

    def rows(self) -> QuerySet[AccountRequest]:
        """The customer's."""
        return requesting.requests_of(self.customer).select_related("sent_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Old and new values side by side."""
        return super().get_context_data(changes=named_changes(self.thing), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Withdraw it."""
        try:
            requesting.withdraw(self.thing, by=cast("User", request.user), request=request)
        except requesting.RequestRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The request is withdrawn."))
        return redirect("client:client_zone:request", pk=self.thing.pk)


def named_changes(row: AccountRequest) -> list[tuple[str, str, str]]:
    """(name of the field, what stood there, what is wanted) in the order of the customer's fields."""
    fields = type(row.customer)._meta
    return [
        (str(getattr(fields.get_field(name), "verbose_name", name)).capitalize(), before, after)
        for name in requesting.CHANGEABLE
        if name in row.changes
        for before, after in [row.changes[name]]
    ]


def _add(form: forms.Form, error: ValidationError) -> None:
    """Errors by field beside their fields; those of fields the form does not show, at the top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, cast("Any", errors))

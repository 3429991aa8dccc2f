"""Accounts of people: list, one account, adding, locking, deleting, a new password (K06-K11, K17, K18)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from ebok.accounts import services as account_services
from ebok.accounts.models import User
from ebok.journal.queries import Wanted
from ebok.journal.queries import page as journal_page
from ebok.zones.views import Crumb, ZoneMixin
from ebok_plugins.employee_zone import queries, services
from ebok_plugins.employee_zone.forms import AccountFilter, AccountForm, ReasonForm

LIST_SIZE = 30
EVENTS = 10


class AccountsMixin(ZoneMixin):
    """For every page about accounts."""

    permission_required = "employee_zone.manage_accounts"
    title: Any = gettext_lazy("Accounts")

    @property
    def actor(self) -> User:
        """Who is at work; the zone lets in nobody who is not signed in."""
        return cast("User", self.request.user)


class Accounts(AccountsMixin, TemplateView):
    """The list, by e-mail; pages by key."""

    template_name = "employee_zone/accounts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page."""
        form = AccountFilter(self.request.GET)
        form.is_valid()
        chosen = getattr(form, "cleaned_data", {})
        rows = queries.accounts(
            kind=chosen.get("typ", ""), state=chosen.get("stan", ""), words=chosen.get("q", "")
        )
        after = self.request.GET.get("po", "").replace("\x00", "")[:254]
        found = list((rows.filter(email__gt=after) if after else rows)[: LIST_SIZE + 1])
        return super().get_context_data(
            form=form,
            accounts=found[:LIST_SIZE],
            next_after=found[LIST_SIZE - 1].email if len(found) > LIST_SIZE else None,
            **kwargs,
        )


class NewAccount(AccountsMixin, TemplateView):
    """A new account: the person gets a letter and chooses the password."""

    template_name = "employee_zone/account_form.html"
    title = gettext_lazy("New account")

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [(gettext_lazy("Accounts"), reverse("employee:employee_zone:accounts")), (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """An empty form, unless one was judged."""
        kwargs.setdefault("form", AccountForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Make it, or show the form again."""
        form = AccountForm(request.POST)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                services.check_groups(self.actor, typed["groups"])
                account = account_services.create_account(
                    typed["email"],
                    first_name=typed["first_name"],
                    last_name=typed["last_name"],
                    groups=typed["groups"],
                    actor=self.actor,
                    request=request,
                )
            except services.NotAllowed as refused:
                form.add_error("groups", str(refused))
            except account_services.Refused as refused:
                form.add_error("email", refused.sentence)
            else:
                messages.success(request, _("The account is there; a letter with a link is on its way."))
                return redirect("employee:employee_zone:account", public_id=account.public_id)
        return self.render_to_response(self.get_context_data(form=form))


class AccountPage(AccountsMixin, TemplateView):
    """One account: who, which customers, what happened, and what can be done."""

    template_name = "employee_zone/account.html"

    @cached_property
    def account(self) -> User:
        """The account of the address; 404 when there is none."""
        found = queries.accounts().filter(public_id=self.kwargs["public_id"]).first()
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [
            (gettext_lazy("Accounts"), reverse("employee:employee_zone:accounts")),
            (self.account.email, ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The forms keep what was typed when something was refused."""
        account = self.account
        first = {
            "first_name": account.first_name,
            "last_name": account.last_name,
            "groups": list(account.groups.all()),
        }
        kwargs.setdefault("form", AccountForm(initial=first, account=account))
        kwargs.setdefault("reason_form", ReasonForm(auto_id="reason_%s"))
        return super().get_context_data(
            title=_("Account of %(name)s") % {"name": account.display_name},
            account=account,
            accesses=queries.accesses_by(account)[:LIST_SIZE],
            events=journal_page(Wanted(who=account.email)).rows[:EVENTS],
            may_change=self.actor.is_superuser or not account.is_superuser,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One of the deeds, named by the button; a deed nobody knows is 404."""
        deeds = {
            "change": self.change,
            "lock": self.lock,
            "unlock": self.unlock,
            "reset": self.reset,
            "delete": self.forget,
        }
        deed = deeds.get(request.POST.get("do", ""))
        if deed is None:
            raise Http404
        try:
            services.check_rank(self.actor, self.account)
            refused = deed(request)
        except (services.NotAllowed, account_services.Refused) as error:
            messages.error(request, str(error))
            refused = None
        if refused:
            return self.render_to_response(self.get_context_data(**refused))
        if request.POST.get("do") == "delete":
            return redirect("employee:employee_zone:accounts")
        return redirect("employee:employee_zone:account", public_id=self.account.public_id)

    def change(self, request: HttpRequest) -> dict[str, forms.Form] | None:
        """Name and groups."""
        form = AccountForm(request.POST, account=self.account)
        if not form.is_valid():
            return {"form": form}
        services.change_account(
            self.account,
            first_name=form.cleaned_data["first_name"],
            last_name=form.cleaned_data["last_name"],
            groups=form.cleaned_data["groups"],
            actor=self.actor,
            request=request,
        )
        messages.success(request, _("Saved."))
        return None

    def lock(self, request: HttpRequest) -> dict[str, forms.Form] | None:
        """Signed out everywhere, and not let in again."""
        return self._with_reason(request, account_services.lock_account, _("The account is locked."))

    def forget(self, request: HttpRequest) -> dict[str, forms.Form] | None:
        """The person is forgotten, the billing data stay (K11)."""
        return self._with_reason(request, account_services.delete_account, _("The account is deleted."))

    def unlock(self, request: HttpRequest) -> dict[str, forms.Form] | None:
        """Let in again."""
        account_services.unlock_account(self.account, actor=self.actor, request=request)
        messages.success(request, _("The account is open again."))
        return None

    def reset(self, request: HttpRequest) -> dict[str, forms.Form] | None:
        """A letter with a link to a new password (K09); nobody else learns it."""
        account_services.send_password_reset(self.account, actor=self.actor, request=request)
        messages.success(request, _("A letter with a link to a new password is on its way."))
        return None

    def _with_reason(self, request: HttpRequest, deed: Any, done: str) -> dict[str, forms.Form] | None:
        form = ReasonForm(request.POST, auto_id="reason_%s")
        if not form.is_valid():
            return {"reason_form": form}
        deed(self.account, reason=form.cleaned_data["reason"], actor=self.actor, request=request)
        messages.success(request, done)
        return None

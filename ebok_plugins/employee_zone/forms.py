"""Forms about people's accounts and positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok.accounts.models import User
from ebok.look.forms import ChosenRecords
from ebok_plugins.employee_zone.queries import ACTIVE, ADMINISTRATOR, CLIENT, EMPLOYEE, LOCKED


class AccountFilter(forms.Form):
    """What the list of accounts is narrowed to; anything unknown shows all."""

    typ = forms.ChoiceField(
        label=_("Type of account"),
        choices=[
            ("", _("All")),
            (CLIENT, _("client's account")),
            (EMPLOYEE, _("employee's account")),
            (ADMINISTRATOR, _("superadministrator's account")),
        ],
        required=False,
    )
    stan = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), (ACTIVE, pgettext_lazy("account", "active")), (LOCKED, _("locked"))],
        required=False,
    )
    q = forms.CharField(label=_("Name or e-mail"), max_length=100, required=False)


class AccountForm(forms.Form):
    """A new account or a changed one. Rights are given through positions, never one by one."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    groups = ChosenRecords(
        label=_("Positions and groups"),
        queryset=Group.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, account: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if account is not None:
            # Another address must be proven by its mailbox; the person changes it on the account page.
            del self.fields["email"]

    def clean_email(self) -> str:
        """Nobody has two accounts with one address."""
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody already has an account with this e-mail address."))
        return email


class NameForm(forms.Form):
    """First and last name of one account among several on a page; the login is its e-mail and stays."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)

    def __init__(self, account: User, data: Mapping[str, Any] | None = None) -> None:
        first = {"first_name": account.first_name, "last_name": account.last_name}
        super().__init__(data, initial=first, auto_id=f"konto-{account.pk}-%s")
        self.account = account


class ReasonForm(forms.Form):
    """Why an account is locked or deleted."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is journalled."),
    )


class PositionForm(forms.Form):
    """A new position or group."""

    name = forms.CharField(label=_("Name of the position or group"), max_length=150)

    def clean_name(self) -> str:
        """Each name once."""
        name: str = self.cleaned_data["name"].strip()
        if Group.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is a group of this name already."))
        return name

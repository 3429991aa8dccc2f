"""What people type on the way to an account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ebok.accounts.models import User
from ebok_plugins.client_zone.registration.rules import MOST_AMOUNT, read_amount

LONGEST_PASSWORD = 128


class CodeForm(forms.Form):
    """The customer code, which everything begins with."""

    code = forms.CharField(
        label=_("Customer number"),
        max_length=40,
        help_text=_("At the top of every invoice, e.g. K-000123."),
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class InvoiceForm(CodeForm):
    """Three things from one invoice."""

    number = forms.CharField(
        label=_("Number of the invoice"),
        max_length=60,
        help_text=_("From one of the newest, e.g. FV/2026/10/000123."),
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    amount = forms.CharField(
        label=_("Gross amount of the invoice"),
        max_length=MOST_AMOUNT,
        help_text=_("The whole amount of this invoice, e.g. 412,55."),
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-10", "inputmode": "decimal", "autocomplete": "off"}
        ),
    )

    def clean_amount(self) -> Decimal:
        """As a number; what is none is refused with an example."""
        amount = read_amount(self.cleaned_data["amount"])
        if amount is None:
            raise ValidationError(_("Write the amount in digits, e.g. 412,55."))
        return amount


class LetterForm(CodeForm):
    """The code from a letter."""

    letter_code = forms.CharField(
        label=_("Code from the letter"),
        max_length=40,
        help_text=_("Twelve letters and digits. Capitals and dashes do not matter."),
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class LetterCodeForm(forms.Form):
    """The code alone, where the customer is known."""

    letter_code = LetterForm.base_fields["letter_code"]


class PhoneCodeForm(forms.Form):
    """The code that came to the telephone."""

    phone_code = forms.CharField(
        label=_("Code from the message"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
            }
        ),
    )


class RecoverForm(InvoiceForm):
    """An invoice, and the mailbox with which the person signed in."""

    old_email = forms.EmailField(
        label=_("E-mail with which you signed in"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["old_email", "code", "number", "amount"]

    def clean_old_email(self) -> str:
        """In small letters."""
        return str(self.cleaned_data["old_email"]).lower()


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=_("At least 12 characters. A few words that only you put together are best."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password once more"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        self.known_email = email
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Both alike, and good enough beside the person's address."""
        cleaned = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("This is not the same password."))
        elif password:
            try:
                validate_password(password, User(email=cleaned.get("email") or self.known_email))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class AccountForm(PasswordForm):
    """The second step: mailbox and password."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("You will sign in with it. We send a link there at once."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["email", "password", "again"]

    def clean_email(self) -> str:
        """In small letters."""
        return str(self.cleaned_data["email"]).lower()


class OldPasswordForm(forms.Form):
    """The password chosen a few minutes ago, typed in another browser."""

    password = forms.CharField(
        label=_("The password you chose"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class RefusalForm(forms.Form):
    """Why a claim is refused; the person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=255,
        help_text=_("The person reads it in a letter."),
        widget=forms.TextInput(),
    )

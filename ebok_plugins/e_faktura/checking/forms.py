"""What the public check asks: an account, a bill, or a KSeF number."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok_plugins.e_faktura.checking import rules

LONG = 60


class CheckForm(forms.Form):
    """A form of the page: sent by GET, so that the code on a bill can fill it in."""

    ids: ClassVar[str] = ""
    """Goes before the ids of its fields: several forms of the page ask for an account."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id=f"{self.ids}_%s", use_required_attribute=False)


class AccountForm(CheckForm):
    """An account alone."""

    ids = "rachunek"
    konto = forms.CharField(
        label=gettext_lazy("Account number"),
        max_length=LONG,
        help_text=gettext_lazy("26 digits; spaces do not matter."),
        error_messages={"required": gettext_lazy("Type the account number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_konto(self) -> str:
        """Check digits are arithmetic and no secret."""
        found = rules.account_of(self.cleaned_data["konto"])
        if found is None:
            raise forms.ValidationError(
                _("This is no account number: 26 digits are needed, and one of yours is wrong or missing.")
            )
        return found


class BillForm(CheckForm):
    """A bill: number, amount and code, as they stand on it; the account where there is one."""

    ids = "faktura"
    numer = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=LONG,
        error_messages={"required": gettext_lazy("Type the number of the bill.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kwota = forms.CharField(
        label=gettext_lazy("Amount of the bill"),
        max_length=LONG,
        help_text=gettext_lazy("As on the bill, e.g. 133,22."),
        error_messages={"required": gettext_lazy("Type the amount of the bill.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    kod = forms.CharField(
        label=gettext_lazy("Code of the bill"),
        max_length=20,
        help_text=gettext_lazy("Eight letters and digits below the second square code."),
        error_messages={"required": gettext_lazy("Type the code of the bill.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    konto = forms.CharField(
        label=gettext_lazy("Account number on the bill"),
        max_length=LONG,
        required=False,
        help_text=gettext_lazy("Not needed, but forgers change it most often."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_kwota(self) -> Decimal:
        """In złoty, with a comma or a point."""
        found = rules.amount_of(self.cleaned_data["kwota"])
        if found is None:
            raise forms.ValidationError(_("Type the amount as on the bill, e.g. 133,22."))
        return found

    def clean_konto(self) -> str:
        """Empty, or a right account number."""
        typed = self.cleaned_data["konto"].strip()
        if not typed:
            return ""
        found = rules.account_of(typed)
        if found is None:
            raise forms.ValidationError(
                _("This is no account number: 26 digits are needed, and one of yours is wrong or missing.")
            )
        return found


class KsefForm(CheckForm):
    """A KSeF number alone."""

    ids = "numer"
    ksef = forms.CharField(
        label=gettext_lazy("Number of the document in KSeF"),
        max_length=LONG,
        help_text=gettext_lazy("35 signs, e.g. 5265877635-20250826-0100001AF629-AF."),
        error_messages={"required": gettext_lazy("Type the KSeF number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

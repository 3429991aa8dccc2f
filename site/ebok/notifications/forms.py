"""The form of the page "Powiadomienia"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.notifications.sms_text import WrongNumber, normal_number

HOURS = [("", gettext_lazy("at any time")), *((str(hour), f"{hour}:00") for hour in range(24))]


class QuietForm(forms.Form):
    """From and to, full hours; both or none."""

    since = forms.ChoiceField(label=gettext_lazy("Do not disturb from"), choices=HOURS, required=False)
    until = forms.ChoiceField(label=gettext_lazy("to"), choices=HOURS, required=False)

    def clean(self) -> dict[str, Any]:
        """Both or none, and not the same."""
        data = super().clean() or {}
        since, until = data.get("since", ""), data.get("until", "")
        if self.errors:
            return data
        if bool(since) != bool(until):
            self.add_error("until", _("Choose both hours, or neither."))
        elif since and since == until:
            self.add_error("until", _("The two hours must differ."))
        return data

    @property
    def hours(self) -> tuple[int, int] | None:
        """What was chosen, once it is valid."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return (int(since), int(until)) if since and until else None


class PhoneForm(forms.Form):
    """The number for text messages."""

    number = forms.CharField(
        label=gettext_lazy("Telephone number"),
        help_text=gettext_lazy("A Polish number, or one with its country, like +49…"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_number(self) -> str:
        """As gates want it."""
        try:
            return normal_number(self.cleaned_data["number"])
        except WrongNumber:
            raise forms.ValidationError(
                _("This is no telephone number. Type nine digits, like 600 100 200.")
            ) from None


class CodeForm(forms.Form):
    """The code from the text message."""

    code = forms.CharField(
        label=gettext_lazy("Code from the text message"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

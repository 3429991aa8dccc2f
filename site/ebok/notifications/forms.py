"""The form of the page "Powiadomienia"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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

"""What people fill in about remote readings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ebok_plugins.e_odczyt.models import FINDING_KINDS, Answer, FindingState


class AnswerForm(forms.Form):
    """One of the three answers, and a word to it."""

    answer = forms.ChoiceField(label=_("What do you say?"), choices=Answer.choices, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_("Anything to add?"), max_length=300, required=False, help_text=_("Up to 300 characters.")
    )


class AbsenceForm(forms.Form):
    """From when to when nobody is there."""

    begin = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """In their order."""
        data = super().clean() or {}
        begin, end = data.get("begin"), data.get("end")
        if begin and end and end < begin:
            self.add_error("end", _("The last day is before the first."))
        return data


class FindingFilter(forms.Form):
    """Filters of the employees' list."""

    q = forms.CharField(
        label=_("Meter, customer"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    rodzaj = forms.ChoiceField(
        label=_("What was found"), required=False, choices=[("", _("everything")), *FINDING_KINDS]
    )
    stan = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("findings", "to be seen to")),
            *FindingState.choices,
            ("wszystkie", pgettext_lazy("findings", "all")),
        ],
    )


class CloseForm(forms.Form):
    """How it ended."""

    note = forms.CharField(label=_("How did it end?"), max_length=300)


class FileForm(forms.Form):
    """A file of remote readings."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("JSON lines or semicolon fields, up to 64 MB."),
        allow_empty_file=True,
    )

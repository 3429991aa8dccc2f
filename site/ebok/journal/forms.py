"""What the journal's list can be narrowed to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.journal import kinds
from ebok.journal.analysis import LONGEST, Period, midnight
from ebok.journal.queries import Wanted


class WantedForm(forms.Form):
    """Filters of the list; all optional."""

    rodzaj = forms.ChoiceField(label=_("Kind"), required=False)
    kto = forms.CharField(
        label=_("Who"), required=False, max_length=100, help_text=_("Part of a name or an e-mail address")
    )
    szukaj = forms.CharField(label=_("Event text"), required=False, max_length=100)
    od = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    do = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    klient = forms.IntegerField(
        label=_("Customer"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("Number in the portal"),
    )
    konto = forms.IntegerField(
        label=_("Account"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("Number of the account that did it"),
    )
    adres = forms.GenericIPAddressField(label=_("Address (IP)"), required=False)
    administratorzy = forms.BooleanField(label=_("Only what administrators did"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["rodzaj"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("All")), *kinds.choices()]

    def clean_od(self) -> date | None:
        """A day the calendar of both databases knows."""
        return self._possible("od")

    def clean_do(self) -> date | None:
        """A day the calendar of both databases knows."""
        return self._possible("do")

    def wanted(self) -> Wanted:
        """The filters; all, as long as the form is not filled in correctly."""
        if not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        return Wanted(
            kind=data["rodzaj"],
            who=data["kto"],
            text=data["szukaj"],
            address=data["adres"],
            customer_id=data["klient"],
            actor_id=data["konto"],
            administrators=data["administratorzy"],
            since=midnight(data["od"]) if data["od"] else None,
            until=midnight(data["do"] + timedelta(days=1)) if data["do"] else None,
        )

    def _possible(self, name: str) -> date | None:
        return _possible(self.cleaned_data[name])


class AnalysisForm(forms.Form):
    """What is analysed; without a period the last thirty days."""

    od = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    do = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    grupa = forms.ChoiceField(
        label=_("Events of"), required=False, help_text=_("Narrows the chart and the administrators' acts")
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(_with_period(data or {}), **kwargs)
        group = self.fields["grupa"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = [("", _("Everything")), *kinds.groups()]

    def clean(self) -> dict[str, Any]:
        """A period that begins before it ends and is not longer than a year."""
        data = super().clean() or self.cleaned_data
        first, last = (_possible(data.get(name)) for name in ("od", "do"))
        if first and last:
            if first > last:
                self.add_error("do", _("The period ends before it begins."))
            elif Period(first, last).days > LONGEST:
                self.add_error("do", _("Choose at most one year."))
        elif not self.errors:
            self.add_error("od", _("Choose the first and the last day."))
        return data

    def period(self) -> Period:
        """The chosen days. Only for a valid form."""
        return Period(self.cleaned_data["od"], self.cleaned_data["do"])

    def kinds(self) -> list[str]:
        """The chosen kinds; none means all. Only for a valid form."""
        group = self.cleaned_data["grupa"]
        return kinds.of_group(group) if group else []


def _with_period(data: Any) -> dict[str, Any]:
    given = {name: data.get(name, "") for name in ("od", "do", "grupa")}
    if not given["od"] and not given["do"]:
        today = timezone.localdate()
        given.update({"od": (today - timedelta(days=29)).isoformat(), "do": today.isoformat()})
    return given


def _possible(day: date | None) -> date | None:
    if day and not date(2000, 1, 1) <= day <= date(2200, 1, 1):
        raise forms.ValidationError(_("There is no such day in the journal."))
    return day

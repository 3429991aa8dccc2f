"""What the journal's list can be narrowed to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.journal import kinds
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
    adres = forms.GenericIPAddressField(label=_("Address (IP)"), required=False)

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
            since=_midnight(data["od"]) if data["od"] else None,
            until=_midnight(data["do"] + timedelta(days=1)) if data["do"] else None,
        )

    def _possible(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and not date(2000, 1, 1) <= day <= date(2200, 1, 1):
            raise forms.ValidationError(_("There is no such day in the journal."))
        return day


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

"""What a register's list can be narrowed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ebok.exchange import natural_keys
from ebok.exchange.models import NaturalKey

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


def day_field(label: Any) -> forms.DateField:
    """A day, picked with the browser's own calendar."""
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def choice_field(label: Any, choices: Any) -> forms.ChoiceField:
    """One of these, or all."""
    return forms.ChoiceField(label=label, required=False, choices=[("", _("All")), *choices])


class Filters(forms.Form):
    """All optional. `narrow` is asked only when the form is right."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        """Only days that both databases can compare."""
        data: dict[str, Any] = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
                self.add_error(name, _("There is no such day in the register."))
        return data

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that are wanted."""
        return found

    @property
    def given(self) -> dict[str, str]:
        """What was filled in, to be carried to other pages."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}


def called(dataset: str, words: str) -> list[int]:
    """Ids of rows of the dataset that bear exactly this natural key, in either case; one query."""
    keys = {words.strip(), words.strip().upper()}
    return [key.object_id for key in NaturalKey.objects.filter(dataset=dataset, key__in=keys)]


def owned_by(found: QuerySet[Any], code: str) -> QuerySet[Any]:
    """The rows of the customer with that code; none when nobody has it."""
    key = natural_keys.find("customers", code) or natural_keys.find("customers", code.upper())
    return found.none() if key is None else found.filter(customer_id=key.object_id)

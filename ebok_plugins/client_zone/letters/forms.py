"""To whom letters go, as an employee chooses."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import CustomerGroup
from ebok_plugins.client_zone.letters.choosing import Choice


class ChoiceForm(forms.Form):
    """A GET form, so that what it finds is seen before anything is ordered."""

    q = forms.CharField(
        label=_("Name or customer number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    grupa = forms.ModelChoiceField(
        label=_("Group"),
        queryset=CustomerGroup.objects.order_by("name"),
        required=False,
        empty_label=_("all"),
    )
    bez_konta = forms.BooleanField(label=_("only those without an account"), required=False, initial=True)
    bez_listu = forms.BooleanField(
        label=_("only those without a code that still works"), required=False, initial=True
    )
    use_required_attribute = False

    def choice(self) -> Choice:
        """What was chosen; the form is valid."""
        chosen = self.cleaned_data
        return Choice(
            words=chosen["q"].strip(),
            group=chosen["grupa"],
            without_account=chosen["bez_konta"],
            without_letter=chosen["bez_listu"],
        )

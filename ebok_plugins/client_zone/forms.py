"""Forms of the client zone: a change of data, other requests, and the employee's decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ebok.customers.models import Customer
from ebok.look.forms import DateInput
from ebok_plugins.client_zone.models import RequestKind
from ebok_plugins.client_zone.requesting import CHANGEABLE

REMARK = 2000

AUTOCOMPLETE = {
    "phone": "tel",
    "email": "email",
    "correspondence_name": "name",
    "correspondence_street": "address-line1",
    "correspondence_postcode": "postal-code",
    "correspondence_town": "address-level2",
}


class ChangeForm(forms.Form):
    """What the client wants to stand there; fields begin with what stands there now or is asked for."""

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CHANGEABLE:
            if name == "nip" and customer.kind == "household":
                continue
            self.fields[name] = self._field(name, customer)
        self.fields["remark"] = forms.CharField(
            label=_("Something else we should know"),
            help_text=_("A new surname or a new owner needs a document; write about it here."),
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=REMARK,
            required=False,
        )

    @staticmethod
    def _field(name: str, customer: Customer) -> forms.Field:
        column: Any = Customer._meta.get_field(name)
        made = column.formfield(required=False, initial=getattr(customer, name))
        assert isinstance(made, forms.Field)
        made.label = str(column.verbose_name).capitalize()
        if name in AUTOCOMPLETE:
            made.widget.attrs["autocomplete"] = AUTOCOMPLETE[name]
        return made


class RequestForm(forms.Form):
    """Any other matter of the account."""

    kind = forms.ChoiceField(
        label=_("What should we do"),
        choices=[
            (kind.value, str(kind.label).capitalize())
            for kind in RequestKind
            if kind is not RequestKind.CHANGE
        ],
        widget=forms.RadioSelect,
    )
    wanted_on = forms.DateField(
        label=_("From which day"),
        help_text=_("Leave it empty when it does not matter."),
        widget=DateInput,
        required=False,
    )
    remark = forms.CharField(
        label=_("What should we know"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=REMARK,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Another matter must be said in words."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == RequestKind.OTHER and not (cleaned.get("remark") or "").strip():
            self.add_error("remark", _("Write what it is about."))
        return cleaned


class DecisionForm(forms.Form):
    """The employee's words; a refusal needs some."""

    answer = forms.CharField(
        label=_("Answer to the client"),
        help_text=_("The client reads it in the portal and in the e-mail. A refusal needs a reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REMARK,
        required=False,
    )

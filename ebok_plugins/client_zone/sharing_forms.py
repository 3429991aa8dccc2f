"""What an invitation asks for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ebok.customers.access import FIRST_SCOPES
from ebok.customers.models import CustomerAccess, Scope
from ebok.look.forms import DateInput
from ebok_plugins.client_zone.sharing import offered_scopes

LONGEST = timedelta(days=50 * 366)


class InvitationForm(forms.Form):
    """Whom, what they may do, and until when; the boxes are ticked as the role suggests."""

    email = forms.EmailField(
        label=_("E-mail of the person"),
        max_length=254,
        help_text=_("We send an invitation there. It works for 14 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the person may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing the person may do.")},
    )
    last_day = forms.DateField(
        label=_("Last day of the access"),
        required=False,
        help_text=_("Empty: until you end it."),
        widget=DateInput,
    )

    def __init__(self, *args: Any, mine: CustomerAccess, role: str, **kwargs: Any) -> None:
        allowed = offered_scopes(mine)
        ticked = [scope for scope in allowed if scope in FIRST_SCOPES[role]]
        super().__init__(*args, **{**kwargs, "initial": {"scopes": ticked}})
        labels = dict(Scope.choices)
        self.fields["scopes"].choices = [(scope, labels[scope]) for scope in allowed]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """In small letters."""
        return str(self.cleaned_data["email"]).lower()

    def clean_last_day(self) -> datetime | None:
        """The moment after the last day; the calendar of the utility counts."""
        last: date | None = self.cleaned_data["last_day"]
        if last is None:
            return None
        today = timezone.localdate()
        if not today <= last <= today + LONGEST:
            raise ValidationError(_("Choose today or a later day."))
        return timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))

"""Forms about the account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.accounts.models import ConsentText, User


class ProfileForm(forms.ModelForm):
    """What a person calls themselves, and in which language we write."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language")
        labels = {
            "first_name": gettext_lazy("First name"),
            "last_name": gettext_lazy("Last name"),
            "language": gettext_lazy("Language of letters"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of letters"),
            required=False,
            choices=[("", _("as in the portal")), *settings.LANGUAGES],
            widget=forms.RadioSelect,
        )


class AcceptForm(forms.Form):
    """One box for each text that must be agreed to."""

    def __init__(self, *args: Any, texts: Sequence[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            self.fields[self.name_of(text)] = forms.BooleanField(
                label=_("I have read and accept: %(title)s") % {"title": text.shown_title},
                error_messages={"required": _("Accept it to go on, or sign out.")},
            )

    @staticmethod
    def name_of(text: ConsentText) -> str:
        """The name of the text's box; a version that came meanwhile has another one."""
        return f"accept_{text.pk}"

    def pairs(self) -> list[tuple[ConsentText, forms.BoundField]]:
        """Each text with its box."""
        return [(text, self[self.name_of(text)]) for text in self.texts]


class AddKeyForm(AddWebAuthnForm):
    """allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        box = self.fields["passwordless"]
        box.label = _("Passkey: it replaces the password too")
        box.help_text = _(
            "The device asks for a fingerprint, your face or a PIN. Without it the key is a second step."
        )


class RenameKeyForm(EditWebAuthnForm):
    """allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")

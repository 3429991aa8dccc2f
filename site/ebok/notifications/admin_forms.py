"""The form of a text: what stands in braces must be a value the message brings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.notifications.models import Channel
from ebok.notifications.texts import Texts
from ebok.notifications.wording import strange_places
from ebok.ports import MessageKind

LONGEST_BODY = 10_000
LONGEST_SMS = 600


class TextsForm(forms.Form):
    """The words of one kind for one channel."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("An empty line begins a new paragraph."),
    )
    action = forms.CharField(label=gettext_lazy("Words of the button"), max_length=60)

    def __init__(self, *args: Any, kind: MessageKind, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if channel == Channel.SMS:
            del self.fields["subject"], self.fields["action"]
            self.fields["body"] = forms.CharField(
                label=_("Text"),
                max_length=LONGEST_SMS,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_(
                    "One text message holds 160 letters. A single Polish letter makes it 70, "
                    "so we send without accents unless the settings say otherwise."
                ),
            )
        elif not str(kind.action):
            del self.fields["action"]
        for name, field in self.fields.items():
            described = [f"id_{name}_helptext"] if field.help_text else []
            described += [f"id_{name}_error"] if name in self.errors else []
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)
            if name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"

    def clean_subject(self) -> str:
        """Only known places."""
        return self._checked("subject")

    def clean_body(self) -> str:
        """Only known places."""
        return self._checked("body")

    def clean_action(self) -> str:
        """Only known places."""
        return self._checked("action")

    def _checked(self, name: str) -> str:
        text: str = self.cleaned_data[name].replace("\r\n", "\n")
        strange = strange_places(text, self.kind.names)
        if strange:
            raise forms.ValidationError(unknown_sentence(strange, self.kind.names))
        return text

    @property
    def texts(self) -> Texts:
        """What was typed, once it is valid."""
        return Texts(**{name: self.cleaned_data[name] for name in self.fields})


def unknown_sentence(strange: Iterable[str], known: Iterable[str]) -> str:
    """Says which places nobody can fill and which there are."""
    offered = ", ".join(f"{{{name}}}" for name in known)
    if not offered:
        return _("%(strange)s: this message brings no values, so nothing may stand in braces.") % {
            "strange": ", ".join(strange)
        }
    return _("%(strange)s: this message brings no such value. You may use: %(known)s.") % {
        "strange": ", ".join(strange),
        "known": offered,
    }

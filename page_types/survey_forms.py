"""The form of a survey, built from its questions, with two quiet traps for robots."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from page_types.survey import SurveyQuestion

FASTEST_SECONDS = 3
"""Nobody reads and answers in less."""
OLDEST_SECONDS = 24 * 60 * 60
LONGEST_LINE = 250
LONGEST_TEXT = 4000
SALT = "page_types.survey"
SCALE = [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")]


class SurveyForm(forms.Form):
    """Questions in the editor's order.

    `is_robot` is told after validation: the field people do not see was filled in. Such a form
    counts as valid and is thanked for, so that a robot learns nothing; it must not be stored.
    """

    # Named like something robots love to fill in.
    website = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1"})
    )
    opened = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, questions: Iterable[SurveyQuestion], data: Any = None) -> None:
        super().__init__(data)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.key] = field_of(question)
        self.fields["opened"].initial = signing.TimestampSigner(salt=SALT).sign("survey")

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions as bound fields, without the traps."""
        return [self[question.key] for question in self.questions]

    @property
    def is_robot(self) -> bool:
        """Whether the invisible field was filled in."""
        return bool(str(self.data.get("website", "")).strip())

    def clean(self) -> dict[str, Any]:
        """Refuse forms sent faster than anybody reads, and ones opened long ago or elsewhere."""
        cleaned: dict[str, Any] = super().clean() or {}
        signer = signing.TimestampSigner(salt=SALT)
        opened = str(cleaned.get("opened") or "")
        try:
            signer.unsign(opened, max_age=OLDEST_SECONDS)
        except signing.BadSignature:
            # A page left open for a day, or a form from elsewhere: a fresh stamp lets people send again.
            self._restamp()
            raise forms.ValidationError(
                _("This form has waited too long. Check your answers and send again.")
            ) from None
        try:
            signer.unsign(opened, max_age=FASTEST_SECONDS)
        except signing.SignatureExpired:
            return cleaned
        raise forms.ValidationError(_("That was very quick. Wait a moment and send again."))

    def answers(self) -> dict[str, Any]:
        """What to store: question key to text, number or list of texts; unanswered ones left out."""
        found: dict[str, Any] = {}
        for question in self.questions:
            value = self.cleaned_data.get(question.key)
            if value in (None, "", []):
                continue
            found[question.key] = int(str(value)) if question.kind == "scale" else value
        return found

    def _restamp(self) -> None:
        # What was sent cannot be changed in place.
        data: Any = self.data
        renewed = data.copy()
        renewed["opened"] = self.fields["opened"].initial
        self.data = renewed


def field_of(question: SurveyQuestion) -> forms.Field:
    """The form field of a question."""
    shared: dict[str, Any] = {
        "label": question.label,
        "help_text": question.hint,
        "required": question.required,
    }
    options = [(option, option) for option in question.options]
    if question.kind == "many":
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **shared)
    if question.kind == "one":
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **shared)
    if question.kind == "scale":
        return forms.ChoiceField(choices=_scale(question), widget=forms.RadioSelect, **shared)
    if question.kind == "text":
        return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}), **shared)
    return forms.CharField(max_length=LONGEST_LINE, **shared)


def _scale(question: SurveyQuestion) -> list[tuple[str, str]]:
    """1 to 5, the ends with the editor's words."""
    words = {"1": question.low_label, "5": question.high_label}
    return [(value, f"{label} – {words[value]}" if words.get(value) else label) for value, label in SCALE]

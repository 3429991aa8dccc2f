"""Forms of visitors and employees."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ebok.files.checking import CONTENT_TYPES, CheckedFile
from ebok.look.forms import DateInput
from ebok_plugins.e_dokument import uploads
from ebok_plugins.e_dokument.models import Attachment, DocumentSettings, Question, QuestionKind
from ebok_plugins.e_dokument.models.applications import StateChoice

HONEYPOT = "strona_www"
"""A field people do not see; what fills it in is a machine."""

_PHONE = RegexValidator(
    r"^\+?[0-9 ()-]{7,25}\Z", gettext_lazy("Write a telephone number, for example 600 000 123.")
)


class SeveralFilesInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files, each checked by extension, size and content; cleans to a list of `CheckedFile`."""

    widget = SeveralFilesInput

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        """The files that passed. Raises `ValidationError` with a sentence for each that did not."""
        checked, refused = [], []
        for upload in data if isinstance(data, list | tuple) else [data]:
            if not isinstance(upload, UploadedFile):
                continue
            try:
                checked.append(uploads.check_attachment(upload, self.limit))
            except ValidationError as error:
                refused.append(error)
        if refused:
            raise FilesRefused(refused, checked)
        if not checked and self.required:
            raise ValidationError(_("Choose a file."), code="required")
        return checked


class FilesRefused(ValidationError):
    """Some files were refused; `accepted` holds the others, which must not get lost."""

    def __init__(self, errors: list[ValidationError], accepted: list[CheckedFile]) -> None:
        super().__init__(errors)
        self.accepted = accepted


def _sentences(kind: str) -> dict[str, Any]:
    sentences = {
        QuestionKind.CHOICE: gettext_lazy("Choose one answer."),
        QuestionKind.CHOICES: gettext_lazy("Choose at least one answer."),
        QuestionKind.CONSENT: gettext_lazy("Tick the box to go on."),
        QuestionKind.DATE: gettext_lazy("Write the date."),
        QuestionKind.NUMBER: gettext_lazy("Write a number."),
        QuestionKind.EMAIL: gettext_lazy("Write an e-mail address."),
        QuestionKind.PHONE: gettext_lazy("Write a telephone number."),
        QuestionKind.ADDRESS: gettext_lazy("Write the address."),
    }
    wrong = {
        QuestionKind.EMAIL: gettext_lazy("This is no e-mail address. Check the @ and what follows it."),
        QuestionKind.DATE: gettext_lazy("Write the date in digits, for example 14.05.2026."),
        QuestionKind.NUMBER: gettext_lazy("Write a number in digits, for example 12,5."),
    }
    found: dict[str, Any] = {
        "required": sentences.get(QuestionKind(kind), gettext_lazy("Fill in this field.")),
        "max_length": gettext_lazy("Make it shorter: up to %(limit_value)d characters."),
    }
    if kind in wrong:
        found["invalid"] = wrong[QuestionKind(kind)]
    return found


def _text(question: Question, **kwargs: Any) -> forms.Field:
    return forms.CharField(max_length=200, **kwargs)


def _name(question: Question, **kwargs: Any) -> forms.Field:
    return forms.CharField(max_length=200, widget=forms.TextInput({"autocomplete": "name"}), **kwargs)


def _long(question: Question, **kwargs: Any) -> forms.Field:
    return forms.CharField(max_length=5000, widget=forms.Textarea({"rows": 5}), **kwargs)


def _number(question: Question, **kwargs: Any) -> forms.Field:
    return forms.DecimalField(
        max_digits=15,
        decimal_places=4,
        localize=True,
        widget=forms.TextInput({"inputmode": "decimal", "class": "govuk-input--width-10"}),
        **kwargs,
    )


def _date(question: Question, **kwargs: Any) -> forms.Field:
    return forms.DateField(widget=DateInput(), **kwargs)


def _choice(question: Question, **kwargs: Any) -> forms.Field:
    options = [(option, option) for option in question.option_list]
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **kwargs)


def _choices(question: Question, **kwargs: Any) -> forms.Field:
    options = [(option, option) for option in question.option_list]
    return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **kwargs)


def _consent(question: Question, **kwargs: Any) -> forms.Field:
    return forms.BooleanField(**kwargs)


def _email(question: Question, **kwargs: Any) -> forms.Field:
    return forms.EmailField(max_length=254, widget=forms.EmailInput({"autocomplete": "email"}), **kwargs)


def _phone(question: Question, **kwargs: Any) -> forms.Field:
    widget = forms.TextInput(
        {"type": "tel", "autocomplete": "tel", "inputmode": "tel", "class": "govuk-input--width-20"}
    )
    return forms.CharField(max_length=25, validators=[_PHONE], widget=widget, **kwargs)


def _address(question: Question, **kwargs: Any) -> forms.Field:
    kwargs["help_text"] = kwargs["help_text"] or _("Street, number, postcode, town.")
    # HTML keeps "street-address" for fields of several lines.
    widget = forms.TextInput({"autocomplete": "address-line1"})
    return forms.CharField(max_length=300, widget=widget, **kwargs)


BUILDERS: dict[str, Callable[..., forms.Field]] = {
    QuestionKind.NAME: _name,
    QuestionKind.SHORT: _text,
    QuestionKind.LONG: _long,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.CONSENT: _consent,
    QuestionKind.EMAIL: _email,
    QuestionKind.PHONE: _phone,
    QuestionKind.ADDRESS: _address,
}


class AnswersForm(forms.Form):
    """The questions of an application as a form.

    `kept` are files stored by an earlier try; they count as answers. `accepted_files` gives, by
    question key, the files of this try that passed, also when other fields did not.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        *args: Any,
        kept: Sequence[Attachment] = (),
        settings: DocumentSettings | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        self.kept = list(kept)
        self.limits = settings or DocumentSettings()
        self.accepted_files: dict[str, list[CheckedFile]] = {}
        for question in self.questions:
            self.fields[field_name(question.key)] = self._field(question)

    @property
    def has_files(self) -> bool:
        """Whether the form must be sent as multipart."""
        return any(question.kind == QuestionKind.ATTACHMENT for question in self.questions)

    def kept_for(self, name: str) -> list[Attachment]:
        """Files an earlier try stored for this field."""
        return [attachment for attachment in self.kept if field_name(attachment.question_key) == name]

    def answers(self) -> dict[str, str | list[str]]:
        """The cleaned answers as they are kept, by question key; files are kept elsewhere."""
        return {
            question.key: _kept_value(self.cleaned_data.get(field_name(question.key)))
            for question in self.questions
            if question.kind != QuestionKind.ATTACHMENT
        }

    def clean(self) -> dict[str, Any]:
        """Count the files of all questions together."""
        cleaned = super().clean() or {}
        for question in self.questions:
            files = cleaned.get(field_name(question.key))
            if question.kind == QuestionKind.ATTACHMENT and files:
                self.accepted_files[question.key] = files
        most = self.limits.attachment_count
        if len(self.kept) + sum(map(len, self.accepted_files.values())) > most:
            name = field_name(next(iter(self.accepted_files), ""))
            self.accepted_files = {}
            sentence = ngettext("Attach up to %(most)d file.", "Attach up to %(most)d files.", most) % {
                "most": most
            }
            self.add_error(name if name in self.fields else None, sentence)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep the good files of a field whose other files were refused."""
        if isinstance(error, FilesRefused) and field is not None and error.accepted:
            self.accepted_files[field.removeprefix("q_")] = error.accepted
        super().add_error(field, error)

    def _field(self, question: Question) -> forms.Field:
        common: dict[str, Any] = {
            "label": question.label,
            # The look prints hints as markup; what an editor typed is text.
            "help_text": escape(question.help_text),
            "required": question.required,
            "error_messages": _sentences(question.kind),
        }
        if question.kind != QuestionKind.ATTACHMENT:
            return BUILDERS.get(question.kind, _text)(question, **common)
        kept = bool(self.kept_for(field_name(question.key)))
        common["required"] = question.required and not kept
        common["help_text"] = common["help_text"] or escape(
            _("PDF, DOCX, ODT, JPG, PNG or WEBP, up to %(size)d MB each, %(most)d files at most.")
            % {"size": self.limits.attachment_megabytes, "most": self.limits.attachment_count}
        )
        accept = ",".join(f".{kind}" for kind in (*CONTENT_TYPES, "jpeg"))
        return SeveralFilesField(
            limit=self.limits.attachment_bytes, widget=SeveralFilesInput({"accept": accept}), **common
        )


def field_name(key: str) -> str:
    """The form field of the question with this key."""
    return f"q_{key}"


def removed_attachments(data: Any) -> list[uuid.UUID]:
    """The stored files whose boxes "remove" are ticked; what is no identifier is passed over."""
    found = []
    for value in data.getlist("usun")[:50]:
        try:
            found.append(uuid.UUID(value))
        except (ValueError, AttributeError):
            continue
    return found


def _kept_value(value: Any) -> str | list[str]:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, date):
        return date_format(value, "j E Y") if _speaks_polish() else date_format(value, "j F Y")
    if isinstance(value, Decimal):
        text = f"{value.normalize():f}"
        return text.replace(".", ",") if _speaks_polish() else text
    return str(value)


def _speaks_polish() -> bool:
    return (get_language() or "pl").startswith("pl")


# Employees ----------------------------------------------------------------------------------


class QueueFilter(forms.Form):
    """What of the queue to show. A wrong value shows everything rather than an error."""

    stan = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    q = forms.CharField(label=gettext_lazy("Number or name"), required=False, max_length=100, strip=True)

    all_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stan"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            ("", _("All")),
            ("open", _("To handle")),
            *StateChoice.choices,
        ]


class _SeenForm(forms.Form):
    """Carries which state of the application the employee was looking at."""

    seen = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)


class TakeOverForm(_SeenForm):
    """Taking an application over needs no more."""


class StateForm(_SeenForm):
    """A new state."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=StateChoice.choices)


class NoteForm(_SeenForm):
    """A note for colleagues."""

    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Only employees see it."),
        error_messages={"required": gettext_lazy("Write the note.")},
    )


class ReplyForm(_SeenForm):
    """An answer by e-mail."""

    text = forms.CharField(
        label=gettext_lazy("Answer by e-mail"),
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Write the answer.")},
    )

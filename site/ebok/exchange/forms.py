"""Forms of the exchange's screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.exchange.models import ExchangeSettings, ExportState, Outcome
from ebok.exchange.profiles import Profile, ProfileError, available_profiles

MEGABYTE = 1024 * 1024
WAYS_IN = (
    ("command", gettext_lazy("command")),
    ("folder", gettext_lazy("watched folder")),
    ("upload", gettext_lazy("upload")),
    ("refresh", gettext_lazy("one customer on demand")),
)


class WantedDeliveriesForm(forms.Form):
    """Filters of the list."""

    wynik = forms.ChoiceField(label=gettext_lazy("outcome"), required=False)
    droga = forms.ChoiceField(label=gettext_lazy("way in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("all"))
        self.fields["wynik"].choices = [everything, *Outcome.choices]  # type: ignore[attr-defined]
        self.fields["droga"].choices = [everything, *WAYS_IN]  # type: ignore[attr-defined]


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files, each judged like a single one."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files; an empty list when none was chosen and none is required."""
        files = data if isinstance(data, Sequence) and not isinstance(data, str) else [data]
        found = [super(FilesField, self).clean(item, initial) for item in files if item]
        return found if found else self._none()

    def _none(self) -> list[UploadedFile]:
        if self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return []


HOLDS = (
    ("", gettext_lazy("as the delivery says of itself")),
    ("complete", gettext_lazy("everything: rows it lacks have vanished")),
    ("changes", gettext_lazy("only what changed")),
)


class UploadForm(forms.Form):
    """A new delivery."""

    profile = forms.ChoiceField(
        label=gettext_lazy("How it is written"),
        help_text=gettext_lazy("The profile tells where each column stands. Mended rows need no other one."),
    )
    uploads = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        error_messages={"empty": gettext_lazy("The file “%(name)s” is empty.")},
    )
    as_of = forms.DateTimeField(
        label=gettext_lazy("As of"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("When the data were true. Leave it empty when the delivery says so itself."),
    )
    holds = forms.ChoiceField(
        label=gettext_lazy("What it holds"), choices=HOLDS, required=False, widget=forms.RadioSelect
    )
    dry_run = forms.BooleanField(
        label=gettext_lazy("Trial run"),
        required=False,
        help_text=gettext_lazy("Only say what would change."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profiles: dict[str, Profile] = {}
        self.profile_error = ""
        try:
            self.profiles = {profile.name: profile for profile in available_profiles()}
        except ProfileError as error:
            self.profile_error = str(error)
        named = [(name, profile.title) for name, profile in self.profiles.items()]
        self.fields["profile"].choices = sorted(named, key=lambda item: (item[0] != "neutral", item[1]))  # type: ignore[attr-defined]
        self.limit = ExchangeSettings.load().upload_limit_mb * MEGABYTE
        self.fields["uploads"].help_text = _(
            "CSV, XLSX, JSON Lines or ZIP, together at most %(limit)s. "
            "A profile that reads a database needs none."
        ) % {"limit": filesizeformat(self.limit)}

    def clean_uploads(self) -> list[UploadedFile]:
        """Together they must not be larger than the limit."""
        files: list[UploadedFile] = self.cleaned_data["uploads"]
        if sum(file.size or 0 for file in files) > self.limit:
            raise forms.ValidationError(
                _("The files are larger than %(limit)s together. Put them into the watched folder instead.")
                % {"limit": filesizeformat(self.limit)}
            )
        return files

    def clean_as_of(self) -> datetime | None:
        """Not in the future: a delivery from there would be refused anyway."""
        moment: datetime | None = self.cleaned_data["as_of"]
        if moment is not None and moment > timezone.now():
            raise forms.ValidationError(_("This moment has not come yet."))
        return moment

    def clean(self) -> dict[str, Any]:
        """Files for a profile of files, none for a database."""
        cleaned = super().clean() or self.cleaned_data
        profile = self.profiles.get(cleaned.get("profile", ""))
        if profile is None or "uploads" in self.errors:
            return cleaned
        if profile.reads_database and cleaned["uploads"]:
            self.add_error("uploads", _("This profile reads a database; leave the files out."))
        elif not profile.reads_database and not cleaned["uploads"]:
            self.add_error("uploads", _("Choose the files to send."))
        return cleaned

    @property
    def complete(self) -> bool | None:
        """Whether the delivery holds everything; None leaves it to the delivery."""
        return {"complete": True, "changes": False}.get(self.cleaned_data["holds"])


class RefuseForm(forms.Form):
    """Why a delivery is not taken over."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why the delivery is refused.")},
    )


class AnswerForm(forms.Form):
    """What the billing system did with a whole batch."""

    state = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[
            (ExportState.TAKEN_OVER.value, ExportState.TAKEN_OVER.label),
            (ExportState.REJECTED.value, ExportState.REJECTED.label),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Needed for a rejection."),
    )

    def clean(self) -> dict[str, Any]:
        """A rejection has a reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == ExportState.REJECTED and not cleaned.get("reason"):
            self.add_error("reason", _("Give the reason of the rejection."))
        return cleaned


class AnswersForm(forms.Form):
    """A file of answers."""

    file = forms.FileField(
        label=gettext_lazy("File of answers"), help_text=gettext_lazy("CSV: number;row;state;reason")
    )

"""Forms of the Wagtail admin for this module's snippets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.apps import apps
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import Site

from ebok.files.checking import CheckedFile
from ebok.files.names import folded
from ebok_plugins.e_dokument.uploads import check_template

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class DocumentTemplateForm(WagtailAdminModelForm):
    """The document's form with a field for a new file; leaving it empty keeps the present one."""

    upload = forms.FileField(
        label=_("New file"),
        required=False,
        help_text=_("PDF, DOCX or ODT, up to 20 MB. Leave empty to keep the present file."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._checked: CheckedFile | None = None
        if (site := self.fields.get("site")) is not None and not self.instance.site_id:
            site.initial = Site.objects.filter(is_default_site=True).first()
        if (slug := self.fields.get("slug")) is not None:
            slug.required = False
            slug.help_text = _("The last part of the web address. Empty: made from the title.")
        if self.instance.file_id:
            self.fields["upload"].help_text = _(
                "Present file: %(name)s. Leave empty to keep it. PDF, DOCX or ODT, up to 20 MB."
            ) % {"name": self.instance.file.original_name}

    def clean_upload(self) -> UploadedFile | None:
        """Refuse what is not a PDF, DOCX or ODT."""
        upload: UploadedFile | None = self.cleaned_data.get("upload")
        if upload:
            self._checked = check_template(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        """Make the address from the title where none was given."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("slug") and cleaned.get("title"):
            cleaned["slug"] = slugify(folded(cleaned["title"]))[:120] or "dokument"
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Store a new file first: a draft refers to it before the document itself is saved."""
        if self._checked is not None:
            self.instance.file = apps.get_model("e_dokument", "StoredFile").objects.get(
                pk=_stored(self._checked)
            )
        return super().save(commit=commit)


def _stored(checked: CheckedFile) -> int:
    # Services import the models, which import this form.
    from ebok_plugins.e_dokument.services import store_file  # noqa: PLC0415 (import cycle)

    return store_file(checked).pk

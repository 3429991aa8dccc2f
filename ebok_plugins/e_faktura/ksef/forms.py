"""Forms of the clerk: adding files, deciding whose a document is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.customers.models import Customer

MOST_FILES = 100


class SeveralFilesInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Cleans to a list of uploads."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each upload by itself; an empty one is let through, for the judge to tell."""
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise ValidationError(_("Choose at least one file."), code="required")
        if len(given) > MOST_FILES:
            sentence = _("Choose at most %(most)s files at once, or pack them into a ZIP archive.")
            raise ValidationError(sentence % {"most": MOST_FILES}, code="many")
        return list(given)


class UploadForm(forms.Form):
    """Invoices and confirmations, any number."""

    pliki = SeveralFiles(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "XML of invoices FA(3) and of confirmations (UPO) as KSeF gives them, or a ZIP archive of them."
        ),
        allow_empty_file=True,
        widget=SeveralFilesInput(attrs={"accept": ".xml,.zip"}),
    )


class SeenForm(forms.Form):
    """A decision that counts only if nobody decided meanwhile."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class CustomerForm(SeenForm):
    """Whose the document is."""

    klient = forms.CharField(
        label=gettext_lazy("Customer code"),
        max_length=40,
        help_text=gettext_lazy("As it stands in the billing system."),
    )

    def clean_klient(self) -> Customer:
        """The customer with this code."""
        code = self.cleaned_data["klient"].strip()
        found = Customer.objects.filter(code=code).order_by("id").first()
        if found is None:
            raise ValidationError(_("There is no customer with the code %(code)s.") % {"code": code})
        return found


class AsideForm(SeenForm):
    """Why a document is not needed."""

    powod = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

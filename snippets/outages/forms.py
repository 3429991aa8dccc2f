"""The editor's form of an outage, with the guard on publishing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.models import Site

from snippets.outages import rules
from snippets.outages.models import Outage, OutageSettings, Street
from snippets.outages.publishing import NO_PLACE, noticed_at, problem_text, problems_of
from snippets.outages.queries import streets_named


class OutageForm(WagtailAdminModelForm):
    """Refuses to publish against the rules without a written reason. Drafts are saved as they are.

    The view sets `is_for_publication` before it asks whether the form is valid; submitting to
    moderation and approving count as publication. `notes` then holds what the editor should think
    of and need not explain.
    """

    is_for_publication = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []
        if "site" in self.fields and not self.initial.get("site"):
            self.initial["site"] = Site.objects.order_by("-is_default_site", "pk").first()

    def is_valid(self) -> bool:
        """Judge the whole of it: water points and streets are forms of their own."""
        if not super().is_valid():
            return False
        if self.is_for_publication and not hasattr(self, "_judged"):
            self._judged = True
            self._judge()
        return not self.errors

    def _judge(self) -> None:
        if not self._rows("streets") and not self.cleaned_data.get("title"):
            self.add_error("title", NO_PLACE)
        outage: Outage = self.instance
        thresholds = OutageSettings.for_site(outage.site).thresholds
        found = problems_of(
            outage,
            noticed=noticed_at(outage, timezone.now()),
            has_water_point=bool(self._rows("water_points")),
        )
        reason = (self.cleaned_data.get("override_reason") or "").strip()
        for problem in found:
            sentence = problem_text(problem, thresholds)
            if problem not in rules.BLOCKING:
                self.notes.append(sentence)
            elif not reason:
                self.add_error("override_reason", sentence)

    def _rows(self, relation: str) -> list[forms.ModelForm[Any]]:
        """The forms of a relation that will be kept."""
        formset = self.formsets.get(relation)
        if formset is None:
            return list(getattr(self.instance, relation).all())
        return [
            form
            for form in formset.forms
            if (
                getattr(form, "cleaned_data", None)
                and not form.cleaned_data.get("DELETE")
                and form.has_changed()
            )
            or (form.instance.pk and not getattr(form, "cleaned_data", {}).get("DELETE"))
        ]


class StreetSearchForm(BaseFilterForm):
    """Search as you type in the chooser of streets; no diacritics needed."""

    q = forms.CharField(
        label=_("Street"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Street, or street and locality after a comma")}),
    )

    def filter(self, objects: QuerySet[Street]) -> QuerySet[Street]:
        """The streets that hold every word typed."""
        query = self.cleaned_data.get("q")
        if query:
            objects = streets_named(objects, query)
            self.is_searching, self.search_query = True, query
        found: QuerySet[Street] = super().filter(objects)
        return found


class StreetImportForm(forms.Form):
    """The upload of a street register."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "UTF-8 or Windows-1250. The first row names the columns: miejscowosc; rodzaj; ulica; sym; "
            "sym_ul, or those of TERYT ULIC. You may import the same file again: nothing is doubled."
        ),
    )
    locality = forms.CharField(
        label=_("Locality"),
        max_length=80,
        required=False,
        help_text=_("Only for files that name none."),
    )

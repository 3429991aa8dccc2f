"""The scan of a contract in its register: kept, replaced, removed, handed out (C05)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail_modeladmin.views import InstanceSpecificView

from ebok.customers import scans
from ebok.customers.models import Contract
from ebok.exchange.entering import Refused
from ebok.exchange.registers.sections import Fact, Link, fact
from ebok.exchange.registers.views import ConfirmMixin, Screen
from ebok.files.checking import MEGABYTE, CheckedFile

KEEP, REMOVE, SHOW = "skan", "skan-usun", "skan-plik"
"""Actions in addresses."""


class ScanForm(forms.Form):
    """One file, checked by what is in it."""

    upload = forms.FileField(
        label=gettext_lazy("file of the scan"),
        error_messages={"required": gettext_lazy("Choose the file of the scan.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = _("PDF, JPG or PNG, up to %(limit)d MB.") % {
            "limit": scans.LIMIT // MEGABYTE
        }
        self.checked: CheckedFile | None = None

    def clean_upload(self) -> Any:
        """Look into the file."""
        upload = self.cleaned_data["upload"]
        self.checked = scans.checked(upload)
        return upload


class KeepScan(Screen, InstanceSpecificView):
    """Add the scan, or replace it."""

    template_name = "registers/upload.html"
    instance: Contract

    def check_action_permitted(self, user: Any) -> bool:
        """Who may change the kartoteka."""
        return bool(self.permission_helper.may(user, "change"))

    @property
    def here(self) -> str:
        """Whose scan."""
        return _("Scan of contract %(contract)s") % {"contract": self.instance.number}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form."""
        return self._draw(ScanForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check and keep it."""
        form = ScanForm(request.POST, request.FILES)
        if not form.is_valid() or form.checked is None:
            return self._draw(form)
        scans.keep(self.instance, form.checked, actor=request.user, request=request)
        messages.success(request, _("The scan is kept."))
        return HttpResponseRedirect(self.model_admin.inspect_url(self.instance))

    def _draw(self, form: ScanForm) -> HttpResponse:
        context = self.get_context_data(form=form, back=self.model_admin.inspect_url(self.instance))
        response: HttpResponse = self.render_to_response(context, status=422 if form.errors else 200)
        return response


class RemoveScan(ConfirmMixin, InstanceSpecificView):
    """Remove the scan, after asking once more."""

    instance: Contract

    def check_action_permitted(self, user: Any) -> bool:
        """Who may change the kartoteka."""
        return bool(self.permission_helper.may(user, "change"))

    @property
    def here(self) -> str:
        """Whose scan."""
        return _("Remove the scan of contract %(contract)s") % {"contract": self.instance.number}

    @property
    def words(self) -> str:  # type: ignore[override]
        """The button."""
        return _("Remove the scan")

    @property
    def reason_label(self) -> str:  # type: ignore[override]
        """The question."""
        return _("Reason for removing")

    @property
    def warning(self) -> str:  # type: ignore[override]
        """What will be gone."""
        return _("The file disappears for good; the contract stays.")

    def do(self, reason: str) -> HttpResponse:
        """Through the service."""
        if not scans.remove(self.instance, reason=reason, actor=self.request.user, request=self.request):
            raise Refused(_("This contract has no scan any more."))
        messages.success(self.request, _("The scan is removed."))
        return HttpResponseRedirect(self.model_admin.inspect_url(self.instance))


class ShowScan(InstanceSpecificView):
    """The file itself, for the browser to show."""

    http_method_names = ["get", "head"]

    def check_action_permitted(self, user: Any) -> bool:
        """Who may see the kartoteka."""
        return bool(self.permission_helper.may(user, "view"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hand it out."""
        return scans.serve(request, self.instance, inline=True)


VIEWS: dict[str, Any] = {KEEP: KeepScan, REMOVE: RemoveScan, SHOW: ShowScan}


def fact_of(row: Contract, address: str) -> Fact:
    """Whether there is a scan, with the way to it."""
    return fact(_("scan"), _("open the scan") if row.scan else "", url=address if row.scan else "")


def links_of(row: Contract, keep: str, remove: str) -> list[Link]:
    """What may be done with the scan."""
    if not row.scan:
        return [Link(keep, _("Add the scan"))]
    return [Link(keep, _("Replace the scan")), Link(remove, _("Remove the scan…"))]

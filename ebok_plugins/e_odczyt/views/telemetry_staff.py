"""Remote readings in the employee zone: findings with filters, a meter, files and their refused lines."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from ebok.accounts.models import User
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb, ZoneMixin
from ebok_plugins.e_odczyt.models import Finding, FindingState, RemoteFile, RemoteMeter
from ebok_plugins.e_odczyt.telemetry import answering, intake, queries, wording
from ebok_plugins.e_odczyt.telemetry.answering import AnswerRefused
from ebok_plugins.e_odczyt.telemetry.forms import CloseForm, FileForm, FindingFilter
from ebok_plugins.e_odczyt.views.telemetry import charts_of

LIST_SIZE = 30
ON_METER = 10
LINES = 50


class RemoteStaffMixin(ZoneMixin):
    """For every page about remote readings."""

    permission_required = "e_odczyt.watch"

    @property
    def employee(self) -> User:
        """Who is at work."""
        return cast("User", self.request.user)

    def key(self) -> int:
        """The id of the address; 404 for one no table has."""
        if self.kwargs["pk"] > LARGEST_ID:
            raise Http404
        return int(self.kwargs["pk"])


class Findings(RemoteStaffMixin, TemplateView):
    """What was found, the newest first; pages by key."""

    template_name = "e_odczyt/telemetry/employee/findings.html"
    title = gettext_lazy("Leaks and findings")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page."""
        form = FindingFilter(self.request.GET)
        form.is_valid()
        found = queries.all_findings(getattr(form, "cleaned_data", {}))
        after = self.request.GET.get("po", "")
        if after.isascii() and after.isdecimal() and len(after) <= 18:
            found = found.filter(pk__lt=int(after))
        rows = list(found[: LIST_SIZE + 1])
        return super().get_context_data(
            form=form,
            findings=[(finding, wording.sentence(finding)) for finding in rows[:LIST_SIZE]],
            next_after=rows[LIST_SIZE - 1].pk if len(rows) > LIST_SIZE else None,
            **kwargs,
        )


class RemoteMeterPage(RemoteStaffMixin, TemplateView):
    """A meter: its chart, what its device reported, what was found and what came of it."""

    template_name = "e_odczyt/telemetry/employee/meter.html"

    @cached_property
    def meter(self) -> RemoteMeter:
        """The meter of the address."""
        rows = RemoteMeter.objects.select_related("meter__point", "customer")
        found = rows.filter(pk=self.key()).first()
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then the number."""
        return [
            (gettext_lazy("Leaks and findings"), reverse("employee:e_odczyt:findings")),
            (self.meter.meter.number, ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meter of whoever holds it now."""
        meter = self.meter
        found = Finding.objects.filter(meter=meter.pk, customer=meter.customer_id).select_related(
            "answered_by"
        )
        page = page_of(self.request, found.order_by("-begin", "-pk"), ON_METER)
        context = super().get_context_data(
            remote=meter,
            alarms=list(queries.alarms_of(meter.customer_id, meter.pk)[:ON_METER]),
            page_obj=page,
            findings=[(finding, wording.sentence(finding)) for finding in page.object_list],
            close_form=CloseForm(),
            closed=FindingState.CLOSED,
            **charts_of(meter, self.request.GET),
            **kwargs,
        )
        context["title"] = _("Meter %(number)s by radio") % {"number": meter.meter.number}
        return context


class CloseFinding(RemoteStaffMixin, View):
    """An employee is done with a finding."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Close it, with a note."""
        finding = Finding.objects.filter(pk=self.key()).first()
        if finding is None:
            raise Http404
        form = CloseForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write in a word how it ended, up to 300 characters."))
        else:
            try:
                answering.close(finding, note=form.cleaned_data["note"], user=self.employee, request=request)
            except AnswerRefused as refused:
                messages.error(request, refused.sentence)
            else:
                messages.success(request, _("The finding is closed."))
        return redirect("employee:e_odczyt:remote_meter", pk=finding.meter_id)


class RemoteFiles(RemoteStaffMixin, TemplateView):
    """Files of remote readings: sending one in, and what became of each."""

    template_name = "e_odczyt/telemetry/employee/files.html"
    title = gettext_lazy("Files of remote readings")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of them and the form."""
        page = page_of(self.request, queries.files(), LIST_SIZE)
        kwargs.setdefault("form", FileForm())
        return super().get_context_data(page_obj=page, files=page.object_list, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep a file."""
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            sent = form.cleaned_data["file"]
            try:
                file, is_new = intake.keep_file(sent.name, sent, user=self.employee, request=request)
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                if is_new:
                    messages.success(request, _("The file is here and will be read within a minute."))
                else:
                    messages.info(request, _("This file was here before. Nothing is read twice."))
                return redirect("employee:e_odczyt:remote_file", pk=file.pk)
        return self.render_to_response(self.get_context_data(form=form))


class RemoteFilePage(RemoteStaffMixin, TemplateView):
    """One file: how far it is, and the lines that were refused."""

    template_name = "e_odczyt/telemetry/employee/file.html"

    @cached_property
    def file(self) -> RemoteFile:
        """The file of the address."""
        found = queries.files().filter(pk=self.key()).first()
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [
            (gettext_lazy("Files of remote readings"), reverse("employee:e_odczyt:remote_files")),
            (self.file.name, ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of refused lines."""
        page = page_of(self.request, self.file.refused_lines.order_by("number"), LINES)
        lines = [(line, wording.refusal(line.why)) for line in page.object_list]
        context = super().get_context_data(file=self.file, page_obj=page, lines=lines, **kwargs)
        context["title"] = self.file.name
        return context

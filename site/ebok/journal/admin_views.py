"""The journal in the Wagtail admin: list, one event, export."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ebok.journal import exports, queries
from ebok.journal.forms import WantedForm
from ebok.journal.services import record
from ebok.plugins.permissions import allowed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class JournalScreen(WagtailAdminTemplateMixin, View):
    """Only for people with `journal.view`; never kept by a cache."""

    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse people without the permission."""
        if not allowed(request.user, "journal.view"):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class JournalView(JournalScreen):
    """The list, newest first, with filters; pages by key, so the millionth is as quick as the first."""

    template_name = "journal/index.html"
    page_title = gettext_lazy("Event journal")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw one page of the list."""
        form = WantedForm(request.GET)
        wanted = form.wanted()
        page = queries.page(
            wanted,
            older_than=queries.Cursor.parse(request.GET.get("starsze", "")),
            newer_than=queries.Cursor.parse(request.GET.get("nowsze", "")),
        )
        filters = {key: str(value) for key, value in request.GET.items() if key in form.fields and value}
        return self.render_to_response(
            self.get_context_data(
                form=form,
                rows=page.rows if form.is_valid() else [],
                filters=filters,
                short_search=form.is_valid() and wanted.reads_text and not wanted.since,
                search_days=queries.SCAN.days,
                older_url=_page_url(filters, starsze=page.older),
                newer_url=_page_url(filters, nowsze=page.newer),
                csv_url=_export_url("csv", filters),
                xlsx_url=_export_url("xlsx", filters),
            )
        )


class EventView(JournalScreen):
    """One event with everything that is kept about it."""

    template_name = "journal/event.html"
    page_title = gettext_lazy("Event")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the journal, then here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("ebok_journal"), "label": _("Event journal")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
        """Draw the event."""
        row = queries.one(event_id)
        if row is None:
            raise Http404
        payload = row.detail.payload if row.detail else {}
        return self.render_to_response(
            self.get_context_data(
                row=row,
                link=queries.link_of(row.event),
                payload=json.dumps(payload, ensure_ascii=False, indent=2) if payload else "",
            )
        )


class ExportView(JournalScreen):
    """What the list shows, as a file; that somebody took it is an event itself."""

    def get(self, request: HttpRequest, form_of_file: str) -> HttpResponseBase:
        """Send the file."""
        form = WantedForm(request.GET)
        if not form.is_valid():
            raise Http404
        rows = queries.every(form.wanted(), most=exports.MOST_ROWS)
        record(
            "journal.journal_exported",
            text=_("Exported the event journal as %(form)s") % {"form": form_of_file.upper()},
            request=request,
            payload={"filters": {key: form.data.get(key, "") for key in form.fields}},
        )
        response: HttpResponseBase
        if form_of_file == "xlsx":
            response = HttpResponse(exports.as_xlsx(rows), content_type=XLSX)
        else:
            response = StreamingHttpResponse(exports.as_csv(rows), content_type="text/csv; charset=utf-8")
        name = f"dziennik-{timezone.localdate():%Y-%m-%d}.{form_of_file}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _page_url(filters: dict[str, str], **place: queries.Cursor | None) -> str:
    places = {name: str(cursor) for name, cursor in place.items() if cursor}
    return f"?{urlencode({**filters, **places})}" if places else ""


def _export_url(form_of_file: str, filters: dict[str, str]) -> str:
    url = reverse("ebok_journal_export", args=[form_of_file])
    return f"{url}?{urlencode(filters)}" if filters else url

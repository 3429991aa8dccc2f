"""The analysis of the journal in the Wagtail admin, and its tables as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ebok.journal import analysis, analysis_tables, exports
from ebok.journal.admin_views import XLSX, JournalScreen
from ebok.journal.analysis import Counted
from ebok.journal.analysis_tables import MOST_GROUPS, Table
from ebok.journal.forms import AnalysisForm
from ebok.journal.services import record
from ebok.look.charts import BarChart, Point, bar_chart


@dataclass(frozen=True)
class Shown:
    """A table on the screen: perhaps only its first rows."""

    table: Table
    csv_url: str

    @property
    def rows(self) -> Any:
        """What is drawn."""
        return self.table.rows[:MOST_GROUPS] if self.table.key in {"adresy", "konta"} else self.table.rows

    @property
    def left_out(self) -> int:
        """How many rows only the file has."""
        return len(self.table.rows) - len(self.rows)


class AnalysisView(JournalScreen):
    """Counts over time, failed sign-ins, new devices, administrators' acts; a bounded period at a time."""

    template_name = "journal/analysis.html"
    page_title = gettext_lazy("Journal analysis")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the journal, then here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("ebok_journal"), "label": _("Event journal")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the analysis."""
        form = AnalysisForm(request.GET)
        context: dict[str, Any] = {"form": form, "periods": _periods(request)}
        if form.is_valid():
            counted = analysis.counts(form.period(), form.kinds())
            tables = _tables(form, counted)
            filters = {name: form.data[name] for name in form.fields}
            context |= {
                "chart": _chart(counted),
                "summary": _summary(counted),
                "shown": [Shown(table, _file_url("csv", filters, table)) for table in tables],
                "xlsx_url": _file_url("xlsx", filters),
            }
        return self.render_to_response(self.get_context_data(**context))


class AnalysisExportView(JournalScreen):
    """The tables of the analysis as files: all in one workbook, or one as CSV."""

    def get(self, request: HttpRequest, form_of_file: str) -> HttpResponseBase:
        """Send the file; that somebody took it is an event itself."""
        form = AnalysisForm(request.GET)
        if not form.is_valid():
            raise Http404
        tables = _tables(form, analysis.counts(form.period(), form.kinds()))
        wanted = request.GET.get("tabela", "")
        if form_of_file == "csv":
            tables = [table for table in tables if table.key == wanted]
            if not tables:
                raise Http404
        record(
            "journal.journal_exported",
            text=_("Exported the analysis of the event journal as %(form)s") % {"form": form_of_file.upper()},
            request=request,
            payload={"filters": form.data, "tables": [table.key for table in tables]},
        )
        response: HttpResponseBase
        if form_of_file == "xlsx":
            response = HttpResponse(exports.tables_as_xlsx(tables), content_type=XLSX)
        else:
            response = StreamingHttpResponse(
                exports.table_as_csv(tables[0]), content_type="text/csv; charset=utf-8"
            )
        name = "-".join(
            filter(
                None,
                ["analiza", wanted if form_of_file == "csv" else "", f"{timezone.localdate():%Y-%m-%d}"],
            )
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.{form_of_file}"'
        return response


def _tables(form: AnalysisForm, counted: list[Counted]) -> list[Table]:
    period, kinds = form.period(), form.kinds()
    tries = analysis.failed_tries(period)
    return [
        analysis_tables.days(counted, kinds),
        analysis_tables.addresses(tries, period),
        analysis_tables.accounts(tries, period),
        analysis_tables.devices(analysis.new_devices(period)),
        analysis_tables.administrators(analysis.administrators_acts(period, kinds), period),
    ]


def _chart(counted: list[Counted]) -> BarChart:
    points = [
        Point(analysis_tables.label(one.period), date_format(one.period.first, "j E"), one.count)
        for one in counted
    ]
    return bar_chart(points, title=_("Events by time"), unit="", period_label=_("Day"), series=_("events"))


def _summary(counted: list[Counted]) -> str:
    total = sum(one.count for one in counted)
    if not total:
        return _("Nothing happened in this period.")
    most = max(counted, key=lambda one: one.count)
    return ngettext(
        "%(total)d event together; the most, %(most)d, on %(when)s.",
        "%(total)d events together; the most, %(most)d, on %(when)s.",
        total,
    ) % {"total": total, "most": most.count, "when": analysis_tables.label(most.period)}


def _periods(request: HttpRequest) -> list[tuple[str, str]]:
    today, group = timezone.localdate(), request.GET.get("grupa", "")
    lengths = [(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year"))]
    links = []
    for length, words in lengths:
        period = analysis.Period(today - timedelta(days=length - 1), today)
        filters = {"od": period.first.isoformat(), "do": period.last.isoformat()}
        links.append((words, f"?{urlencode(filters | ({'grupa': group} if group else {}))}"))
    return links


def _file_url(form_of_file: str, filters: dict[str, str], table: Table | None = None) -> str:
    given = {name: value for name, value in filters.items() if value}
    query = urlencode(given | ({"tabela": table.key} if table else {}))
    return f"{reverse('ebok_journal_analysis_export', args=[form_of_file])}?{query}"

"""Readings of the past with their states and bills (F04, F06, F07), and those that were sent (F09)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from ebok.billing.models import Invoice, ReadingState
from ebok.billing.queries import readings_for, settling_lines
from ebok.files.serving import file_response
from ebok.journal.services import record
from ebok.zones.paging import page_of
from ebok.zones.records import RecordLinks
from ebok.zones.views import LARGEST_ID, Crumb
from ebok_plugins.e_odczyt import queries, services, wording
from ebok_plugins.e_odczyt.models import SentReading, SentState
from ebok_plugins.e_odczyt.usage_chart import usage_of, year_of
from ebok_plugins.e_odczyt.views.sending import ReadingsMixin

PER_PAGE = 25
MOST_SENT = 20
ALL = "wszystkie"
GROUPS: dict[str, tuple[Any, tuple[str, ...], tuple[int, ...]]] = {
    "oczekujace": (gettext_lazy("pending"), queries.PENDING, (ReadingState.PENDING,)),
    "rozliczone": (gettext_lazy("settled"), (SentState.SETTLED,), (ReadingState.SETTLED,)),
    "nierozliczone": (gettext_lazy("unsettled"), (SentState.UNSETTLED,), (ReadingState.UNSETTLED,)),
    "odrzucone": (gettext_lazy("rejected"), (SentState.REJECTED,), (ReadingState.REJECTED,)),
}
"""Word of the address to: title, states of sent readings, states of the mirror's."""
TONES = {
    ReadingState.PENDING: "due",
    ReadingState.SETTLED: "ok",
    ReadingState.UNSETTLED: "due",
    ReadingState.REJECTED: "bad",
}


class History(ReadingsMixin, TemplateView):
    """Date, type, reading, usage since the last one, state and bill; the newest first."""

    template_name = "e_odczyt/client/history.html"
    title = gettext_lazy("Readings")

    def crumbs(self) -> list[Crumb]:
        """Here; there is nothing above."""
        return [(self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of what the billing system has, what waits for it, and the chart."""
        today = timezone.localdate()
        group = self.request.GET.get("stan", ALL)
        group = group if group in GROUPS else ALL
        metered = usage_of(self.customer, today)
        unit = metered.units[0] if metered.units else "m³"
        chosen = self._chosen(set(metered.meters))
        meters = {chosen} if chosen else metered.main_meters(unit)
        unit = metered.meters[chosen].unit if chosen else unit
        return super().get_context_data(
            group=group,
            groups=[(ALL, _("all")), *((word, title) for word, (title, *_rest) in GROUPS.items())],
            meters=[(key, facts.number) for key, facts in metered.meters.items() if facts.number][:100],
            chosen=chosen,
            usage=year_of(metered, meters, unit, today),
            sent=self._sent(group),
            **self._readings(group, chosen),
            **kwargs,
        )

    def _chosen(self, known: set[int]) -> int | None:
        typed = self.request.GET.get("licznik", "")
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None
        return number if number in known else None

    def _sent(self, group: str) -> list[SentReading]:
        """What was sent and does not stand in the table below."""
        rows = queries.not_mirrored(self.customer)
        if group != ALL:
            return list(rows.filter(state__in=GROUPS[group][1])[:MOST_SENT])
        shown = Q(state__in=(*queries.PENDING, SentState.REJECTED))
        # Declared usage has no row of the billing system's that would tell of it below.
        shown |= Q(meter=None, state__in=(SentState.SETTLED, SentState.UNSETTLED))
        return list(rows.filter(shown)[:MOST_SENT])

    def _readings(self, group: str, chosen: int | None) -> dict[str, Any]:
        found = readings_for(self.customer).select_related("meter")
        if group != ALL:
            found = found.filter(state__in=GROUPS[group][2])
        if chosen:
            found = found.filter(meter_id=chosen)
        page = page_of(self.request, found, PER_PAGE)
        rows = list(page.object_list)
        links = RecordLinks(self.request, "client", Invoice)
        lines = settling_lines(self.customer, rows) if links else {}
        return {
            "page_obj": page,
            "has_bills": bool(lines),
            "readings": [
                (
                    row,
                    TONES[ReadingState(row.state)],
                    lines.get((row.invoice_id, row.invoice_position)),
                    links.of(row.invoice_id),
                )
                for row in rows
            ],
        }


class OneMixin(ReadingsMixin):
    """A page about one reading that was sent for the customer; 404 for anybody else's."""

    @cached_property
    def thing(self) -> SentReading:
        """The one the address names."""
        key = self.kwargs["pk"]
        found = queries.sent_by(self.customer).filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found


class SentPage(OneMixin, TemplateView):
    """What was sent, what was said about it, how far it is; it can be withdrawn."""

    template_name = "e_odczyt/client/sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The reading, its doubts in words, and the bill that settled it (F06)."""
        row = self.thing
        links = RecordLinks(self.request, "client", Invoice)
        lines = settling_lines(self.customer, [row]) if row.invoice_id else {}  # type: ignore[list-item]  # has what is asked
        return super().get_context_data(
            row=row,
            title=_("Reading of %(day)s") % {"day": f"{row.read_on:%d.%m.%Y}"},
            doubts=[wording.title_of(name) for name in row.doubts],
            line=next(iter(lines.values()), None),
            bill_url=links.of(row.invoice_id),
            **kwargs,
        )

    def crumbs(self) -> list[Crumb]:
        """The readings, then this one."""
        return [(gettext_lazy("Readings"), reverse("client:e_odczyt:history")), (str(self.thing), "")]


class Withdraw(OneMixin, View):
    """Take it back."""

    title = gettext_lazy("Withdraw a reading")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing to see here; the reading has a page."""
        return redirect("client:e_odczyt:sent", pk=self.thing.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or say why it is too late."""
        try:
            services.withdraw(self.thing, by=self.person, request=request)
        except services.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The reading is withdrawn. You can send another one."))
        return redirect("client:e_odczyt:sent", pk=self.thing.pk)


class SentPhoto(OneMixin, View):
    """The photograph, as it was kept."""

    title = gettext_lazy("Photograph of a meter")
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the file; 404 where there is none."""
        return photo_response(request, self.thing)


def photo_response(request: HttpRequest, row: SentReading, *, by_staff: bool = False) -> HttpResponseBase:
    """The photograph of a reading; that an employee looked at it is journalled. Raises 404."""
    if not row.photo:
        raise Http404
    extension = str(row.photo.name).rpartition(".")[2]
    try:
        response = file_response(
            request,
            row.photo,
            name=f"licznik-{row.pk}.{extension}",
            extension=extension,
            content_type={"jpg": "image/jpeg"}.get(extension, f"image/{extension}"),
            size=row.photo.size,
            inline=True,
        )
    except FileNotFoundError as error:
        raise Http404 from error
    if by_staff:
        record(
            "e_odczyt.photo_viewed",
            text=_("Photograph of reading %(reading)s looked at") % {"reading": row},
            request=request,
            customer_id=row.customer_id,
            obj=row,
        )
    return response

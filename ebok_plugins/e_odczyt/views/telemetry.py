"""Remote readings in the client zone: charts, what was found, three answers, absences (C-5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from ebok.accounts.models import User
from ebok.customers.models import Scope
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.paging import page_of
from ebok.zones.views import LARGEST_ID, Crumb
from ebok_plugins.e_odczyt.models import Absence, Answer, Finding, FindingState, RemoteMeter
from ebok_plugins.e_odczyt.telemetry import answering, queries, showing, wording
from ebok_plugins.e_odczyt.telemetry.answering import AnswerRefused
from ebok_plugins.e_odczyt.telemetry.detecting import WARSAW
from ebok_plugins.e_odczyt.telemetry.forms import AbsenceForm, AnswerForm

PER_PAGE = 10
FIRST_DAY = date(2000, 1, 1)


def day_of(text: str) -> date | None:
    """A day from the address, or None for what is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= timezone.localdate() + timedelta(days=2) else None


def charts_of(meter: RemoteMeter, query: Any) -> dict[str, Any]:
    """The chart of days or, with `dzien`, of the hours of a day, and where its neighbours are."""
    newest = meter.last_moment.astimezone(WARSAW).date()
    hours = day_of(query.get("dzien", ""))
    if hours is not None:
        series = queries.series_of(meter.customer_id, meter.pk, *showing.span_of_hours(hours))
        shown = showing.hours_chart(series, hours)
        earlier, later = hours - timedelta(days=1), hours + timedelta(days=1)
    else:
        last = day_of(query.get("do", "")) or newest
        series = queries.series_of(meter.customer_id, meter.pk, *showing.span_of_days(last))
        shown = showing.days_chart(series, last)
        earlier, later = last - timedelta(days=showing.DAYS), last + timedelta(days=showing.DAYS)
    first = meter.first_moment.astimezone(WARSAW).date()
    return {
        "shown": shown,
        "hours_of": hours,
        "earlier": earlier if earlier >= first else None,
        "later": min(later, newest)
        if hours is None and later < newest + timedelta(days=showing.DAYS)
        else (later if hours is not None and later <= newest else None),
        "newest_day": newest,
    }


class RemoteMixin(CustomerMixin):
    """For every page about remote readings."""

    scopes = (Scope.READINGS,)

    @property
    def user(self) -> User:
        """Who is signed in; the zone lets in nobody else."""
        return cast("User", self.request.user)


class Remote(RemoteMixin, TemplateView):
    """One meter's days or hours, everything found at the customer's meters, and when nobody is there."""

    template_name = "e_odczyt/telemetry/remote.html"
    title = gettext_lazy("Remote readings")
    form: AbsenceForm | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meter chosen, or the first."""
        meters = list(queries.remote_meters(self.customer))
        wanted = self.request.GET.get("licznik", "")
        meter = next((one for one in meters if str(one.pk) == wanted), meters[0] if meters else None)
        page = page_of(self.request, queries.findings_of(self.customer), PER_PAGE)
        charts = charts_of(meter, self.request.GET) if meter else {}
        return super().get_context_data(
            meters=meters,
            meter=meter,
            page_obj=page,
            findings=[(finding, wording.sentence(finding)) for finding in page.object_list],
            absences=list(queries.absences_of(self.customer)[: answering.MOST_ABSENCES]),
            form=self.form or AbsenceForm(),
            **charts,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An absence is told."""
        self.form = AbsenceForm(request.POST)
        if self.form.is_valid():
            typed = self.form.cleaned_data
            try:
                answering.tell_absence(
                    self.customer, typed["begin"], typed["end"], user=self.user, request=request
                )
            except AnswerRefused as refused:
                self.form.add_error(None, refused.sentence)
            else:
                messages.success(request, _("We know. If water is used on these days, we will tell you."))
                return redirect("client:e_odczyt:remote")
        return self.render_to_response(self.get_context_data())


class RemoveAbsence(RemoteMixin, View):
    """An absence does not hold any more."""

    http_method_names = ["post", "options"]
    title = gettext_lazy("Remove an absence")

    @cached_property
    def absence(self) -> Absence:
        """The absence of the address; 404 for somebody else's."""
        found = None
        if self.kwargs["pk"] <= LARGEST_ID:
            found = queries.absences_of(self.customer).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """Whatever the method, another customer's absence is 404."""
        refused = super().refusal(request)
        return refused if refused is not None or self.absence else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Remove it."""
        answering.remove_absence(self.absence, user=self.user, request=request)
        messages.success(request, _("The absence is removed."))
        return redirect("client:e_odczyt:remote")


class FindingPage(RemoteMixin, TemplateView):
    """One finding: what, why, what to do, its hours or days, and the three answers."""

    template_name = "e_odczyt/telemetry/finding.html"
    form: AnswerForm | None = None

    @cached_property
    def finding(self) -> Finding:
        """The finding of the address; 404 for somebody else's."""
        found = None
        if self.kwargs["pk"] <= LARGEST_ID:
            found = queries.findings_of(self.customer).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [(gettext_lazy("Remote readings"), reverse("client:e_odczyt:remote")), (self.heading, "")]

    @property
    def heading(self) -> str:
        """What was found, and where."""
        return f"{wording.title(self.finding)} ({self.finding.meter.number})"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The finding in words, and the chart of its last days."""
        finding = self.finding
        context = super().get_context_data(
            finding=finding,
            sentence=wording.sentence(finding),
            certainty=wording.certainty(finding),
            advice=wording.ADVICE[finding.kind],
            shown=chart_of(finding),
            form=self.form
            or AnswerForm(initial={"answer": finding.answer or None, "remark": finding.remark}),
            may_answer=finding.state != FindingState.CLOSED,
            **kwargs,
        )
        context["title"] = self.heading
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An answer."""
        finding = self.finding
        self.form = AnswerForm(request.POST)
        if self.form.is_valid():
            typed = self.form.cleaned_data
            try:
                answering.answer(
                    finding, Answer(typed["answer"]), remark=typed["remark"], user=self.user, request=request
                )
            except AnswerRefused as refused:
                messages.error(request, refused.sentence)
            else:
                messages.success(request, _("Thank you, we have your answer."))
            return redirect("client:e_odczyt:finding", pk=finding.pk)
        return self.render_to_response(self.get_context_data())


def chart_of(finding: Finding) -> showing.Shown:
    """Hours where hours tell it, days otherwise; the end of the finding is in sight."""
    last = (finding.end - timedelta(seconds=1)).astimezone(WARSAW).date()
    if finding.end - finding.begin <= timedelta(hours=30):
        on = finding.begin.astimezone(WARSAW).date()
        span = showing.span_of_hours(on)
        return showing.hours_chart(queries.series_of(finding.customer_id, finding.meter_id, *span), on)
    span = showing.span_of_days(last)
    return showing.days_chart(queries.series_of(finding.customer_id, finding.meter_id, *span), last)

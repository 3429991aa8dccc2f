"""Sent readings as employees handle them: the queue with batch actions, one with its history beside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.billing.queries import readings_for
from ebok.zones.views import LARGEST_ID, Crumb, ZoneMixin
from ebok_plugins.e_odczyt import background, queries, reminding, services, wording
from ebok_plugins.e_odczyt.models import WITHDRAWABLE, ReadingWindow, SentReading, SentState
from ebok_plugins.e_odczyt.views.history import photo_response

QUEUE_SIZE = 30
BESIDE = 12
"""Readings of the past shown beside a doubtful one."""
QUEUE = "employee:e_odczyt:queue"


class DecisionForm(forms.Form):
    """The employee's words, and the right state where one is put in its place."""

    value = forms.DecimalField(
        label=gettext_lazy("Right state"),
        help_text=gettext_lazy("Only for a correction."),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=3,
        localize=True,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The client reads it. A rejection and a correction need one."),
        max_length=300,
        required=False,
    )


class StaffMixin(ZoneMixin):
    """For every page about sent readings in the employee zone."""

    permission_required = "e_odczyt.handle"
    title: Any = gettext_lazy("Readings sent by clients")
    help_topic = "readings"

    @property
    def person(self) -> User:
        """The employee."""
        return cast("User", self.request.user)


class Queue(StaffMixin, TemplateView):
    """Readings by state; ticked ones are accepted or rejected together."""

    template_name = "e_odczyt/employee/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the queue; unknown states show the doubtful ones."""
        state = self.request.GET.get("stan", SentState.DOUBTFUL)
        state = state if state in SentState.values else SentState.DOUBTFUL
        words = self.request.GET.get("q", "")[:100].replace("\x00", "")
        rows = queries.queue(state, words)
        after = _key(self.request.GET.get("po", ""))
        if after:
            rows = rows.filter(pk__gt=after) if state == SentState.DOUBTFUL else rows.filter(pk__lt=after)
        found = list(rows[: QUEUE_SIZE + 1])
        return super().get_context_data(
            rows=[(row, [wording.title_of(name) for name in row.doubts]) for row in found[:QUEUE_SIZE]],
            next_after=found[QUEUE_SIZE - 1].pk if len(found) > QUEUE_SIZE else None,
            states=SentState.choices,
            state=state,
            words=words,
            can_decide=state == SentState.DOUBTFUL,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide about the ticked ones."""
        keys = [int(text) for text in request.POST.getlist("odczyt")[:QUEUE_SIZE] if _key(text)]
        rows = list(SentReading.objects.filter(pk__in=keys))
        try:
            if request.POST.get("do") == "reject":
                count = services.reject(
                    rows, request.POST.get("reason", "").replace("\x00", ""), by=self.person, request=request
                )
            else:
                count = services.accept(rows, by=self.person, request=request)
        except services.Refused as refused:
            messages.error(request, str(refused))
        else:
            if count:
                messages.success(request, _("Decided: %(count)s.") % {"count": services.said_count(count)})
            else:
                messages.warning(request, _("Nothing was decided. Tick at least one that still waits."))
        return redirect(QUEUE)


class Detail(StaffMixin, TemplateView):
    """One reading: what was sent, why it is doubted, the history beside, and the decision."""

    template_name = "e_odczyt/employee/reading.html"

    @cached_property
    def thing(self) -> SentReading:
        """The one of the address."""
        key = self.kwargs["pk"]
        found = queries.queue("").filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The queue, then here."""
        row = self.thing
        return [(self.title, reverse(QUEUE)), (f"{row.meter or row.point} · {row.read_on:%d.%m.%Y}", "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the readings of the same meter, and what else the customer sent."""
        row = self.thing
        kwargs.setdefault("form", DecisionForm())
        past = readings_for(row.customer, meter=row.meter) if row.meter else readings_for(row.customer).none()
        return super().get_context_data(
            row=row,
            title=_("Reading of %(customer)s") % {"customer": row.customer.name},
            doubts=[wording.title_of(name) for name in row.doubts],
            past=list(past.filter(register=row.register)[:BESIDE]),
            can_decide=row.is_doubtful,
            can_correct=row.state in WITHDRAWABLE,
            next_row=queries.queue().filter(pk__gt=row.pk).first(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Accept, reject or correct; what was typed stays when it cannot be done."""
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                done = self._decide(request.POST.get("do", ""), form.cleaned_data)
            except services.Refused as refused:
                form.add_error("reason" if self.thing.is_doubtful else None, str(refused))
                del self.thing
            else:
                if done:
                    messages.success(request, _("Decided. The next one waits below."))
                else:
                    messages.warning(request, _("Somebody was quicker. Look at the reading once more."))
                return redirect(QUEUE)
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return response

    def _decide(self, what: str, typed: dict[str, Any]) -> bool:
        row, by = self.thing, self.person
        if what == "correct":
            if typed["value"] is None:
                raise services.Refused(_("Type the right state."))
            services.correct(row, typed["value"], typed["reason"], by=by, request=self.request)
            return True
        if what == "reject":
            return bool(services.reject([row], typed["reason"], by=by, request=self.request))
        return bool(services.accept([row], by=by, request=self.request))


class Photo(StaffMixin, View):
    """The photograph, for the employee who decides; looking at it is journalled."""

    title = gettext_lazy("Photograph of a meter")
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the file; 404 where there is none."""
        key = kwargs["pk"]
        row = SentReading.objects.filter(pk=key).first() if key <= LARGEST_ID else None
        if row is None:
            raise Http404
        return photo_response(request, row, by_staff=True)


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_ID)) else 0


class Shares(StaffMixin, TemplateView):
    """How much of each zone has come in, window by window; and reminders to the rest."""

    template_name = "e_odczyt/employee/shares.html"
    title = gettext_lazy("Reading windows")

    @property
    def site(self) -> Site:
        """The site of the request; 404 where there is none."""
        site = Site.find_for_request(self.request)
        if site is None:
            raise Http404
        return site

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The newest windows."""
        today = timezone.localdate()
        rows = list(reminding.windows_with_shares(self.site)[:QUEUE_SIZE])
        return super().get_context_data(
            rows=[
                (
                    row,
                    row.received * 100 // row.expected if row.expected else 0,  # type: ignore[attr-defined]
                    row.covers(today),
                )
                for row in rows
            ],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Have the worker write to everybody who has sent nothing in an open window."""
        key = _key(request.POST.get("okno", ""))
        window = ReadingWindow.objects.filter(site=self.site, pk=key).first()
        if window is None or not window.covers(timezone.localdate()):
            messages.error(request, _("Reminders go out while the window is open."))
        else:
            background.remind.enqueue(window.pk, self.person.pk)
            messages.success(request, _("The reminders are being written. Nobody gets two for one window."))
        return redirect("employee:e_odczyt:shares")

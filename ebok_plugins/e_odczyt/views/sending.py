"""Sending readings: choosing meters (F03), typing states (F01, F05), what is said while typing (F08)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.models import Site

from ebok.accounts.models import User
from ebok.customers.models import Meter, Scope
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.paging import page_of
from ebok.zones.views import Crumb
from ebok_plugins.e_odczyt import queries, services
from ebok_plugins.e_odczyt.sheet import Sheet

MOST_METERS = 30
"""Meters on one form; a manager of more ticks them in portions."""
AT_ONCE = 8
"""Customers with no more meters come to the form without choosing."""
PER_PAGE = 50
HISTORY = "client:e_odczyt:history"


class ReadingsMixin(CustomerMixin):
    """For every page about the current customer's readings."""

    scopes = (Scope.READINGS,)
    help_topic = "readings"

    @property
    def site(self) -> Site:
        """The site of the request; 404 where there is none."""
        site = Site.find_for_request(self.request)
        if site is None:
            raise Http404
        return site

    @property
    def person(self) -> User:
        """Who sits there; the zone has let nobody in who is not signed in."""
        return cast("User", self.request.user)

    def crumbs(self) -> list[Crumb]:
        """The readings, then here."""
        return [(gettext_lazy("Readings"), reverse(HISTORY)), (self.title, "")]


class Choose(ReadingsMixin, TemplateView):
    """Points with their meters to tick; few meters need no choice."""

    template_name = "e_odczyt/client/choose.html"
    title = gettext_lazy("Choose meters")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of meters by point, narrowed by what was typed."""
        typed = " ".join(self.request.GET.get("q", "").replace("\x00", "").split())[:100]
        page = page_of(self.request, queries.readable_meters(self.customer, typed), PER_PAGE)
        return super().get_context_data(
            page_obj=page,
            points=queries.by_point(list(page.object_list)),
            flat_points=queries.flat_points(self.customer)[:PER_PAGE],
            typed=typed,
            most=MOST_METERS,
            **kwargs,
        )


class SendReadings(ReadingsMixin, TemplateView):
    """The form. It is judged on the server each time; what was typed stays until it is sent."""

    template_name = "e_odczyt/client/send.html"
    title = gettext_lazy("Send a reading")

    @cached_property
    def meters(self) -> list[Meter]:
        """Those named in the address, or all where there are few."""
        found = queries.readable_meters(self.customer)
        ids = _numbers(self.request.GET.getlist("licznik"))
        points = _numbers(self.request.GET.getlist("punkt"))
        if ids:
            found = found.filter(pk__in=ids)
        elif points:
            found = found.filter(point_id__in=points)
        else:
            few = list(found[: AT_ONCE + 1])
            return few if len(few) <= AT_ONCE else []
        chosen = list(found[: MOST_METERS + 1])
        if len(chosen) > MOST_METERS:
            self.cut = True
        return chosen[:MOST_METERS]

    cut = False
    """Whether more meters were asked for than a form holds."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty form; who must choose first is led there."""
        if not self.meters:
            return redirect("client:e_odczyt:choose")
        return self.page(Sheet(self.customer, self.meters, self.site))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send it, or show it again with what is wrong."""
        if not self.meters:
            raise Http404
        sheet = Sheet(self.customer, self.meters, self.site, request.POST, request.FILES)
        if any(services.sent_with(self.customer, sheet.key)):
            # The button was pressed twice, or the page was sent again.
            return redirect("client:e_odczyt:done", key=sheet.key)
        sheet.judge()
        if "sprawdz" not in request.POST:
            sheet.check_photos()
            if sheet.is_final:
                try:
                    return self.sent(sheet)
                except services.Refused as refused:
                    messages.error(request, str(refused))
        return self.page(sheet, is_judged=True)

    def sent(self, sheet: Sheet) -> HttpResponse:
        """Store it and show what became of it."""
        sending = services.send(
            self.customer,
            services.items_of(sheet),
            on=sheet.on,
            key=sheet.key,
            site=self.site,
            by=self.person,
            request=self.request,
        )
        url = reverse("client:e_odczyt:done", kwargs={"key": sending.rows[0].client_key})
        return redirect(url)

    def page(self, sheet: Sheet, *, is_judged: bool = False) -> HttpResponse:
        """The form as it stands."""
        return self.render_to_response(
            self.get_context_data(
                sheet=sheet,
                is_judged=is_judged,
                cut=self.cut,
                points=_points(sheet),
                check_url=f"{reverse('client:e_odczyt:check')}?{self.request.GET.urlencode()}",
            )
        )


class CheckReadings(SendReadings):
    """What the form would say, for the script that asks while somebody types; stores nothing."""

    http_method_names = ["post", "options"]
    records_view = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The parts of the form that change."""
        if not self.meters:
            raise Http404
        sheet = Sheet(self.customer, self.meters, self.site, request.POST)
        sheet.judge()
        return render(request, "e_odczyt/parts/cards.html", {"sheet": sheet, "is_live": True})


class Done(ReadingsMixin, TemplateView):
    """What was sent just now: the readings, what happens next, how to take them back."""

    template_name = "e_odczyt/client/done.html"
    title = gettext_lazy("We have your reading")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows of one sending of the customer; 404 for any other key."""
        rows = list(services.sent_with(self.customer, self.kwargs["key"]))
        if not rows:
            raise Http404
        costs = [row.expected_cost for row in rows if row.expected_cost is not None]
        return super().get_context_data(
            rows=rows,
            cost=sum(costs) if costs else None,
            has_doubts=any(row.is_doubtful for row in rows),
            address=self.person.email,
            **kwargs,
        )


def _points(sheet: Sheet) -> list[str]:
    """Addresses of the points on the form, each once."""
    return list(dict.fromkeys(queries.place_of(card.meter.point) for card in sheet.cards))


def _numbers(typed: list[str]) -> list[int]:
    """Ids among what an address names; the rest is left out."""
    return [int(text) for text in typed[:500] if text.isascii() and text.isdecimal() and len(text) < 19]

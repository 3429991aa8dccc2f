"""Readings without an account: by customer code and number of the meter, and by the link of a reminder."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.models import Site

from ebok.customers.models import Customer, Meter
from ebok.customers.queries import meters_for
from ebok.journal.origin import address_of
from ebok.journal.services import record
from ebok.look.forms import DateInput
from ebok.plugins.limiting import is_over_limit
from ebok_plugins.e_odczyt import knowing, queries, reminding, services
from ebok_plugins.e_odczyt.models import Channel
from ebok_plugins.e_odczyt.sheet import Sheet

MOST_METERS = 30
PER_METER = 10
"""Tries an hour for one meter, from wherever they come."""
DIGITS = RegexValidator(
    r"\A[0-9]{1,9}(?:[.,][0-9]{0,3})?\Z", _("Type the digits of the counter, such as 431.")
)


class PublicReadingForm(forms.Form):
    """What somebody without an account types. Whether it fits a meter is not told to them."""

    code = forms.CharField(label=_("Customer code"), help_text=_("It stands on every bill."), max_length=40)
    meter = forms.CharField(
        label=_("Meter number"), help_text=_("It stands on the meter and on the bill."), max_length=40
    )
    value = forms.CharField(label=_("State of the meter"), max_length=13, validators=[DIGITS])
    second = forms.CharField(
        label=_("State of the second register"),
        help_text=_("Only for a meter with two: day and night."),
        max_length=13,
        required=False,
        validators=[DIGITS],
    )
    day = forms.DateField(label=_("Day of the reading"), widget=DateInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "meter", "value", "second"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name in ("value", "second"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def clean_day(self) -> Any:
        """No day to come."""
        if self.cleaned_data["day"] > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["day"]


class PublicMixin(View):
    """A page with a form, kept by nobody."""

    http_method_names = ["get", "head", "post", "options"]
    title: Any = _("Send a meter reading")
    is_for_everybody = False
    """Whether search engines may know the page."""

    @property
    def site(self) -> Site:
        """The site of the request; 404 where there is none."""
        site = Site.find_for_request(self.request)
        if site is None:
            raise Http404
        return site

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and see to it that nobody keeps the answer."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        if request.method == "POST" or not self.is_for_everybody:
            response["X-Robots-Tag"] = "noindex"
        return response

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page with these variables."""
        crumbs = [(_("Home"), reverse("wagtail_serve", args=[""])), (self.title, "")]
        context = {"title": self.title, "crumbs": crumbs, **context}
        return render(self.request, f"e_odczyt/public/{template}.html", context, status=status)


class WithoutAccount(PublicMixin):
    """By customer code and number of the meter, where the utility allows it."""

    is_for_everybody = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 while the site does not take readings without an account."""
        self.settings = knowing.site_settings(self.site)
        if not self.settings.public_sending:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty form."""
        start = {"day": timezone.localdate(), "key": uuid.uuid4()}
        return self.page("form", form=PublicReadingForm(initial=start))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it. The answer is the same whether or not code and number belong together."""
        if is_over_limit("e_odczyt.address", address_of(request) or "", self.settings.sends_per_hour):
            return self.page("too_many", status=429)
        form = PublicReadingForm(request.POST)
        if not form.is_valid():
            return self.page("form", form=form)
        typed = form.cleaned_data
        number = typed["meter"].strip()
        if not is_over_limit("e_odczyt.meter", number, PER_METER):
            self._take(typed, number)
        return self.page("thanks")

    def _take(self, typed: dict[str, Any], number: str) -> None:
        meter = self._meter(typed["code"].strip(), number)
        if meter is None:
            record(
                "e_odczyt.public_unmatched",
                text=_("A reading without an account fitted no meter: %(code)s, %(number)s")
                % {"code": typed["code"], "number": number},
                request=self.request,
            )
            return
        customer = meter.customer
        data = {"dzien": typed["day"].isoformat(), "klucz": str(typed["key"])}
        names = knowing.numbers_of(meter)
        for register, value in zip(names, (typed["value"], typed["second"]), strict=False):
            data[f"m{meter.pk}-{register}"] = value
        sheet = Sheet(customer, [meter], self.site, data)
        sheet.judge()
        items = [
            # What cannot stand on the dial is kept as it was typed, for an employee to see.
            replace(item, value=Decimal(found.typed.replace(",", "."))) if item.value is None else item
            for item, found in zip(services.items_of(sheet), sheet.filled, strict=True)
        ]
        try:
            services.send(
                customer,
                items,
                on=sheet.on,
                key=sheet.key,
                site=self.site,
                channel=Channel.CODE,
                request=self.request,
            )
        except services.Refused:
            # Somebody sent one for this day; who asks without an account learns nothing about that.
            return

    def _meter(self, code: str, number: str) -> Meter | None:
        customer = Customer.objects.filter(code=code).first()
        if customer is None:
            return None
        found = meters_for(customer).filter(number=number, is_active=True)
        return found.select_related("point", "customer").first()


class ByLink(PublicMixin):
    """The form of one customer's meters, opened by the link of a reminder; it names numbers, no address."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty form."""
        sheet = self._sheet(None)
        return self.page("dead_link", status=404) if sheet is None else self._form(sheet)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it, or show it again with what is wrong."""
        sheet = self._sheet(request.POST)
        if sheet is None:
            return self.page("dead_link", status=404)
        if any(services.sent_with(sheet.customer, sheet.key)):
            return self.page("thanks", by_link=True)
        sheet.judge()
        sentence = ""
        if "sprawdz" not in request.POST:
            sheet.check_photos()
            if sheet.is_final:
                try:
                    services.send(
                        sheet.customer,
                        services.items_of(sheet),
                        on=sheet.on,
                        key=sheet.key,
                        site=self.site,
                        channel=Channel.LINK,
                        request=request,
                    )
                    return self.page("thanks", by_link=True)
                except services.Refused as refused:
                    sentence = str(refused)
        return self._form(sheet, is_judged=True, sentence=sentence)

    def _form(self, sheet: Sheet, *, is_judged: bool = False, sentence: str = "") -> HttpResponse:
        return self.page("link", sheet=sheet, is_judged=is_judged, sentence=sentence)

    def _sheet(self, data: Any) -> Sheet | None:
        reminder = reminding.reminder_of(self.kwargs["token"])
        if reminder is None or reminder.window.site_id != self.site.pk:
            return None
        meters = queries.readable_meters(reminder.customer)
        if reminder.window.zone:
            meters = meters.filter(point__reading_zone=reminder.window.zone)
        return Sheet(
            reminder.customer,
            list(meters[:MOST_METERS]),
            self.site,
            data,
            self.request.FILES if data else None,
        )

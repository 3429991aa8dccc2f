"""Diagnostic tools (A11): is it the network, the portal, my browser, or the digits of my meter?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import path as sub_route

from ebok.pagecache.headers import make_private
from page_types import meter
from page_types.base import BodyPage, Routed
from page_types.chrome import Chrome
from page_types.portal_status import portal_status

COOKIE = "ebok_selftest"
COOKIE_SECONDS = 60


class MeterForm(forms.Form):
    """What the counter shows, and what is needed to judge it. Sent by GET, nothing is kept."""

    stan = forms.CharField(
        label=_("What the counter shows"),
        max_length=20,
        help_text=_("Copy all digits, also zeros at the beginning. Put a comma before the red ones."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        error_messages={"required": _("Copy the digits from the counter.")},
    )
    czerwone = forms.TypedChoiceField(
        label=_("How many digits are red"),
        choices=[("0", "0"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")],
        coerce=int,
        initial="3",
        required=False,
        empty_value="3",
        help_text=_("Needed only when you typed no comma."),
    )
    poprzedni = forms.IntegerField(
        label=_("Previous reading, m³"),
        required=False,
        min_value=0,
        max_value=meter.MOST_VALUE,
        help_text=_("You will find it on the last bill."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )
    dni = forms.IntegerField(
        label=_("Days since then"),
        required=False,
        min_value=1,
        max_value=meter.MOST_DAYS,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )
    osoby = forms.IntegerField(
        label=_("People at home"),
        required=False,
        min_value=1,
        max_value=meter.MOST_PEOPLE,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the counter apart."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "stan" in cleaned:
            try:
                cleaned["reading"] = meter.take_apart(cleaned["stan"], int(cleaned.get("czerwone", 0)))
            except meter.ReadingError:
                self.add_error("stan", _("Type digits only, at most one comma, for example 00123,456."))
        return cleaned


@dataclass(frozen=True)
class MeterAnswer:
    """What the helper found."""

    reading: meter.Reading
    check: meter.Check | None


class DiagnosticsPage(Routed, BodyPage):
    """Portal status, browser self-test, meter helper; the address check is the outages' own."""

    landmark = "diagnostics"

    template = "page_types/diagnostics_page.html"
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar[list[Any]] = [*BodyPage.search_fields]

    class Meta:
        verbose_name = _("diagnostic tools")
        verbose_name_plural = _("diagnostic tools")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Status of the portal and an empty meter form."""
        context = super().get_context(request, *args, **kwargs)
        chrome: Chrome | None = context["chrome"]
        context.update(
            own_address=self.address(request) if self.path else "",
            status=portal_status(chrome.site) if chrome and not kwargs.get("below") else None,
            meter_form=MeterForm(auto_id="licznik_%s"),
        )
        return context

    @sub_route("licznik/")
    def meter_helper(self, request: HttpRequest) -> HttpResponse:
        """Which digits to enter and whether the reading is likely (`?stan=…`)."""
        form = MeterForm(request.GET if "stan" in request.GET else None, auto_id="licznik_%s")
        answer = None
        if form.is_bound and form.is_valid():
            reading, previous = form.cleaned_data["reading"], form.cleaned_data["poprzedni"]
            compared = (
                meter.check(
                    previous, reading.cubic_metres, form.cleaned_data["dni"], form.cleaned_data["osoby"]
                )
                if previous is not None
                else None
            )
            answer = MeterAnswer(reading, compared)
        response = self._below(
            request,
            "page_types/meter_helper.html",
            _("Which digits do I report?"),
            {"form": form, "answer": answer},
        )
        # What somebody typed concerns nobody else, and every typed number would be a page of its own.
        return make_private(response) if form.is_bound else response

    @sub_route("przegladarka/")
    def browser_test(self, request: HttpRequest) -> HttpResponse:
        """What can be said about a browser without scripts, and a frame for what scripts add.

        The first visit sets a short cookie and asks to come again; the second sees whether it
        arrived. Personal, so never kept by a cache.
        """
        returned = COOKIE in request.COOKIES
        response = self._below(
            request,
            "page_types/browser_test.html",
            _("Check your browser"),
            {
                "cookies_work": returned,
                "asked_again": "sprawdz" in request.GET,
                "is_secure": request.is_secure(),
                "server_time": timezone.localtime(),
                "server_epoch": int(timezone.now().timestamp()),
            },
        )
        response.set_cookie(
            COOKIE, "1", max_age=COOKIE_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
        )
        return make_private(response)

    def _below(self, request: HttpRequest, template: str, title: Any, extra: dict[str, Any]) -> HttpResponse:
        """A page under this one, with the way back."""
        context = self.get_context(request, below=True)
        crumbs = [*context["crumbs"][:-1], (self.title, context["own_address"]), (str(title), "")]
        response: HttpResponse = self.render(
            request,
            template=template,
            context_overrides={**context, "title": str(title), "crumbs": crumbs, **extra},
        )
        return response

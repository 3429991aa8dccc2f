"""Declared usage where there is no meter (F02)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ebok.billing.queries import flat_rate_of
from ebok.customers.models import ServicePoint
from ebok.look.forms import DateInput
from ebok.zones.views import LARGEST_ID
from ebok_plugins.e_odczyt import costing, queries, services
from ebok_plugins.e_odczyt.models import SentReading
from ebok_plugins.e_odczyt.views.sending import ReadingsMixin


class DeclaredForm(forms.Form):
    """How much was used until a day, and why it differs from the norm."""

    usage = forms.DecimalField(
        label=_("Usage in m³"),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=3,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    day = forms.DateField(label=_("Until which day"), widget=DateInput)
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_day(self) -> Any:
        """No day to come."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class Declare(ReadingsMixin, TemplateView):
    """The form for one point without a meter. An employee looks at every declared usage."""

    template_name = "e_odczyt/client/declare.html"
    title = _("Declare your usage")

    @cached_property
    def point(self) -> ServicePoint:
        """The point of the address; 404 where it has a meter or is somebody else's."""
        key = self.kwargs["pk"]
        found = queries.flat_points(self.customer).filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the norm, and what was declared last."""
        today = timezone.localdate()
        kwargs.setdefault("form", DeclaredForm(initial={"day": today, "key": uuid.uuid4()}))
        last = SentReading.objects.filter(customer=self.customer, point=self.point, meter=None)
        return super().get_context_data(
            point=self.point,
            flat_rate=flat_rate_of(self.point, today),
            last=last.order_by("-read_on", "-id").first(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it, or show it again with what is wrong."""
        point = self.point
        form = DeclaredForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        typed = form.cleaned_data
        prices = costing.prices_of([point.tariff_code], typed["day"])
        cost = prices.cost(
            typed["usage"], tariff=point.tariff_code, unit="m³", role="flat", register=1, registers=1
        )
        item = services.Item(
            point=point, usage=typed["usage"], cost=cost, doubts=["declared"], remark=typed["remark"]
        )
        try:
            sending = services.send(
                self.customer,
                [item],
                on=typed["day"],
                key=typed["key"],
                site=self.site,
                by=self.person,
                request=request,
            )
        except services.Refused as refused:
            messages.error(request, str(refused))
            return self.render_to_response(self.get_context_data(form=form))
        return redirect("client:e_odczyt:done", key=sending.rows[0].client_key)

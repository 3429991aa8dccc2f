"""What the utility knows about a customer: data (C01), contracts (C05), points (C02, C03), meters (C04)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from ebok.billing.models import Invoice
from ebok.billing.queries import (
    balance_of,
    flat_rate_of,
    last_readings,
    prices_on,
    readings_for,
    settling_lines,
)
from ebok.customers import scans
from ebok.customers.models import Contract, Meter, Scope, ServicePoint
from ebok.customers.queries import (
    VERIFICATION_WARNING,
    contracts_for,
    meters_for,
    meters_to_verify,
    points_for,
)
from ebok.zones.customer_pages import CustomerMixin
from ebok.zones.paging import page_of
from ebok.zones.records import RecordLinks
from ebok.zones.views import LARGEST_ID, Crumb
from ebok_plugins.client_zone import requesting

PER_PAGE = 25
LAST_READINGS = 12


class CustomerPage(CustomerMixin, TemplateView):
    """A page about the current customer that is one template."""


class OnePage(CustomerPage):
    """A page about one thing of the current customer; 404 for anybody else's and for none."""

    title_of_list: ClassVar[Any] = ""
    view_of_list: ClassVar[str] = ""

    def rows(self) -> QuerySet[Any]:
        """The customer's things of this kind."""
        raise NotImplementedError

    @cached_property
    def thing(self) -> Any:
        """The one the address names."""
        key = self.kwargs["pk"]
        found: Model | None = self.rows().filter(pk=key).first() if key <= LARGEST_ID else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [(self.title_of_list, reverse(f"client:client_zone:{self.view_of_list}")), (self.thing, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The thing and its name as the title."""
        return super().get_context_data(**{"thing": self.thing, "title": str(self.thing), **kwargs})


class Details(CustomerPage):
    """The customer's own data, with the way to ask for a change (C01, B12)."""

    scopes = (Scope.ACCOUNT,)
    template_name = "client_zone/data/details.html"
    title = _("My data")
    help_topic = "details"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Contracts, groups' names stay with the office; the balance where bills may be seen."""
        sees_bills = self.acting is not None and self.acting.may([Scope.BILLS])
        return super().get_context_data(
            customer=self.customer,
            contracts=contracts_for(self.customer)[:PER_PAGE],
            balance=balance_of(self.customer, timezone.localdate()) if sees_bills else None,
            waiting=requesting.waiting_changes(self.customer),
            **kwargs,
        )


class Contracts(CustomerPage):
    """All contracts, the newest first."""

    scopes = (Scope.ACCOUNT,)
    template_name = "client_zone/data/contracts.html"
    title = _("Contracts")
    help_topic = "details"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page."""
        page = page_of(self.request, contracts_for(self.customer), PER_PAGE)
        return super().get_context_data(page_obj=page, contracts=page.object_list, **kwargs)


class ContractPage(OnePage):
    """One contract with the points it covers."""

    scopes = (Scope.ACCOUNT,)
    template_name = "client_zone/data/contract.html"
    title_of_list = _("Contracts")
    view_of_list = "contracts"

    def rows(self) -> QuerySet[Contract]:
        """The customer's."""
        return contracts_for(self.customer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The points, a page of them: a housing co-operative has hundreds under one contract."""
        points = ServicePoint.objects.filter(customer=self.customer, contract=self.thing).order_by("code")
        page = page_of(self.request, points, PER_PAGE)
        return super().get_context_data(page_obj=page, points=page.object_list, **kwargs)


class ContractScan(OnePage):
    """The scan of the signed contract, as the office keeps it; that it was taken is journalled."""

    scopes = (Scope.ACCOUNT,)
    title = _("Scan of a contract")

    def rows(self) -> QuerySet[Contract]:
        """The customer's contracts that have one."""
        return contracts_for(self.customer).exclude(scan="")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Send the file; 404 where there is none."""
        return scans.serve(request, self.thing, inline=True)


class Points(CustomerPage):
    """Service points with their meters and contracts, in the columns of C03."""

    scopes = (Scope.READINGS, Scope.ACCOUNT, Scope.BILLS)
    template_name = "client_zone/data/points.html"
    title = _("Service points and meters")
    help_topic = "points"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of points, narrowed by what was typed; and the warnings about legalisation."""
        typed = " ".join(self.request.GET.get("q", "").replace("\x00", "").split())[:100]
        points = points_for(self.customer)
        if typed:
            points = points.filter(requesting.matches(typed))
        page = page_of(self.request, points, PER_PAGE)
        return super().get_context_data(
            page_obj=page,
            points=page.object_list,
            typed=typed,
            is_long=bool(typed) or page.paginator.num_pages > 1,
            to_verify=list(meters_to_verify(self.customer, timezone.localdate())[:5]),
            today=timezone.localdate(),
            **kwargs,
        )


class PointPage(OnePage):
    """One point: address, service, form of settlement, meters, price in force, norm."""

    scopes = (Scope.READINGS, Scope.ACCOUNT, Scope.BILLS)
    template_name = "client_zone/data/point.html"
    title_of_list = _("Service points and meters")
    view_of_list = "points"

    def rows(self) -> QuerySet[ServicePoint]:
        """The customer's."""
        return points_for(self.customer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the last reading of every meter."""
        today = timezone.localdate()
        meters = list(meters_for(self.customer).filter(point=self.thing))
        readings = last_readings(self.customer, meters)
        return super().get_context_data(
            meters=[(meter, readings.get((meter.pk, 1))) for meter in meters],
            prices=prices_on(self.thing.tariff_code, today),
            flat_rate=flat_rate_of(self.thing, today),
            today=today,
            **kwargs,
        )


class MeterPage(OnePage):
    """One meter with the seventeen fields of C04, its registers and its last readings."""

    scopes = (Scope.READINGS, Scope.ACCOUNT)
    template_name = "client_zone/data/meter.html"
    title_of_list = _("Service points and meters")
    view_of_list = "points"

    def rows(self) -> QuerySet[Meter]:
        """The customer's."""
        return meters_for(self.customer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Readings of the dual-tariff registers one after another (F05)."""
        today = timezone.localdate()
        ends = self.thing.verified_to
        last = last_readings(self.customer, [self.thing])
        names = {register.number: register.name for register in self.thing.registers.all()}
        readings = list(readings_for(self.customer, meter=self.thing)[:LAST_READINGS])
        links = RecordLinks(self.request, "client", Invoice)
        settled = settling_lines(self.customer, readings) if links else {}
        bills = {line.invoice_id: line.invoice for line in settled.values()}
        return super().get_context_data(
            last=[last[key] for key in sorted(last)],
            readings=[
                (
                    reading,
                    names.get(reading.register, ""),
                    bills.get(reading.invoice_id or 0),
                    links.of(reading.invoice_id),
                )
                for reading in readings
            ],
            has_bills=bool(bills),
            is_dual=len(names) > 1,
            has_expired=self.thing.is_active and ends is not None and ends < today,
            is_expiring=self.thing.is_active
            and ends is not None
            and today <= ends <= today + VERIFICATION_WARNING,
            **kwargs,
        )

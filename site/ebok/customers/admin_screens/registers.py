"""The registers of the kartoteka: customers, groups, contracts, service points, meters."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.customers import services
from ebok.customers.admin_screens import addresses, meter_registers, parts, scans
from ebok.customers.admin_screens.columns import (
    CUSTOMER,
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    ORIGIN,
    in_use,
    legalisation_of,
    status_of,
)
from ebok.customers.admin_screens.filters import (
    ContractFilters,
    CustomerFilters,
    MeterFilters,
    PointFilters,
)
from ebok.customers.admin_screens.forms import ContractForm, CustomerForm, MeterForm, PointForm
from ebok.customers.admin_screens.refreshing import RefreshCustomer
from ebok.customers.models import DEFAULT_GROUP, Contract, Customer, CustomerGroup, Meter, ServicePoint
from ebok.exchange import refreshing
from ebok.exchange.mirror import Mirrored
from ebok.exchange.registers.base import SafeModelAdmin
from ebok.exchange.registers.columns import Look, Shown, of_field, of_fields
from ebok.exchange.registers.entry_forms import EntryForm
from ebok.exchange.registers.filters import Filters
from ebok.exchange.registers.lists import Listing
from ebok.exchange.registers.paging import Order
from ebok.exchange.registers.sections import Link, Section, fact, facts, facts_of, table
from ebok.plugins.permissions import allowed

BY_KEY = Order(("id",))


def _opens(model: Any, name: str, path: str, look: Look = Look.CODE) -> Shown:
    """The column that leads to the row."""
    field = of_field(model, name)
    return Shown(
        title=field.title, value=field.value, look=look, url=lambda row: addresses.of_row(path, row.pk)
    )


def _with_customer(model: Any, *more: str) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.select_related("customer", *more)
    return found


class Customers(SafeModelAdmin):
    """Customers (L01, L02, C01)."""

    model = Customer
    base_url_path = addresses.CUSTOMERS
    menu_icon = "user"
    add_words = gettext_lazy("Add a customer")
    form_class = CustomerForm
    more_views = {"odswiez": RefreshCustomer}
    listing = Listing(
        model=Customer,
        room="customers",
        order=Order(("name", "id")),
        filters=CustomerFilters,
        file_name="klienci",
        columns=(
            _opens(Customer, "name", addresses.CUSTOMERS, Look.TEXT),
            of_field(Customer, "code"),
            Shown(title=gettext_lazy("address"), value=lambda row: row.address),
            of_field(Customer, "kind"),
            Shown(title=gettext_lazy("status"), value=status_of, look=Look.TAG),
            of_field(Customer, "phone"),
            ORIGIN,
        ),
        export=(
            *of_fields(Customer, ("code", "name", "kind", "status", "nip", "regon", "e_delivery")),
            *of_fields(Customer, ("street", "house", "flat", "postcode", "town", "email", "phone")),
            *of_fields(Customer, ("virtual_account", "settlement_form", "since_on")),
            ORIGIN,
        ),
    )

    def sections(self, row: Customer, request: HttpRequest) -> list[Section]:
        """Everything about the customer on one page (L09), with what rooms above know."""
        return [
            parts.data(row),
            *parts.contributed(parts.SECTIONS_OF_CUSTOMER, row, request),
            parts.points(row, request),
            parts.contracts(row, request),
            parts.meters(row, request),
            parts.conflicts(row, request),
            *parts.journal(row, request),
        ]

    def posts(self, row: Customer, request: HttpRequest) -> list[Link]:
        """With the renewal on demand (K12), for each system that can be asked."""
        found = super().posts(row, request)
        if not allowed(request.user, "exchange.upload"):
            return found
        ways = refreshing.ways()
        for way in ways:
            words = _("Renew the customer's data")
            if len(ways) > 1:
                words = _("Renew the customer's data from %(system)s") % {"system": way.title}
            found.append(Link(f"{self.address('odswiez', row)}?way={way.key}", words))
        return found

    def save(self, form: EntryForm, row: Mirrored, request: HttpRequest, *, new: bool) -> None:
        """With the groups."""
        assert isinstance(row, Customer)
        groups = [group.pk for group in form.cleaned_data["member_of"]]
        through = services.enter_customer if new else services.correct_customer
        through(row, groups=groups, actor=request.user, request=request)


class GroupFilters(Filters):
    """Groups are few: nothing but a look at their names."""

    def narrow(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """Groups of which the name contains the words."""
        return found.filter(name__icontains=self.cleaned_data["q"]) if self.cleaned_data["q"] else found


class Groups(SafeModelAdmin):
    """Groups of customers (K19, K20)."""

    model = CustomerGroup
    base_url_path = addresses.GROUPS
    menu_icon = "group"
    menu_label = gettext_lazy("Groups")
    add_words = gettext_lazy("Add a group")
    listing = Listing(
        model=CustomerGroup,
        room="customers",
        order=BY_KEY,
        filters=GroupFilters,
        file_name="grupy",
        columns=(
            _opens(CustomerGroup, "name", addresses.GROUPS, Look.TEXT),
            of_field(CustomerGroup, "code"),
            ORIGIN,
        ),
    )

    def sections(self, row: CustomerGroup, request: HttpRequest) -> list[Section]:
        """Its data and the way to its members."""
        members = addresses.of_list(addresses.CUSTOMERS, grupa=str(row.pk))
        note = _("Every customer is in this group.") if row.code == DEFAULT_GROUP else ""
        return [
            Section(
                key="dane",
                title=_("Data"),
                facts=facts_of(row, ("code", "name")),
                note=note,
                links=[Link(members, _("Customers in this group"))],
            )
        ]


class Contracts(SafeModelAdmin):
    """Contracts (C05)."""

    model = Contract
    base_url_path = addresses.CONTRACTS
    menu_icon = "doc-full"
    add_words = gettext_lazy("Add a contract")
    form_class = ContractForm
    more_views = scans.VIEWS
    listing = Listing(
        model=Contract,
        room="customers",
        order=BY_KEY,
        filters=ContractFilters,
        file_name="umowy",
        rows=lambda: _with_customer(Contract),
        columns=(
            _opens(Contract, "number", addresses.CONTRACTS),
            CUSTOMER,
            *of_fields(Contract, ("name", "concluded_on", "valid_from", "valid_to", "recipient_kind")),
            ORIGIN,
        ),
        export=(
            CUSTOMER_CODE,
            CUSTOMER_NAME,
            *of_fields(Contract, ("number", "name", "concluded_with", "concluded_on")),
            *of_fields(Contract, ("valid_from", "valid_to", "recipient_kind")),
            ORIGIN,
        ),
    )

    def sections(self, row: Contract, request: HttpRequest) -> list[Section]:
        """The fields of C05 with the points it covers."""
        points = list(row.points.filter(customer_id=row.customer_id).order_by("code")[: parts.MOST])
        columns = (
            _opens(ServicePoint, "code", addresses.POINTS),
            *of_fields(ServicePoint, ("name", "service")),
            Shown(title=_("address"), value=lambda point: point.address),
        )
        names = (
            "concluded_with",
            "number",
            "name",
            "concluded_on",
            "valid_from",
            "valid_to",
            "recipient_kind",
        )
        return [
            Section(
                key="dane",
                title=_("Contract"),
                facts=[
                    *facts(row, [CUSTOMER]),
                    *facts_of(row, names),
                    scans.fact_of(row, self.address(scans.SHOW, row)),
                ],
                links=scans.links_of(row, self.address(scans.KEEP, row), self.address(scans.REMOVE, row))
                if allowed(request.user, "customers.change")
                else [],
            ),
            Section(
                key="punkty",
                title=_("Service points"),
                tables=[table(_("Service points"), columns, points)],
                empty="" if points else _("No service point names this contract."),
            ),
        ]


class Points(SafeModelAdmin):
    """Service points (C03)."""

    model = ServicePoint
    base_url_path = addresses.POINTS
    menu_icon = "home"
    add_words = gettext_lazy("Add a service point")
    form_class = PointForm
    listing = Listing(
        model=ServicePoint,
        room="customers",
        order=BY_KEY,
        filters=PointFilters,
        file_name="punkty",
        rows=lambda: _with_customer(ServicePoint),
        columns=(
            _opens(ServicePoint, "code", addresses.POINTS),
            Shown(title=gettext_lazy("address"), value=lambda row: row.address),
            CUSTOMER,
            of_field(ServicePoint, "service"),
            Shown(title=gettext_lazy("status"), value=status_of, look=Look.TAG),
            of_field(ServicePoint, "changed_on"),
            ORIGIN,
        ),
        export=(
            CUSTOMER_CODE,
            CUSTOMER_NAME,
            *of_fields(ServicePoint, ("code", "name", "street", "house", "flat", "postcode", "town")),
            *of_fields(ServicePoint, ("service", "status", "registered_on", "changed_on", "settlement_form")),
            *of_fields(ServicePoint, ("tariff_code", "norm_code", "persons", "reading_zone")),
            ORIGIN,
        ),
    )

    def sections(self, row: ServicePoint, request: HttpRequest) -> list[Section]:
        """The fields of C03 and C06, with the meters."""
        meters = list(
            Meter.objects.filter(customer_id=row.customer_id, point=row).order_by(
                "-is_active", "-mounted_on", "id"
            )
        )
        contract = row.contract
        found = [
            *facts(row, [CUSTOMER]),
            *facts_of(row, ("code", "name")),
            fact(_("address"), row.address),
            *facts_of(row, ("service", "status", "registered_on", "changed_on")),
            fact(
                _("contract"),
                contract.number if contract else "",
                url=addresses.of_row(addresses.CONTRACTS, row.contract_id),
            ),
            *facts_of(row, ("settlement_form", "tariff_code", "norm_code", "persons", "reading_zone")),
        ]
        columns = (
            _opens(Meter, "number", addresses.METERS),
            Shown(title=_("in use"), value=in_use, look=Look.TAG),
            *of_fields(Meter, ("mounted_on", "removed_on")),
            Shown(title=_("legalisation valid to"), value=legalisation_of, look=Look.TAG),
        )
        add = addresses.of_form(addresses.METERS, customer_code=row.customer.code, point_code=row.code)
        return [
            Section(key="dane", title=_("Service point"), facts=found),
            Section(
                key="liczniki",
                title=_("Meters"),
                tables=[table(_("Meters"), columns, meters)],
                empty=""
                if meters
                else _("There is no meter here; the point is settled by a norm or by a forecast."),
                links=[Link(add, _("Add a meter"))] if allowed(request.user, "customers.change") else [],
            ),
        ]


class Meters(SafeModelAdmin):
    """Meters with the 17 fields of C04."""

    model = Meter
    base_url_path = addresses.METERS
    menu_icon = "cogs"
    add_words = gettext_lazy("Add a meter")
    form_class = MeterForm
    more_views = meter_registers.VIEWS
    listing = Listing(
        model=Meter,
        room="customers",
        order=BY_KEY,
        filters=MeterFilters,
        file_name="liczniki",
        rows=lambda: _with_customer(Meter, "point"),
        columns=(
            _opens(Meter, "number", addresses.METERS),
            Shown(
                title=gettext_lazy("service point"),
                value=lambda row: row.point.code,
                look=Look.CODE,
                url=lambda row: addresses.of_row(addresses.POINTS, row.point_id),
            ),
            CUSTOMER,
            Shown(title=gettext_lazy("in use"), value=in_use, look=Look.TAG),
            of_field(Meter, "mounted_on"),
            Shown(title=gettext_lazy("legalisation valid to"), value=legalisation_of, look=Look.TAG),
            of_field(Meter, "role"),
            ORIGIN,
        ),
        export=(
            CUSTOMER_CODE,
            CUSTOMER_NAME,
            Shown(title=gettext_lazy("point code"), value=lambda row: row.point.code),
            *of_fields(Meter, ("number", "mounted_on", "mounted_state", "removed_on", "removed_state")),
            *of_fields(Meter, ("producer", "diameter", "connection_owner", "verified_year", "verified_to")),
            *of_fields(Meter, ("kind", "is_active", "seal", "radio_number", "radio_kind", "unit", "digits")),
            of_field(Meter, "role"),
            ORIGIN,
        ),
    )

    def sections(self, row: Meter, request: HttpRequest) -> list[Section]:
        """The 17 fields of C04, the registers, and what rooms above know of readings."""
        point = row.point
        at = addresses.of_row(addresses.POINTS, row.point_id)
        found = [
            fact(_("point code"), point.code, url=at),
            fact(_("point name"), point.name or point.address),
            *facts_of(row, ("number", "mounted_on", "mounted_state", "producer", "diameter")),
            *facts_of(row, ("connection_owner", "verified_year")),
            *facts(row, [Shown(title=_("legalisation valid to"), value=legalisation_of, look=Look.TAG)]),
            *facts_of(row, ("kind", "is_active", "seal", "radio_number", "radio_kind")),
            *parts.contributed(parts.FACTS_OF_METER, row, request),
        ]
        more = [
            *facts(row, [CUSTOMER]),
            *facts_of(row, ("removed_on", "removed_state", "unit", "digits", "decimals", "role")),
        ]
        return [
            Section(key="dane", title=_("Meter"), facts=found),
            Section(key="wiecej", title=_("Settlement"), facts=more),
            meter_registers.section(
                row,
                request,
                self.address(meter_registers.ENTRY, row),
                self.address(meter_registers.DELETE, row),
            ),
            *parts.contributed(parts.SECTIONS_OF_METER, row, request),
        ]

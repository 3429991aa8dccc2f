"""Sections of a customer that this room knows, and the door for rooms above.

A room above adds its own with the Wagtail hooks named here: functions of the row and the request, which
give sections (or facts), in the order of the hooks.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks

from ebok.customers.admin_screens import addresses
from ebok.customers.admin_screens.columns import in_use, legalisation_of, status_of
from ebok.customers.models import DEFAULT_GROUP, Customer, CustomerGroup
from ebok.customers.queries import contracts_for, meters_for, points_for
from ebok.exchange.models import Decision, Finding, FindingKind
from ebok.exchange.registers.columns import Look, Shown, of_fields
from ebok.exchange.registers.sections import Link, Section, fact, facts_of, table
from ebok.plugins.permissions import allowed

SECTIONS_OF_CUSTOMER = "ebok_customer_sections"
SECTIONS_OF_METER = "ebok_meter_sections"
FACTS_OF_METER = "ebok_meter_facts"
MOST = 40
"""Rows of a table in a section; more are one link away."""


def contributed(hook: str, row: Any, request: HttpRequest) -> list[Any]:
    """What rooms above add."""
    return [part for function in hooks.get_hooks(hook) for part in function(row, request)]


def data(customer: Customer) -> Section:
    """The fields of C01."""
    names = [
        "code",
        "name",
        "kind",
        "status",
        "nip",
        "regon",
        "since_on",
        "settlement_form",
        "virtual_account",
    ]
    found = [*facts_of(customer, names), fact(_("address"), customer.address)]
    found += facts_of(customer, ["email", "phone", "e_delivery"])
    if letters := _letters(customer):
        found.append(fact(_("address of letters"), letters))
    manager = customer.account_manager
    found.append(fact(_("account manager"), manager.get_full_name() or manager.email if manager else ""))
    groups = CustomerGroup.objects.filter(members__customer=customer).order_by("name", "id")
    names_of_groups = [
        f"{group.name} ({group.code})" if group.code == DEFAULT_GROUP else group.name for group in groups
    ]
    found.append(fact(_("groups"), ", ".join(names_of_groups)))
    found.append(fact(_("PESEL"), _("known, kept as a keyed hash only") if customer.pesel_hash else ""))
    return Section(key="dane", title=_("Data"), facts=found)


def _letters(customer: Customer) -> str:
    flat = customer.correspondence_flat
    number = f"{customer.correspondence_house}/{flat}" if flat else customer.correspondence_house
    first = " ".join(part for part in (customer.correspondence_street, number) if part)
    second = " ".join(
        part for part in (customer.correspondence_postcode, customer.correspondence_town) if part
    )
    return ", ".join(part for part in (customer.correspondence_name, first, second) if part)


POINTS_OF_CUSTOMER = (
    Shown(
        title=gettext_lazy("point code"),
        value=lambda point: point.code,
        look=Look.CODE,
        url=lambda point: addresses.of_row(addresses.POINTS, point.pk),
    ),
    Shown(title=gettext_lazy("address"), value=lambda point: point.address),
    Shown(title=gettext_lazy("registered on"), value=lambda point: point.registered_on, look=Look.DATE),
    Shown(title=gettext_lazy("point status"), value=status_of, look=Look.TAG),
    Shown(
        title=gettext_lazy("meter number"),
        value=lambda point: ", ".join(meter.number for meter in point.meters.all()),
        look=Look.CODE,
    ),
    Shown(
        title=gettext_lazy("status of the meter"),
        value=lambda point: ", ".join(str(in_use(meter)) for meter in point.meters.all()),
    ),
    Shown(title=gettext_lazy("changed on"), value=lambda point: point.changed_on, look=Look.DATE),
    Shown(title=gettext_lazy("kind of service"), value=lambda point: point.get_service_display()),
    Shown(
        title=gettext_lazy("contract number"),
        value=lambda point: point.contract.number if point.contract else "",
        look=Look.CODE,
        url=lambda point: addresses.of_row(addresses.CONTRACTS, point.contract_id),
    ),
    Shown(
        title=gettext_lazy("contract valid to"),
        value=lambda point: point.contract.valid_to if point.contract else None,
        look=Look.DATE,
    ),
)
METERS_OF_CUSTOMER = (
    Shown(
        title=gettext_lazy("meter number"),
        value=lambda meter: meter.number,
        look=Look.CODE,
        url=lambda meter: addresses.of_row(addresses.METERS, meter.pk),
    ),
    Shown(title=gettext_lazy("point code"), value=lambda meter: meter.point.code, look=Look.CODE),
    Shown(title=gettext_lazy("in use"), value=in_use, look=Look.TAG),
    Shown(title=gettext_lazy("mounted on"), value=lambda meter: meter.mounted_on, look=Look.DATE),
    Shown(title=gettext_lazy("legalisation valid to"), value=legalisation_of, look=Look.TAG),
    Shown(title=gettext_lazy("what it settles"), value=lambda meter: meter.get_role_display()),
    Shown(
        title=gettext_lazy("registers"),
        value=lambda meter: ", ".join(
            register.name or str(register.number) for register in meter.registers.all()
        ),
    ),
)


def points(customer: Customer, request: HttpRequest) -> Section:
    """Service points (C03)."""
    rows = list(points_for(customer)[: MOST + 1])
    return Section(
        key="punkty",
        title=_("Service points"),
        tables=[table(_("Service points"), POINTS_OF_CUSTOMER, rows[:MOST])],
        empty="" if rows else _("This customer has no service point."),
        links=_links(
            request, addresses.POINTS, customer, more=len(rows) > MOST, add=_("Add a service point")
        ),
    )


def contracts(customer: Customer, request: HttpRequest) -> Section:
    """Contracts (C05)."""
    rows = list(contracts_for(customer)[: MOST + 1])
    kinds = ("name", "concluded_on", "valid_from", "valid_to", "recipient_kind")
    number = Shown(
        title=_("number"),
        value=lambda contract: contract.number,
        look=Look.CODE,
        url=lambda contract: addresses.of_row(addresses.CONTRACTS, contract.pk),
    )
    model = contracts_for(customer).model
    return Section(
        key="umowy",
        title=_("Contracts"),
        tables=[table(_("Contracts"), (number, *of_fields(model, kinds)), rows[:MOST])],
        empty="" if rows else _("This customer has no contract."),
        links=_links(request, addresses.CONTRACTS, customer, more=len(rows) > MOST, add=_("Add a contract")),
    )


def meters(customer: Customer, request: HttpRequest) -> Section:
    """Meters (C04)."""
    rows = list(meters_for(customer)[: MOST + 1])
    return Section(
        key="liczniki",
        title=_("Meters"),
        tables=[table(_("Meters"), METERS_OF_CUSTOMER, rows[:MOST])],
        empty="" if rows else _("This customer has no meter."),
        links=_links(request, addresses.METERS, customer, more=len(rows) > MOST, add=_("Add a meter")),
    )


def _links(request: HttpRequest, path: str, customer: Customer, *, more: bool, add: str) -> list[Link]:
    found = []
    if more:
        found.append(Link(addresses.of_list(path, klient=customer.code), _("Show all")))
    if allowed(request.user, "customers.change"):
        found.append(Link(addresses.of_form(path, customer_code=customer.code), add))
    return found


def conflicts(customer: Customer, request: HttpRequest) -> Section:
    """Where the billing system says otherwise than a person here, and nobody has decided."""
    own = Q(part__dataset="customers", key=customer.code) | Q(cells__customer_code=customer.code)
    rows = list(
        Finding.objects.filter(own, decision=Decision.OPEN, kind=FindingKind.CONFLICT)
        .select_related("part")
        .order_by("-id")[:MOST]
    )
    may_see = allowed(request.user, "exchange.view")
    columns = (
        Shown(
            title=_("delivery"),
            value=lambda finding: finding.part.delivery_id,
            url=lambda finding: (
                reverse("ebok_exchange_delivery", args=[finding.part.delivery_id]) if may_see else ""
            ),
        ),
        Shown(title=_("key"), value=lambda finding: finding.key, look=Look.CODE),
        Shown(title=_("reason"), value=lambda finding: finding.reason),
    )
    return Section(
        key="konflikty",
        title=_("Open conflicts"),
        tables=[table(_("Open conflicts"), columns, rows)],
        empty="" if rows else _("None: the billing system and this portal say the same."),
    )


def journal(customer: Customer, request: HttpRequest) -> list[Section]:
    """The way to the customer's events, for who may read the journal."""
    if not allowed(request.user, "journal.view"):
        return []
    url = f"{reverse('ebok_journal')}?klient={customer.pk}"
    return [
        Section(
            key="dziennik",
            title=_("Event journal"),
            links=[Link(url, _("Everything that happened to this customer"))],
        )
    ]

"""Registers of prices: tariffs with versions and components (C07), norms of the flat rate (C08).

Few rows, imported or entered by hand. What belongs to the name of something below it is not renamed: a
tariff keeps its code, a version its first day.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ebok.billing.admin_screens import columns
from ebok.billing.admin_screens.addresses import COMPONENTS, NORMS, TARIFFS, VERSIONS
from ebok.billing.admin_screens.filters import ComponentFilters, PriceFilters, VersionFilters
from ebok.billing.models import FlatRateNorm, Tariff, TariffComponent, TariffVersion
from ebok.customers.admin_screens import addresses
from ebok.customers.admin_screens.columns import ORIGIN
from ebok.exchange.registers.base import SafeModelAdmin
from ebok.exchange.registers.columns import Look, Shown, State, of_fields, said
from ebok.exchange.registers.entry_forms import EntryForm
from ebok.exchange.registers.lists import Listing
from ebok.exchange.registers.paging import Order
from ebok.exchange.registers.sections import Link, Section, fact, facts, facts_of, table
from ebok.plugins.permissions import allowed


class TariffForm(EntryForm):
    """A tariff group."""

    fixed = frozenset({"code"})


class VersionForm(EntryForm):
    """A version of a tariff."""

    fixed = frozenset({"tariff_code", "valid_from"})


class ComponentForm(EntryForm):
    """A price of a version."""

    fixed = frozenset({"tariff_code", "valid_from"})


def _validity(row: TariffVersion | FlatRateNorm) -> State:
    """Whether it is in force today."""
    today = timezone.localdate()
    if row.valid_from > today:
        return State(_("comes into force"))
    ended = row.valid_to is not None and row.valid_to < today
    return State(_("no longer in force"), quiet=True) if ended else State(_("in force"))


def _period(version: TariffVersion) -> str:
    first = said(version.valid_from)
    if version.valid_to is None:
        return _("From %(first)s, until further notice") % {"first": first}
    return _("From %(first)s to %(last)s") % {"first": first, "last": said(version.valid_to)}


VALIDITY = Shown(title=gettext_lazy("state"), value=_validity, look=Look.TAG)
PRICE = of_fields(TariffComponent, ("name", "kind", "net_price", "unit", "vat_rate"))


class Tariffs(SafeModelAdmin):
    """The price list with its versions and components (C07)."""

    model = Tariff
    base_url_path = TARIFFS
    menu_icon = "table"
    add_words = gettext_lazy("Add a tariff")
    form_class = TariffForm
    listing = Listing(
        model=Tariff,
        room="billing",
        order=Order(("code", "id")),
        filters=PriceFilters,
        file_name="taryfy",
        columns=(columns.opens(Tariff, "code", TARIFFS), *of_fields(Tariff, ("name", "service")), ORIGIN),
    )

    def sections(self, row: Tariff, request: HttpRequest) -> list[Section]:
        """Each version with its prices, the newest first; two queries."""
        versions: QuerySet[TariffVersion] = row.versions.order_by("-valid_from").prefetch_related(
            "components"
        )
        add = addresses.of_form(VERSIONS, tariff_code=row.code)
        may_change = allowed(request.user, "billing.change")
        found = [
            Section(
                key="dane",
                title=_("Tariff"),
                facts=facts_of(row, ("code", "name", "service")),
                links=[Link(add, _("Add a version"))] if may_change else [],
            )
        ]
        for version in versions:
            parts = sorted(version.components.all(), key=lambda component: component.code)
            found.append(
                Section(
                    key=f"wersja-{version.pk}",
                    title=_period(version),
                    facts=[*facts(version, [VALIDITY]), *facts_of(version, ("decision",))],
                    tables=[
                        table(
                            _("Prices, net"),
                            (columns.opens(TariffComponent, "code", COMPONENTS), *PRICE, ORIGIN),
                            parts,
                        )
                    ],
                    empty="" if parts else _("This version has no prices."),
                    links=[
                        Link(addresses.of_row(VERSIONS, version.pk), _("Open the version")),
                        *(_ways_to_price(row, version) if may_change else []),
                    ],
                )
            )
        return found


def _ways_to_price(tariff: Tariff, version: TariffVersion) -> list[Link]:
    day = version.valid_from.isoformat()
    return [Link(addresses.of_form(COMPONENTS, tariff_code=tariff.code, valid_from=day), _("Add a price"))]


class Versions(SafeModelAdmin):
    """Versions of tariffs, each as approved for a time; reached from their tariffs."""

    model = TariffVersion
    base_url_path = VERSIONS
    menu_icon = "history"
    in_menu = False
    add_words = gettext_lazy("Add a version of a tariff")
    prefilled = ("tariff_code",)
    form_class = VersionForm
    listing = Listing(
        model=TariffVersion,
        room="billing",
        order=Order(("-id",)),
        filters=VersionFilters,
        file_name="wersje-taryf",
        rows=lambda: TariffVersion.objects.select_related("tariff"),
        columns=(
            columns.opens(TariffVersion, "valid_from", VERSIONS),
            Shown(title=gettext_lazy("tariff"), value=lambda row: str(row.tariff)),
            *of_fields(TariffVersion, ("valid_to", "decision")),
            VALIDITY,
            ORIGIN,
        ),
    )

    def sections(self, row: TariffVersion, request: HttpRequest) -> list[Section]:
        """The version, with its prices."""
        parts = list(row.components.order_by("code"))
        tariff = fact(_("tariff"), str(row.tariff), url=addresses.of_row(TARIFFS, row.tariff_id))
        names = ("valid_from", "valid_to", "decision")
        return [
            Section(
                key="dane",
                title=_("Version of a tariff"),
                facts=[tariff, *facts_of(row, names), *facts(row, [VALIDITY])],
            ),
            Section(
                key="ceny",
                title=_("Prices, net"),
                tables=[
                    table(
                        _("Prices, net"),
                        (columns.opens(TariffComponent, "code", COMPONENTS), *PRICE, ORIGIN),
                        parts,
                    )
                ],
                empty="" if parts else _("This version has no prices."),
                links=_ways_to_price(row.tariff, row) if allowed(request.user, "billing.change") else [],
            ),
        ]


class Components(SafeModelAdmin):
    """Prices of the versions; reached from their tariffs."""

    model = TariffComponent
    base_url_path = COMPONENTS
    menu_icon = "tag"
    in_menu = False
    add_words = gettext_lazy("Add a price")
    prefilled = ("tariff_code", "valid_from")
    form_class = ComponentForm
    listing = Listing(
        model=TariffComponent,
        room="billing",
        order=Order(("-id",)),
        filters=ComponentFilters,
        file_name="ceny",
        rows=lambda: TariffComponent.objects.select_related("version__tariff"),
        columns=(
            columns.opens(TariffComponent, "code", COMPONENTS),
            Shown(title=gettext_lazy("tariff"), value=lambda row: str(row.version.tariff)),
            Shown(title=gettext_lazy("valid from"), value=lambda row: row.version.valid_from, look=Look.DATE),
            *PRICE,
            ORIGIN,
        ),
    )

    def sections(self, row: TariffComponent, request: HttpRequest) -> list[Section]:
        """The price."""
        version = row.version
        return [
            Section(
                key="dane",
                title=_("Price"),
                facts=[
                    fact(_("tariff"), str(version.tariff), url=addresses.of_row(TARIFFS, version.tariff_id)),
                    fact(_("version"), _period(version), url=addresses.of_row(VERSIONS, version.pk)),
                    *facts_of(row, ("code", "name", "kind", "net_price", "unit", "vat_rate")),
                ],
            )
        ]


class Norms(SafeModelAdmin):
    """Norms of the flat rate (C08)."""

    model = FlatRateNorm
    base_url_path = NORMS
    menu_icon = "order"
    add_words = gettext_lazy("Add a norm")
    listing = Listing(
        model=FlatRateNorm,
        room="billing",
        order=Order(("code", "id")),
        filters=PriceFilters,
        file_name="normy",
        columns=(
            columns.opens(FlatRateNorm, "code", NORMS),
            *of_fields(FlatRateNorm, ("name", "monthly_quantity", "unit", "valid_from", "valid_to")),
            VALIDITY,
            ORIGIN,
        ),
    )

    def sections(self, row: FlatRateNorm, request: HttpRequest) -> list[Section]:
        """The norm."""
        names = ("code", "name", "monthly_quantity", "unit", "valid_from", "valid_to")
        return [Section(key="dane", title=_("Norm"), facts=[*facts_of(row, names), *facts(row, [VALIDITY])])]


REGISTERS: tuple[Any, ...] = (Tariffs, Versions, Components, Norms)

"""Prices in force and norms of the flat rate."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ebok.billing.datasets.columns import (
    VALIDITY,
    choice,
    code,
    day,
    names,
    number,
)
from ebok.billing.models import (
    ComponentKind,
)
from ebok.customers.datasets import SERVICES
from ebok.customers.models import Service
from ebok.ports import Column, Dataset, Reference

TARIFFS = Dataset(
    key="tariffs",
    title=_("Tariffs"),
    model="billing.Tariff",
    natural_key=("code",),
    owner="",
    order=10,
    columns=(
        code("code", _("tariff group"), required=True, example="G1"),
        Column(name="name", title=_("name"), required=True, max_length=160, example="Gospodarstwa domowe"),
        choice(
            "service",
            _("kind of service"),
            SERVICES,
            default=str(Service.WATER_SEWAGE),
            example="water_sewage",
        ),
    ),
)

TARIFF_VERSIONS = Dataset(
    key="tariff_versions",
    title=_("Versions of tariffs"),
    model="billing.TariffVersion",
    natural_key=("tariff_code", "valid_from"),
    owner="",
    order=11,
    references=(Reference(columns=("tariff_code",), dataset="tariffs", field="tariff_id", same_owner=False),),
    rules=(VALIDITY,),
    columns=(
        code("tariff_code", _("tariff group"), field="", required=True, example="G1"),
        day("valid_from", _("valid from"), required=True, example="2025-06-01"),
        day("valid_to", _("valid to"), example="2026-05-31"),
        Column(
            name="decision",
            title=_("approved by decision"),
            max_length=160,
            example="PO.RZT.70.12.2025",
        ),
    ),
)

TARIFF_COMPONENTS = Dataset(
    key="tariff_components",
    title=_("Components of tariffs"),
    model="billing.TariffComponent",
    natural_key=("tariff_code", "valid_from", "code"),
    owner="",
    order=12,
    references=(
        Reference(
            columns=("tariff_code", "valid_from"),
            dataset="tariff_versions",
            field="version_id",
            same_owner=False,
        ),
    ),
    columns=(
        code("tariff_code", _("tariff group"), field="", required=True, example="G1"),
        day("valid_from", _("valid from"), field="", required=True, example="2025-06-01"),
        code("code", _("component"), required=True, example="WODA"),
        Column(name="name", title=_("name"), required=True, max_length=160, example="Woda"),
        choice(
            "kind",
            _("kind"),
            names(ComponentKind),
            default=str(ComponentKind.USAGE),
            example="usage",
        ),
        Column(name="unit", title=_("unit"), max_length=20, default="m³", example="m³"),
        number("net_price", _("net price"), digits=12, places=5, minimum=0, required=True, example="5.12"),
        Column(name="vat_rate", title=_("VAT rate"), max_length=4, default="8", example="8"),
    ),
)

NORMS = Dataset(
    key="norms",
    title=_("Norms of the flat rate"),
    model="billing.FlatRateNorm",
    natural_key=("code",),
    owner="",
    order=13,
    rules=(VALIDITY,),
    columns=(
        code("code", _("norm"), required=True, example="N4"),
        Column(
            name="name",
            title=_("name"),
            required=True,
            max_length=255,
            example="Łazienka, ciepła woda dostarczana",
        ),
        number(
            "monthly_quantity",
            _("quantity in a month"),
            digits=9,
            places=3,
            minimum=0,
            required=True,
            example="5.4",
        ),
        Column(name="unit", title=_("unit"), max_length=20, default="m³", example="m³"),
        day("valid_from", _("valid from"), required=True, example="2002-02-01"),
        day("valid_to", _("valid to")),
    ),
)

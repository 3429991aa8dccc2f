"""What is a customer's on the network."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ebok.customers import delivered_scans
from ebok.customers.datasets.columns import (
    CUSTOMER_CODE,
    FORMS,
    KINDS,
    METER_NUMBER,
    OWNER,
    SERVICES,
    STATUSES,
    address,
    in_order,
)
from ebok.customers.models import CustomerKind, PointStatus, Service, SettlementForm
from ebok.ports import (
    Column,
    ColumnType,
    Dataset,
    Identity,
    Reference,
)

CONTRACTS = Dataset(
    key="contracts",
    after_apply=delivered_scans.keep_delivered,
    title=_("Contracts"),
    model="customers.Contract",
    natural_key=("number",),
    order=40,
    references=(OWNER,),
    rules=(in_order("valid_from", "valid_to", _("The contract ends before it begins.")),),
    columns=(
        CUSTOMER_CODE,
        Column(
            name="number",
            title=_("number"),
            type=ColumnType.CODE,
            required=True,
            max_length=60,
            example="U/2019/0123",
        ),
        Column(name="name", title=_("name"), max_length=160, example="Umowa o zaopatrzenie w wodę"),
        Column(name="concluded_with", title=_("concluded with"), max_length=255, example="Anna Nowak"),
        Column(name="concluded_on", title=_("concluded on"), type=ColumnType.DATE, example="2019-03-20"),
        Column(name="valid_from", title=_("valid from"), type=ColumnType.DATE, example="2019-04-01"),
        Column(name="valid_to", title=_("valid to"), type=ColumnType.DATE),
        Column(
            name="recipient_kind",
            title=_("type of recipient"),
            type=ColumnType.CHOICE,
            choices=KINDS,
            default=str(CustomerKind.HOUSEHOLD),
            example="household",
        ),
        Column(
            name="scan",
            field="scan_name",
            title=_("file of the scan"),
            max_length=200,
            example="U-2019-0123.pdf",
            description=_(
                "A PDF, JPG or PNG in the same ZIP archive. A scan that changes gets another name."
            ),
        ),
    ),
)

POINTS = Dataset(
    key="service_points",
    title=_("Service points"),
    model="customers.ServicePoint",
    natural_key=("code",),
    order=50,
    references=(
        OWNER,
        Reference(columns=("contract_number",), dataset="contracts", field="contract_id", required=False),
    ),
    columns=(
        CUSTOMER_CODE,
        Column(
            name="code",
            title=_("point code"),
            type=ColumnType.CODE,
            required=True,
            max_length=40,
            example="P-000123",
        ),
        Column(name="name", title=_("point name"), max_length=160, example="Budynek mieszkalny"),
        *address(),
        Column(
            name="service",
            title=_("kind of service"),
            type=ColumnType.CHOICE,
            choices=SERVICES,
            default=str(Service.WATER_SEWAGE),
            example="water_sewage",
        ),
        Column(
            name="status",
            title=_("point status"),
            type=ColumnType.CHOICE,
            choices=STATUSES,
            default=str(PointStatus.ACTIVE),
            example="active",
        ),
        Column(name="registered_on", title=_("registered on"), type=ColumnType.DATE, example="2019-04-01"),
        Column(name="changed_on", title=_("changed on"), type=ColumnType.DATE),
        Column(
            name="contract_number",
            title=_("contract number"),
            type=ColumnType.CODE,
            field="",
            max_length=60,
            example="U/2019/0123",
        ),
        Column(
            name="settlement_form",
            title=_("form of settlement"),
            type=ColumnType.CHOICE,
            choices=FORMS,
            default=str(SettlementForm.METERED),
            example="metered",
        ),
        Column(
            name="tariff_code",
            title=_("tariff group"),
            type=ColumnType.CODE,
            max_length=40,
            example="G1",
        ),
        Column(name="norm_code", title=_("norm"), type=ColumnType.CODE, max_length=40),
        Column(
            name="persons",
            title=_("number of persons"),
            type=ColumnType.INTEGER,
            minimum=0,
            maximum=9999,
            example="3",
        ),
        Column(
            name="reading_zone",
            title=_("reading zone"),
            type=ColumnType.CODE,
            max_length=40,
            example="R1",
        ),
    ),
)


def _state(name: str, title: object, example: str = "") -> Column:
    return Column(
        name=name,
        title=title,  # type: ignore[arg-type]  # a lazy translation
        type=ColumnType.DECIMAL,
        digits=12,
        places=3,
        minimum=0,
        example=example,
    )


METERS = Dataset(
    key="meters",
    title=_("Meters"),
    model="customers.Meter",
    natural_key=("number",),
    order=60,
    references=(OWNER, Reference(columns=("point_code",), dataset="service_points", field="point_id")),
    columns=(
        CUSTOMER_CODE,
        Column(
            name="point_code",
            title=_("point code"),
            type=ColumnType.CODE,
            field="",
            required=True,
            max_length=40,
            example="P-000123",
        ),
        Column(
            name="number",
            title=_("meter number"),
            type=ColumnType.CODE,
            required=True,
            max_length=40,
            example="17-123456",
        ),
        Column(name="mounted_on", title=_("mounted on"), type=ColumnType.DATE, example="2023-05-10"),
        _state("mounted_state", _("state when mounted"), "0"),
        Column(name="removed_on", title=_("removed on"), type=ColumnType.DATE),
        _state("removed_state", _("state when removed")),
        Column(name="producer", title=_("producer"), max_length=80, example="Apator Powogaz"),
        Column(
            name="diameter",
            title=_("diameter [mm]"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=2000,
            example="20",
        ),
        Column(name="connection_owner", title=_("owner of the connection"), max_length=80),
        Column(
            name="verified_year",
            title=_("year of legalisation"),
            type=ColumnType.INTEGER,
            minimum=1950,
            maximum=2100,
            example="2023",
        ),
        Column(
            name="verified_to",
            title=_("legalisation valid to"),
            type=ColumnType.DATE,
            example="2028-12-31",
        ),
        Column(name="kind", title=_("type of meter"), max_length=60, example="JS 4-02"),
        Column(name="is_active", title=_("active"), type=ColumnType.BOOLEAN, default=True, example="1"),
        Column(name="seal", title=_("seal number"), max_length=60),
        Column(name="radio_number", title=_("radio module number"), max_length=60),
        Column(name="radio_kind", title=_("radio module type"), max_length=60),
        Column(name="unit", title=_("unit"), max_length=10, default="m³", example="m³"),
        Column(
            name="digits",
            title=_("digits of the dial"),
            type=ColumnType.INTEGER,
            minimum=1,
            maximum=9,
            default=5,
            example="5",
        ),
        Column(
            name="decimals",
            title=_("decimals that count"),
            type=ColumnType.INTEGER,
            minimum=0,
            maximum=3,
            default=0,
            example="0",
        ),
        Column(
            name="role",
            title=_("what it settles"),
            type=ColumnType.CHOICE,
            choices=FORMS,
            default=str(SettlementForm.METERED),
            example="metered",
        ),
    ),
)

REGISTERS = Dataset(
    key="registers",
    title=_("Registers of meters"),
    model="customers.MeterRegister",
    natural_key=("customer_code", "meter_number", "number"),
    identity=Identity.COMPOSITE,
    order=70,
    references=(OWNER, Reference(columns=("meter_number",), dataset="meters", field="meter_id")),
    columns=(
        CUSTOMER_CODE,
        METER_NUMBER,
        Column(
            name="number",
            title=_("register"),
            type=ColumnType.INTEGER,
            required=True,
            minimum=1,
            maximum=99,
            example="1",
        ),
        Column(name="name", title=_("zone of the tariff"), max_length=60, example="dzienna"),
        Column(name="unit", title=_("unit"), max_length=10, default="m³", example="m³"),
        Column(
            name="multiplier",
            title=_("multiplier"),
            type=ColumnType.DECIMAL,
            digits=8,
            places=3,
            minimum=0,
            default=1,
            example="1",
        ),
    ),
)

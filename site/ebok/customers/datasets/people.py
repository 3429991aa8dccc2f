"""Customers and their groups."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ebok.customers import joining
from ebok.customers.datasets.columns import (
    CUSTOMER_CODE,
    FORMS,
    KINDS,
    OWNER,
    address,
)
from ebok.customers.models import CustomerKind, CustomerStatus, SettlementForm
from ebok.ports import (
    Check,
    Column,
    ColumnType,
    Dataset,
    Identity,
    Reference,
    Stored,
)

GROUPS = Dataset(
    key="groups",
    title=_("Groups of customers"),
    model="customers.CustomerGroup",
    natural_key=("code",),
    owner="",
    order=10,
    columns=(
        Column(
            name="code",
            title=_("group code"),
            type=ColumnType.CODE,
            required=True,
            max_length=40,
            example="CLIENTS",
        ),
        Column(name="name", title=_("group name"), required=True, max_length=120, example="Klienci"),
    ),
)

CUSTOMERS = Dataset(
    key="customers",
    title=_("Customers"),
    model="customers.Customer",
    natural_key=("code",),
    owns_itself=True,
    owner="",
    order=20,
    lookups=("virtual_account",),
    after_apply=joining.join_default_group,
    columns=(
        Column(
            name="code",
            title=_("customer code"),
            type=ColumnType.CODE,
            required=True,
            max_length=40,
            example="K-000123",
        ),
        Column(name="name", title=_("customer name"), required=True, max_length=255, example="Anna Nowak"),
        Column(
            name="kind",
            title=_("kind of recipient"),
            type=ColumnType.CHOICE,
            choices=KINDS,
            default=str(CustomerKind.HOUSEHOLD),
            example="household",
        ),
        Column(
            name="status",
            title=_("status"),
            type=ColumnType.CHOICE,
            choices={str(status): str(status) for status in CustomerStatus},
            default=str(CustomerStatus.ACTIVE),
            example="active",
        ),
        Column(name="nip", title=_("tax number (NIP)"), max_length=10, check=Check.NIP, example="5261040828"),
        Column(name="regon", title=_("REGON"), max_length=14, check=Check.REGON, example="123456785"),
        Column(
            name="pesel",
            title=_("PESEL"),
            field="pesel_hash",
            max_length=11,
            check=Check.PESEL,
            stored=Stored.KEYED_HASH,
            example="44051401359",
            description=_("Only a keyed hash is kept."),
        ),
        Column(
            name="e_delivery",
            title=_("e-Delivery address"),
            max_length=32,
            check=Check.E_DELIVERY,
            example="AE:PL-12345-67890-ABCDE-12",
        ),
        *address(),
        Column(name="correspondence_name", title=_("addressee of letters"), max_length=255),
        Column(name="correspondence_street", title=_("street of letters"), max_length=120),
        Column(name="correspondence_house", title=_("house of letters"), max_length=20),
        Column(name="correspondence_flat", title=_("flat of letters"), max_length=20),
        Column(
            name="correspondence_postcode",
            title=_("postcode of letters"),
            max_length=10,
            check=Check.POSTCODE,
        ),
        Column(name="correspondence_town", title=_("town of letters"), max_length=80),
        Column(
            name="email", title=_("e-mail"), max_length=254, check=Check.EMAIL, example="anna@example.org"
        ),
        Column(name="phone", title=_("phone"), max_length=20, check=Check.PHONE, example="+48 600 100 200"),
        Column(
            name="virtual_account",
            title=_("account for payments (NRB)"),
            max_length=26,
            check=Check.NRB,
            example="12999900001234567800000096",
        ),
        Column(
            name="settlement_form",
            title=_("form of settlement"),
            type=ColumnType.CHOICE,
            choices=FORMS,
            default=str(SettlementForm.METERED),
            example="metered",
        ),
        Column(name="since_on", title=_("customer since"), type=ColumnType.DATE, example="2019-04-01"),
    ),
)

MEMBERS = Dataset(
    key="group_members",
    title=_("Members of groups"),
    model="customers.GroupMember",
    natural_key=("customer_code", "group_code"),
    identity=Identity.COMPOSITE,
    order=30,
    references=(
        OWNER,
        Reference(columns=("group_code",), dataset="groups", field="group_id", same_owner=False),
    ),
    columns=(
        CUSTOMER_CODE,
        Column(
            name="group_code",
            title=_("group code"),
            type=ColumnType.CODE,
            field="",
            required=True,
            max_length=40,
            example="CLIENTS",
        ),
    ),
)

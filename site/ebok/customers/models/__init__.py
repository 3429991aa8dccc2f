"""Kartoteka, one file for each thing."""

from ebok.customers.models.access import (
    EVERYTHING,
    AccessRole,
    AccessWay,
    CustomerAccess,
    Invitation,
    Scope,
)
from ebok.customers.models.address import Address
from ebok.customers.models.customer import (
    DEFAULT_GROUP,
    Customer,
    CustomerGroup,
    CustomerKind,
    CustomerStatus,
    GroupMember,
    SettlementForm,
)
from ebok.customers.models.network import (
    Contract,
    Meter,
    MeterRegister,
    PointStatus,
    Service,
    ServicePoint,
)
from ebok.customers.models.owned import Owned

__all__ = [
    "DEFAULT_GROUP",
    "EVERYTHING",
    "AccessRole",
    "AccessWay",
    "Address",
    "Contract",
    "Customer",
    "CustomerAccess",
    "CustomerGroup",
    "CustomerKind",
    "CustomerStatus",
    "GroupMember",
    "Invitation",
    "Meter",
    "MeterRegister",
    "Owned",
    "PointStatus",
    "Scope",
    "Service",
    "ServicePoint",
    "SettlementForm",
]

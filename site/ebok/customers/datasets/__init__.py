"""What the billing system delivers about customers and the network."""

from ebok.customers.datasets.columns import CUSTOMER_CODE, METER_NUMBER, OWNER, SERVICES
from ebok.customers.datasets.network import CONTRACTS, METERS, POINTS, REGISTERS
from ebok.customers.datasets.people import CUSTOMERS, GROUPS, MEMBERS

__all__ = ["CUSTOMER_CODE", "METER_NUMBER", "OWNER", "SERVICES", "datasets"]

datasets = [GROUPS, CUSTOMERS, MEMBERS, CONTRACTS, POINTS, METERS, REGISTERS]

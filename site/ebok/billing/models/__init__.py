"""The billing mirror, one file for each thing."""

from ebok.billing.models.invoice import Invoice, InvoiceKind, InvoiceLine, KsefMode, LineKind
from ebok.billing.models.ledger import Allocation, LedgerEntry, LedgerKind, Payment, PaymentMethod
from ebok.billing.models.reading import Reading, ReadingKind, ReadingState
from ebok.billing.models.tariff import ComponentKind, FlatRateNorm, Tariff, TariffComponent, TariffVersion

__all__ = [
    "Allocation",
    "ComponentKind",
    "FlatRateNorm",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "KsefMode",
    "LedgerEntry",
    "LedgerKind",
    "LineKind",
    "Payment",
    "PaymentMethod",
    "Reading",
    "ReadingKind",
    "ReadingState",
    "Tariff",
    "TariffComponent",
    "TariffVersion",
]

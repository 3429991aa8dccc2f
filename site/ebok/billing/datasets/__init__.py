"""What the billing system delivers about prices, usage and money."""

from ebok.billing.datasets.invoices import INVOICE_LINES, INVOICES
from ebok.billing.datasets.money import ALLOCATIONS, LEDGER, PAYMENTS
from ebok.billing.datasets.prices import NORMS, TARIFF_COMPONENTS, TARIFF_VERSIONS, TARIFFS
from ebok.billing.datasets.usage import READINGS

datasets = [
    TARIFFS,
    TARIFF_VERSIONS,
    TARIFF_COMPONENTS,
    NORMS,
    INVOICES,
    INVOICE_LINES,
    READINGS,
    LEDGER,
    PAYMENTS,
    ALLOCATIONS,
]

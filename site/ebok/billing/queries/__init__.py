"""Reading one customer's bills, money and usage. Every function begins with the customer.

Each table of a join is filtered by the customer too; see `ebok.customers.queries`.
"""

from ebok.billing.queries.balance import (
    NOTHING,
    Ageing,
    Balance,
    ageing_of,
    balance_of,
    balances_of,
    exact,
    total_balance,
)
from ebok.billing.queries.dues import Dues, dues_of
from ebok.billing.queries.finding import Found, find_everywhere
from ebok.billing.queries.invoices import correction_chain, invoices_for, lines_of, unpaid_for
from ebok.billing.queries.money import entries_for, open_entries_for, payments_for
from ebok.billing.queries.prices import (
    NormOfPoints,
    Settlement,
    TariffOnDay,
    flat_rate_of,
    norms_on,
    price_list,
    prices_on,
    settlements_of,
)
from ebok.billing.queries.readings import last_readings, readings_for, settling_lines
from ebok.billing.queries.statement import PAYMENT, REVERSAL, Movement, Movements, Statement, statement_of
from ebok.billing.queries.usage import (
    Charged,
    Metered,
    MeterFacts,
    billed_usage,
    charges_over,
    metered_usage,
)

__all__ = [
    "NOTHING",
    "PAYMENT",
    "REVERSAL",
    "Ageing",
    "Balance",
    "Charged",
    "Dues",
    "Found",
    "MeterFacts",
    "Metered",
    "Movement",
    "Movements",
    "NormOfPoints",
    "Settlement",
    "Statement",
    "TariffOnDay",
    "ageing_of",
    "balance_of",
    "balances_of",
    "billed_usage",
    "charges_over",
    "correction_chain",
    "dues_of",
    "entries_for",
    "exact",
    "find_everywhere",
    "flat_rate_of",
    "invoices_for",
    "last_readings",
    "lines_of",
    "metered_usage",
    "norms_on",
    "open_entries_for",
    "payments_for",
    "price_list",
    "prices_on",
    "readings_for",
    "settlements_of",
    "settling_lines",
    "statement_of",
    "total_balance",
    "unpaid_for",
]

"""The mirror of the billing system: tariffs, readings, invoices, ledger, payments, balances."""

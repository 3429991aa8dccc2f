"""Addresses of the registers of billing."""

INVOICES = "rozliczenia/faktury"
PAYMENTS = "rozliczenia/wplaty"
LEDGER = "rozliczenia/ksiegowania"
TARIFFS = "rozliczenia/taryfy"
NORMS = "rozliczenia/normy"
READINGS = "ebok_readings"
"""The name of the report's URL."""

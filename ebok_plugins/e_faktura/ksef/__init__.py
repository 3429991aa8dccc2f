"""Structured invoices as KSeF has them: read, checked, kept byte for byte, shown to people."""

"""The public check of bills, accounts and KSeF numbers (C-2)."""

"""Screens of bills, payments, prices and readings in the Wagtail admin (L03, L10, C07, C08)."""

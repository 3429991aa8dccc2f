"""Addresses by zone."""

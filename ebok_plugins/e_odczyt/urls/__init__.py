"""Addresses of this module, a file for each zone."""

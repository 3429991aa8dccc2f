"""Wagtail page models of the public zone."""

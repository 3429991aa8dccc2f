"""Reusable content that editors keep outside pages."""

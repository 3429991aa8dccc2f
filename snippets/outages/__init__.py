"""Outages (komunikaty eksploatacyjne): one object that feeds pages, banner, address check and feeds."""

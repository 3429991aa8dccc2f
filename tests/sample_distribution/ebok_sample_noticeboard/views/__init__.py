"""Views by zone."""

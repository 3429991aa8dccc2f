"""Screens of the kartoteka in the Wagtail admin (L01, L02, C01-C06)."""

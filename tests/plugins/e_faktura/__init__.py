"""Tests of e-Faktura."""

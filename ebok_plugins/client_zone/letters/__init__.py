"""Accounts in bulk (H21): letters with one-time codes, chosen, printed in the background, followed up."""

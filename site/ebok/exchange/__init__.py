"""The import and export engine: sources, profiles, phases, diff, apply, reconciliation.

It knows no customer: rooms and plugins declare datasets to it (`ebok.ports.Dataset`).
"""

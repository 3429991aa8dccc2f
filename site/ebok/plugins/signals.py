"""What the switchboard tells the rooms above it."""

from django.dispatch import Signal

module_switched = Signal()
"""Sent inside the transaction after a plugin was switched on or off for a site.

Arguments: `site`, `plugin` (the PluginConfig), `enabled` (bool), `actor` (a user or None).
"""

"""Switchboard: what a plugin is, how it is found, and where it is switched on."""

"""What this module writes into the journal, and what happens to it when somebody asks to be forgotten."""

from ebok_plugins.e_odczyt.telemetry.declared import EVENTS

events = [*EVENTS]

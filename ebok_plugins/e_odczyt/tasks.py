"""What the minute timer does for this module."""

from ebok_plugins.e_odczyt.telemetry.declared import TASKS

tasks = [*TASKS]

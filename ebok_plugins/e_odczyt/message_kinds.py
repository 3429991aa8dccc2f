"""What this module writes to people."""

from ebok_plugins.e_odczyt.telemetry.declared import MESSAGES

message_kinds = [*MESSAGES]

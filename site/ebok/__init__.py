"""The core of e-BOK: the rooms every zone and module stands on."""

__version__ = "0.1.0"

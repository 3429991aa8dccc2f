"""Models of the snippets app; Django looks for them here, each subject keeps its own file."""

from snippets.outages.models import (
    Outage,
    OutagePublication,
    OutageSettings,
    OutageStreet,
    OutageUpdate,
    Street,
    WaterPoint,
)

__all__ = [
    "Outage",
    "OutagePublication",
    "OutageSettings",
    "OutageStreet",
    "OutageUpdate",
    "Street",
    "WaterPoint",
]

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
from snippets.reusable.models import ReusableInset

__all__ = [
    "Outage",
    "OutagePublication",
    "OutageSettings",
    "OutageStreet",
    "OutageUpdate",
    "ReusableInset",
    "Street",
    "WaterPoint",
]

"""What this module keeps."""

from ebok_plugins.e_odczyt.models.sent import Channel, SentReading, SentState
from ebok_plugins.e_odczyt.models.site_settings import ReadingSettings, ServiceRules, Severity
from ebok_plugins.e_odczyt.models.telemetry import (
    FINDING_KINDS,
    Absence,
    Answer,
    FileState,
    Finding,
    FindingState,
    MeterAlarm,
    RefusedLine,
    RemoteFile,
    RemoteMeter,
    RemoteState,
)

__all__ = [
    "FINDING_KINDS",
    "Absence",
    "Answer",
    "Channel",
    "FileState",
    "Finding",
    "FindingState",
    "MeterAlarm",
    "ReadingSettings",
    "RefusedLine",
    "RemoteFile",
    "RemoteMeter",
    "RemoteState",
    "SentReading",
    "SentState",
    "ServiceRules",
    "Severity",
]

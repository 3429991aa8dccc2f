"""What this module keeps."""

from ebok_plugins.e_odczyt.models.reminders import Reminder
from ebok_plugins.e_odczyt.models.sent import DEAD, WITHDRAWABLE, Channel, SentReading, SentState
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
from ebok_plugins.e_odczyt.models.windows import ReadingWindow

__all__ = [
    "DEAD",
    "FINDING_KINDS",
    "WITHDRAWABLE",
    "Absence",
    "Answer",
    "Channel",
    "FileState",
    "Finding",
    "FindingState",
    "MeterAlarm",
    "ReadingSettings",
    "ReadingWindow",
    "RefusedLine",
    "Reminder",
    "RemoteFile",
    "RemoteMeter",
    "RemoteState",
    "SentReading",
    "SentState",
    "ServiceRules",
    "Severity",
]

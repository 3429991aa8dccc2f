"""What this module keeps."""

from ebok_plugins.e_odczyt.models.reminders import Reminder
from ebok_plugins.e_odczyt.models.sent import DEAD, WITHDRAWABLE, Channel, SentReading, SentState
from ebok_plugins.e_odczyt.models.site_settings import ReadingSettings, ServiceRules, Severity
from ebok_plugins.e_odczyt.models.windows import ReadingWindow

__all__ = [
    "DEAD",
    "WITHDRAWABLE",
    "Channel",
    "ReadingSettings",
    "ReadingWindow",
    "Reminder",
    "SentReading",
    "SentState",
    "ServiceRules",
    "Severity",
]

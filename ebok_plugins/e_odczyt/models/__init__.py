"""What this module keeps."""

from ebok_plugins.e_odczyt.models.sent import DEAD, WITHDRAWABLE, Channel, SentReading, SentState
from ebok_plugins.e_odczyt.models.site_settings import ReadingSettings, ServiceRules, Severity
from ebok_plugins.e_odczyt.models.windows import ReadingWindow

__all__ = [
    "DEAD",
    "WITHDRAWABLE",
    "Channel",
    "ReadingSettings",
    "ReadingWindow",
    "SentReading",
    "SentState",
    "ServiceRules",
    "Severity",
]

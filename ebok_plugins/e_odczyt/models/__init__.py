"""What this module keeps."""

from ebok_plugins.e_odczyt.models.sent import Channel, SentReading, SentState
from ebok_plugins.e_odczyt.models.site_settings import ReadingSettings, ServiceRules, Severity

__all__ = ["Channel", "ReadingSettings", "SentReading", "SentState", "ServiceRules", "Severity"]

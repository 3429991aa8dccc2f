"""One vocabulary for what meters and radio modules report, and the words of vendors that mean it; pure.

The bits are stored with every state, so a bit never changes its meaning; new ones go to the end.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping


class Alarm(enum.IntFlag):
    """What a device may report about itself. The first eight are those of Apator NA-1."""

    LEAK = 1
    REVERSE_FLOW = 2
    MAGNETIC_FIELD = 4
    MEASUREMENT_UNCHANGED = 8
    MINIMUM_FLOW = 16
    MAXIMUM_FLOW = 32
    DEVICE_DISCONNECTED = 64
    BATTERY_LOW = 128
    BURST = 256
    TAMPER = 512
    DRY = 1024
    FROST = 2048
    FAULT = 4096
    """The device says that something is wrong with it, and not what."""


WORDS: Mapping[str, Alarm] = {
    # wmbusmeters drivers/src/apatorna1.xmq (0e650c50): CURRENT_STATUS_FLAGS, HISTORIC_STATUS_FLAGS
    "LEAK": Alarm.LEAK,
    "REVERSE_FLOW": Alarm.REVERSE_FLOW,
    "MAGNETIC_FIELD": Alarm.MAGNETIC_FIELD,
    "MEASUREMENT_UNCHANGED": Alarm.MEASUREMENT_UNCHANGED,
    "MINIMUM_FLOW": Alarm.MINIMUM_FLOW,
    "MAXIMUM_FLOW": Alarm.MAXIMUM_FLOW,
    "DEVICE_DISCONNECTED": Alarm.DEVICE_DISCONNECTED,
    "BATTERY_LOW": Alarm.BATTERY_LOW,
    "BATTERY_LIFETIME_THRESHOLD_EXCEEDED": Alarm.BATTERY_LOW,
    "MAX_SPEED_EXCEEDED": Alarm.MAXIMUM_FLOW,
    # wmbusmeters drivers/src/kamwater.xmq (07f887f6): ERROR_FLAGS; its spelling of AMBIENT is theirs
    "DRY": Alarm.DRY,
    "REVERSE": Alarm.REVERSE_FLOW,
    "BURST": Alarm.BURST,
    "TAMPER": Alarm.TAMPER,
    "LOW_BATTERY": Alarm.BATTERY_LOW,
    "LOW_ABIENT_TEMPERATURE": Alarm.FROST,
    "LOW_AMBIENT_TEMPERATURE": Alarm.FROST,
    "FLOW_ABOVE_Q4": Alarm.MAXIMUM_FLOW,
    "NO_CONSUMPTION": Alarm.MEASUREMENT_UNCHANGED,
    # wmbusmeters izar driver: currentAlarmsText
    "LEAKAGE": Alarm.LEAK,
    "METER_BLOCKED": Alarm.MEASUREMENT_UNCHANGED,
    "BACK_FLOW": Alarm.REVERSE_FLOW,
    "UNDERFLOW": Alarm.MINIMUM_FLOW,
    "OVERFLOW": Alarm.MAXIMUM_FLOW,
    "SUBMARINE": Alarm.FAULT,
    "SENSOR_FRAUD": Alarm.MAGNETIC_FIELD,
    "MECHANICAL_FRAUD": Alarm.TAMPER,
    "GENERAL_ALARM": Alarm.FAULT,
    # Status byte of EN 13757-7, as wmbusmeters writes it
    "POWER_LOW": Alarm.BATTERY_LOW,
    "PERMANENT_ERROR": Alarm.FAULT,
    "TEMPORARY_ERROR": Alarm.FAULT,
    "ERROR": Alarm.FAULT,
    "ALARM": Alarm.FAULT,
    # Alarms of radio modules as Polish utilities call them (Kalisz: battery, backflow, blocked, tamper)
    "WYCIEK": Alarm.LEAK,
    "PRZECIEK": Alarm.LEAK,
    "PRZEPŁYW_WSTECZNY": Alarm.REVERSE_FLOW,
    "COFANIE": Alarm.REVERSE_FLOW,
    "BLOKADA": Alarm.MEASUREMENT_UNCHANGED,
    "INGERENCJA": Alarm.TAMPER,
    "MAGNES": Alarm.MAGNETIC_FIELD,
    "POLE_MAGNETYCZNE": Alarm.MAGNETIC_FIELD,
    "DEMONTAŻ": Alarm.DEVICE_DISCONNECTED,
    "BATERIA": Alarm.BATTERY_LOW,
    "SŁABA_BATERIA": Alarm.BATTERY_LOW,
    "MRÓZ": Alarm.FROST,
}
"""Word of a vendor, in capitals with low lines, to our word."""

SILENT = frozenset({"", "OK", "NO_ALARM", "NONE", "BRAK", "NULL", "-", "0"})
_BETWEEN_WORDS = re.compile(r"[,;|/+\s]+")


def flags_of(*statuses: str) -> int:
    """The alarms these texts name; a word nobody knows is a fault, so that it is not lost."""
    found = Alarm(0)
    for status in statuses:
        whole = re.sub(r"[\s-]+", "_", status.strip().upper())
        if whole in WORDS:
            found |= WORDS[whole]
            continue
        for part in _BETWEEN_WORDS.split(status.strip().upper()):
            word = part if part == "-" else part.replace("-", "_").strip("_")
            if word not in SILENT:
                found |= WORDS.get(word, Alarm.FAULT)
    return int(found)

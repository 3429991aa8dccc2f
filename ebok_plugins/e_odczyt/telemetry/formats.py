"""Lines of files of remote readings, read one by one; pure.

Three ways of writing, told apart by the first line:

- JSON lines of wmbusmeters (`{"_":"telegram","id":"00148686","total_m3":21.93,…}`): time in UTC;
- semicolon fields with a heading that names the columns: wmbusmeters with `--selectfields`, or an export of
  a vendor's program (names of columns in `COLUMNS`); time without a zone is Polish time;
- semicolon fields of wmbusmeters without a heading (`name;id;total_m3;timestamp`), also Polish time.

Numbers of meters stay text: their zeros in front count.
"""

from __future__ import annotations

import csv
import datetime as dt
import enum
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from ebok_plugins.e_odczyt.telemetry.alarms import flags_of
from ebok_plugins.e_odczyt.telemetry.detecting import WARSAW

LONGEST_LINE = 8_000
LARGEST = Decimal(999_999_999)
DELIMITERS = (";", "\t")

COLUMNS: Mapping[str, str] = {
    # wmbusmeters: common fields of `--selectfields`.
    "id": "device",
    "timestamp": "moment",
    "timestamp_lt": "moment",
    "timestamp_utc": "moment_utc",
    "timestamp_ut": "moment_unix",
    "total_m3": "cubic_metres",
    "total_l": "litres",
    "current_status": "status",
    "status": "status",
    "current_alarms": "status",
    # Exports of reading programs, as their users name the columns (OMS tools, IZAR, Polish collectors).
    "meter_id": "device",
    "meter id": "device",
    "device id": "device",
    "serial number": "device",
    "serialnumber": "device",
    "numer": "device",
    "nr licznika": "device",
    "numer licznika": "device",
    "nr wodomierza": "device",
    "numer wodomierza": "device",
    "numer fabryczny": "device",
    "nr modułu": "device",
    "numer nakładki": "device",
    "date": "moment",
    "datetime": "moment",
    "date/time": "moment",
    "reading date": "moment",
    "data": "moment",
    "data odczytu": "moment",
    "data i godzina": "moment",
    "value": "cubic_metres",
    "reading": "cubic_metres",
    "volume [m3]": "cubic_metres",
    "volume [m³]": "cubic_metres",
    "stan": "cubic_metres",
    "stan [m3]": "cubic_metres",
    "stan [m³]": "cubic_metres",
    "odczyt": "cubic_metres",
    "wskazanie": "cubic_metres",
    "volume [l]": "litres",
    "stan [l]": "litres",
    "alarm": "status",
    "alarms": "status",
    "alarmy": "status",
}
"""What a column is, by its name in small letters."""

WITHOUT_HEADING: Mapping[int, Sequence[str]] = {
    4: ("", "device", "cubic_metres", "moment"),
    6: ("", "device", "status", "cubic_metres", "", "moment"),
}
"""Default fields of most water drivers of wmbusmeters, and of Kamstrup's, by their number."""

MOMENTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M.%S",  # as wmbusmeters writes it for people
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%Y-%m-%d",
    "%d.%m.%Y",
)


class Refusal(enum.StrEnum):
    """Why a line was not taken."""

    NOT_READABLE = "not-readable"
    NO_DEVICE = "no-device"
    NO_MOMENT = "no-moment"
    NO_SUCH_HOUR = "no-such-hour"
    NO_STATE = "no-state"
    UNKNOWN_METER = "unknown-meter"
    SEVERAL_METERS = "several-meters"
    IN_FUTURE = "in-future"
    BEFORE_CUSTOMER = "before-customer"
    NOT_MOUNTED = "not-mounted"


class Line(NamedTuple):
    """One state of a meter as a line says it."""

    number: int
    device: str
    moment: datetime
    value: Decimal
    """In cubic metres."""
    flags: int


class Refused(NamedTuple):
    """A line that was not taken, its number in the file and its beginning."""

    number: int
    why: Refusal
    text: str


class _Wrong(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Reader:
    """Reads the lines of one file in their order."""

    columns: Sequence[str] | None = None
    delimiter: str = ";"
    last: dict[str, datetime] = field(default_factory=dict)
    """The last moment of each meter, which tells the two hours apart when the clock goes back."""

    def read(self, lines: Iterable[str], first: int = 1) -> Iterator[Line | Refused]:
        """What each line says; empty lines and the heading say nothing."""
        for number, raw in enumerate(lines, first):
            text = raw.strip("\r\n \ufeff")
            if not text or self._is_heading(text, number):
                continue
            try:
                yield self._line(number, text)
            except _Wrong as wrong:
                # Databases keep no NUL, and what a person reads needs none.
                yield Refused(number, wrong.why, text[:200].replace("\x00", "\ufffd"))

    def _is_heading(self, text: str, number: int) -> bool:
        if self.columns is not None or text.startswith("{"):
            return False
        delimiter = max(DELIMITERS, key=text.count)
        names = [name.strip().strip('"').lower() for name in text.split(delimiter)]
        known = tuple(COLUMNS.get(name, "") for name in names)
        if "device" not in known:
            return False
        self.columns, self.delimiter = known, delimiter
        return True

    def _line(self, number: int, text: str) -> Line:
        if len(text) > LONGEST_LINE or "\x00" in text:
            raise _Wrong(Refusal.NOT_READABLE)
        if text.startswith("{"):
            return self._from_json(number, text)
        return self._from_fields(number, text)

    def _from_json(self, number: int, text: str) -> Line:
        try:
            found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        except (ValueError, RecursionError, InvalidOperation):
            raise _Wrong(Refusal.NOT_READABLE) from None
        if not isinstance(found, dict):
            raise _Wrong(Refusal.NOT_READABLE)
        device = _device(found.get("id"))
        moment = _with_zone(found.get("timestamp"))
        litres = found.get("total_l")
        value = _decimal(found.get("total_m3")) if litres is None else _decimal(litres) / 1000
        flags = flags_of(*(_text(found.get(name)) for name in ("status", "current_status", "current_alarms")))
        flags |= flags_of(
            *(
                alarm
                for name, alarm in LASTING.items()
                if _text(found.get(name)).strip() not in ("", "none", "None")
            )
        )
        return Line(number, device, moment, _checked(value), flags)

    def _from_fields(self, number: int, text: str) -> Line:
        try:
            cells = next(csv.reader([text], delimiter=self.delimiter))
        except (csv.Error, StopIteration):
            raise _Wrong(Refusal.NOT_READABLE) from None
        columns = self.columns or WITHOUT_HEADING.get(len(cells))
        if columns is None or len(cells) < len(columns):
            raise _Wrong(Refusal.NOT_READABLE)
        found: dict[str, str] = {}
        for name, cell in zip(columns, cells, strict=False):
            if name and (name not in found or name == "status"):
                found[name] = f"{found.get(name, '')} {cell}".strip()
        device = _device(found.get("device"))
        moment = self._moment(device, found)
        litres = found.get("litres")
        value = _decimal(litres) / 1000 if litres else _decimal(found.get("cubic_metres"))
        return Line(number, device, moment, _checked(value), flags_of(found.get("status", "")))

    def _moment(self, device: str, found: Mapping[str, str]) -> datetime:
        if found.get("moment_unix"):
            try:
                return datetime.fromtimestamp(int(found["moment_unix"]), dt.UTC)
            except (ValueError, OverflowError, OSError):
                raise _Wrong(Refusal.NO_MOMENT) from None
        if found.get("moment_utc"):
            return _with_zone(found["moment_utc"])
        return self._local(device, found.get("moment", ""))

    def _local(self, device: str, text: str) -> datetime:
        """Polish time; of the hour that comes twice the second, where the first is over already."""
        text = " ".join(text.split())
        for pattern in MOMENTS:
            try:
                bare = datetime.strptime(text, pattern)  # noqa: DTZ007 (the zone comes next)
            except ValueError:
                continue
            break
        else:
            return _with_zone(text)
        if bare.year < 1990:
            raise _Wrong(Refusal.NO_MOMENT)
        moment = bare.replace(tzinfo=WARSAW).astimezone(dt.UTC)
        if moment.astimezone(WARSAW).replace(tzinfo=None) != bare:
            raise _Wrong(Refusal.NO_SUCH_HOUR)
        again = bare.replace(tzinfo=WARSAW, fold=1).astimezone(dt.UTC)
        before = self.last.get(device)
        if again != moment and before is not None and moment <= before < again:
            moment = again
        self.last[device] = moment
        return moment


LASTING: Mapping[str, str] = {
    "time_leaking": "LEAK",
    "time_bursting": "BURST",
    "time_reversed": "REVERSE",
    "time_dry": "DRY",
}
"""Fields of Kamstrup's drivers that say how long something has lasted; empty when it has not."""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _device(value: Any) -> str:
    text = value.strip().strip('"') if isinstance(value, str) else ""
    if not 0 < len(text) <= 60 or not text.isprintable():
        raise _Wrong(Refusal.NO_DEVICE)
    return text


def _with_zone(value: Any) -> datetime:
    """A moment with its zone, ISO 8601."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None or moment.year < 1990:
            raise _Wrong(Refusal.NO_MOMENT)
        return moment.astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        raise _Wrong(Refusal.NO_MOMENT) from None


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))
    if not isinstance(value, str):
        raise _Wrong(Refusal.NO_STATE)
    text = "".join(value.split()).replace(",", ".")
    if not text or len(text) > 20 or not set(text) <= set("0123456789.-+"):
        raise _Wrong(Refusal.NO_STATE)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _Wrong(Refusal.NO_STATE) from None


def _checked(value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 <= value <= LARGEST:
        raise _Wrong(Refusal.NO_STATE)
    return value.quantize(Decimal("0.001"))

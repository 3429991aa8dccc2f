"""Moments that people type on a command line."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

ZONE = ZoneInfo("Europe/Warsaw")


class NoMoment(ValueError):
    """The text is no moment; `sentence` says what is expected."""

    def __init__(self, text: str) -> None:
        words = {"text": text[:40]}
        self.sentence = _("“%(text)s” is not a moment such as 2026-11-22 or 2026-11-22T06:00.") % words
        super().__init__(self.sentence)


def moment_of(text: str) -> datetime | None:
    """The moment, in Warsaw unless it names a zone; a day is its beginning; None for nothing.

    Raises `NoMoment`.
    """
    if not text:
        return None
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)):
            found = datetime.combine(day, time())
    except ValueError:
        found = None
    if found is None:
        raise NoMoment(text)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)

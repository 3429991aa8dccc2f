"""Money and days in words made by the database, for messages stored by one statement.

They read as the template filters `money_text` and `day_year` write them; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Func, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, ExtractDay, ExtractYear, Replace
from django.utils import formats
from django.utils.translation import override

from ebok.look.dates import written

HARD, MINUS = "\u00a0", "\u2212"
TEXT = TextField()


class _Grouped(Func):
    """The size of an amount as "1,234.50", whatever the locale of the database."""

    function = "to_char"
    output_field = TEXT

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Group and point as they stand in the pattern, which no locale changes."""
        return self.as_sql(
            compiler,
            connection,
            template="to_char(abs(%(expressions)s), 'FM999,999,999,999,990.00')",
            **context,
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Through whole hundredths: SQLite keeps amounts as floats and groups whole numbers only."""
        hundredths = "CAST(round(abs(%(expressions)s) * 100) AS integer)"
        sql, params = self.as_sql(
            compiler,
            connection,
            template=f"printf('%%%%,d.%%%%02d', {hundredths} / 100, {hundredths} %%%% 100)",
            **context,
        )
        return sql, [*params, *params]


def money_words(amount: str, language: str) -> Combinable:
    """ "1 234,50 zł" of a column, with hard spaces; a dash for none."""
    with override(language):
        point = str(formats.get_format("DECIMAL_SEPARATOR"))
    grouped = Replace(_Grouped(F(amount)), _text(","), _text(HARD))
    number = Replace(grouped, _text("."), _text(point))
    return Case(
        When(**{f"{amount}__isnull": True}, then=_text("–")),
        When(**{f"{amount}__lt": 0}, then=Concat(_text(MINUS), number, _text(f"{HARD}zł"))),
        default=Concat(number, _text(f"{HARD}zł")),
        output_field=TEXT,
    )


def day_words(day: str, language: str) -> Combinable:
    """ "14 maja 2026" of a column, with hard spaces; a dash for none."""
    with override(language):
        pattern = formats.get_format("DATE_FORMAT")
        names = {month: written(date(2000, month, 1), pattern).split(" ")[1] for month in range(1, 13)}
    name = Case(
        *[
            When(**{f"{day}__month": month}, then=_text(f"{HARD}{word}{HARD}"))
            for month, word in names.items()
        ],
        output_field=TEXT,
    )
    return Case(
        When(**{f"{day}__isnull": True}, then=_text("–")),
        default=Concat(Cast(ExtractDay(day), TEXT), name, Cast(ExtractYear(day), TEXT)),
        output_field=TEXT,
    )


def _text(words: str) -> Value:
    return Value(words, output_field=TEXT)


def in_language(spoken: str, words: Callable[[str], Combinable]) -> Combinable:
    """What `words` makes, in the language named by the column `spoken`, or in the portal's own."""
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return Case(
        *[When(**{spoken: code}, then=words(code)) for code in others],
        default=words(settings.LANGUAGE_CODE),
        output_field=TEXT,
    )

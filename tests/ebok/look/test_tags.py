"""The tag library `eb`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from ebok.look.templatetags import eb


def drawn(source: str, **context: Any) -> str:
    """A snippet of template, in Polish."""
    with translation.override("pl"):
        return engines["django"].from_string("{% load eb %}" + source).render(context)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("412.55"), "412,55\u00a0zł"),
        (Decimal("-18.3"), "\u221218,30\u00a0zł"),
        (Decimal("1234567.895"), "1\u00a0234\u00a0567,90\u00a0zł"),
        (0, "0,00\u00a0zł"),
        (None, "–"),
        ("nic", "–"),
        (Decimal("NaN"), "–"),
        (float("inf"), "–"),
    ],
)
def test_money(value: Any, text: str) -> None:
    assert drawn("{% money value %}", value=value) == f'<span class="eb-money">{text}</span>'


def test_money_in_english() -> None:
    with translation.override("en"):
        assert eb.money_text(Decimal("1412.55")) == "1\u00a0412.55\u00a0zł"


MOMENT = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("day_month", "14\u00a0maja"),
        ("day_year", "14\u00a0maja\u00a02026"),
        ("day_short", "14.05.2026"),
        ("day_number", "14"),
        ("month_name", "maja"),
        ("weekday", "czwartek"),
        ("hour", "6:00"),
        ("day_hour", "14\u00a0maja, 6:00"),
        ("iso", "2026-05-14T06:00"),
    ],
)
def test_dates_are_polish_and_local(name: str, text: str) -> None:
    assert drawn("{{ moment|" + name + " }}", moment=MOMENT) == text


def test_long_months_are_shortened_on_a_leaf() -> None:
    assert drawn("{{ day|month_name }}", day=date(2026, 11, 22)) == "lis"
    with translation.override("en"):
        assert eb.month_name(date(2026, 11, 22)) == "Nov"


@time_machine.travel(datetime(2026, 5, 14, 22, 30, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 5, 15), "dziś"),  # it is half past midnight in Warsaw
        (date(2026, 5, 16), "jutro"),
        (date(2026, 5, 14), "wczoraj"),
        (date(2026, 5, 20), "20\u00a0maja"),
    ],
)
def test_near_days_have_names(day: date, text: str) -> None:
    assert drawn("{{ day|relative_day }}", day=day) == text


@pytest.mark.parametrize("name", ["day_month", "day_year", "day_short", "hour", "relative_day", "iso"])
@pytest.mark.parametrize("value", [None, "", "wczoraj", 7])
def test_what_is_no_date_is_empty(name: str, value: Any) -> None:
    assert drawn("{{ value|" + name + " }}", value=value) == ""


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("Woda i ścieki", "Woda i\u00a0ścieki"),
        ("W nocy i w dzień", "W\u00a0nocy i\u00a0w\u00a0dzień"),
        ("ul. Lipowa", "ul.\u00a0Lipowa"),
        ("Kasia", "Kasia"),
        ("taxi jedzie", "taxi jedzie"),
    ],
)
def test_short_words_stay_with_the_next(text: str, tied: str) -> None:
    assert drawn("{{ text|hard_spaces }}", text=text) == tied


def test_hard_spaces_keep_escaping() -> None:
    assert drawn("{{ text|hard_spaces }}", text="a <b> i c") == "a\u00a0&lt;b&gt; i\u00a0c"


@pytest.mark.parametrize(
    ("size", "text"), [(1, "1\u00a0KB"), (184320, "180\u00a0KB"), (1468006, "1,4\u00a0MB"), ("x", "")]
)
def test_file_sizes(size: Any, text: str) -> None:
    assert drawn("{{ size|file_size }}", size=size) == text


def test_an_icon_is_drawn_inline_and_hidden_from_screen_readers() -> None:
    html = drawn('{% icon "phone" "s" %}')
    assert html.startswith(
        '<svg class="eb-i eb-i--s" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path'
    )


@pytest.mark.parametrize("name", ["", "nie-ma", "../base", "phone\x00", "x" * 1000])
def test_an_unknown_icon_is_a_page(name: str) -> None:
    assert drawn("{% icon name %}", name=name) == drawn('{% icon "page" %}')


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Kowalczyk", "AK"), ("anna@lipowo.example", "AL"), ("Anna", "A"), ("", ""), (None, "")],
)
def test_initials(name: str | None, letters: str) -> None:
    assert eb.initials(name) == letters


def test_paging_keeps_the_rest_of_the_query(rf: RequestFactory) -> None:
    html = drawn("{% page_query p=3 %}", request=rf.get("/", {"q": "a&b", "p": "2"}))
    assert html == "?q=a%26b&amp;p=3"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("curl/8", ""),
        (None, ""),
    ],
)
def test_browsers_have_names(agent: str | None, words: str) -> None:
    assert eb.browser_name(agent) == words

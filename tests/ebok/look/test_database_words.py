"""Words the database makes read as those of the templates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from ebok.billing.models import Invoice
from ebok.look.database_words import day_words, in_language, money_words
from ebok.look.templatetags.eb import day_year, money_text
from ebok.testing import mirror

pytestmark = pytest.mark.django_db

AMOUNTS = ("0.00", "0.05", "1.10", "-0.99", "999.99", "1000.00", "-1234567.80", "9999999.95", "0.29", "1.15")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_money_reads_as_in_the_templates(language: str) -> None:
    owner = mirror.customer(code="KWOTY")
    for number, amount in enumerate(AMOUNTS):
        mirror.invoice(owner, amount, date(2026, 1, 1), number=f"FV/{number}")
    made = Invoice.objects.annotate(words=money_words("gross", language)).order_by("pk")
    with override(language):
        assert [row.words for row in made] == [money_text(Decimal(amount)) for amount in AMOUNTS]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_days_read_as_in_the_templates(language: str) -> None:
    owner = mirror.customer(code="DNI")
    days = [date(2026, month, 1 + month * 2) for month in range(1, 13)]
    for number, day in enumerate([*days, None]):
        mirror.invoice(owner, "1.00", date(2026, 1, 1), number=f"FV/{number}", due_on=day)
    made = Invoice.objects.annotate(words=day_words("due_on", language)).order_by("pk")
    with override(language):
        assert [row.words for row in made] == [*[day_year(day) for day in days], "–"]


def test_an_unknown_language_reads_as_the_portal() -> None:
    owner = mirror.customer(code="JEZYK", name="de")
    mirror.invoice(owner, "1.50", date(2026, 1, 1), number="FV/1")
    made = Invoice.objects.annotate(
        words=in_language("customer__name", lambda code: money_words("gross", code))
    )
    assert made.get().words == "1,50\u00a0zł"

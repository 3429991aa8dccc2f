"""The PDF of a bill beside WeasyPrint: `python -m tests.bench pdf`. Both tagged (PDF/UA-1), both warm.

The same bill: head, facts, two tables of lines, sums, two codes. WeasyPrint gets it as HTML with hardly any
style, which is in its favour.
"""

from __future__ import annotations

import base64
import os
import statistics
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import django
from django.utils import timezone

import ebok_plugins
from ebok.look.printing import pdf_of
from ebok_plugins.e_faktura.codes import images
from tests.bench.figures import Figure, at_least, told

SHEET = Path(ebok_plugins.__file__).parent / "e_faktura" / "pdf" / "bill.typ"
RUNS = 9
LIMIT = 8.0
LINES = 6
CHECK = "https://bok.example/faktura/sprawdz/?numer=FV/2026/05/000123&kwota=133.22&kod=73K7VMGW"
TRANSFER = "5260250274|PL|61109010140000071219812874|013322|Wodociagi Sp. z o.o.|FV/2026/02/000123|||"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
    '<path fill="#0b6070" d="M20 1l15 23H5z"/></svg>'
)


def measure() -> list[Figure]:
    """The ratio of the medians, and what each takes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.settings.dev")
    django.setup()
    sheet = _sheet()
    ours = _median(lambda: pdf_of(SHEET, sheet, moment=timezone.now()))
    name = "PDF/UA bill, WeasyPrint / typst"
    try:
        import weasyprint  # type: ignore[import-untyped]  # has no types
    except (ImportError, OSError):
        return [told(name, f"typst {ours * 1e3:.0f} ms; WeasyPrint is not here")]
    page = _page(sheet)
    theirs = _median(lambda: weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"))
    return [at_least(name, LIMIT, theirs / ours, f"{theirs * 1e3:.0f} ms / {ours * 1e3:.0f} ms")]


def _median(make: Callable[[], Any]) -> float:
    make()
    times = []
    for _run in range(RUNS):
        begin = time.perf_counter()
        make()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _sheet() -> dict[str, Any]:
    states = ["100\n30.04.2026", "110\n31.05.2026", "10 m³", "5,44", "54,40", "8 %", "58,75"]
    lines = [[f"Woda {place}\npunkt P-1 · licznik M-{place}", *states] for place in range(LINES)]
    fixed = [["Opłata abonamentowa\npunkt P-1", "1 mies.", "7,20", "7,20", "8 %", "7,78"]] * LINES
    head = ["Netto", "VAT", "Brutto"]
    sums = ["100,00", "8,00", "108,00"]
    return {
        "language": "pl",
        "title": "Faktura FV/2026/05/000123",
        "heading": "Faktura FV/2026/05/000123",
        "logo": LOGO,
        "logo_alt": "Logo",
        "issuer": ["Wodociągi Sp. z o.o.", "ul. Wodna 1", "62-998 Lipowo"],
        "buyer_label": "Nabywca",
        "buyer": ["Maria Wiśniewska", "ul. Ogrodowa 14/3"],
        "facts": [["Data wystawienia", "31 maja 2026"], ["Termin", "14 czerwca 2026"]],
        "sum_label": "Kwota do zapłaty",
        "sum_words": "Termin płatności: 14 czerwca 2026",
        "sum": "133,22 zł",
        "sections": [
            {
                "title": "Opłaty za zużycie",
                "has_meters": True,
                "head": ["Za co", "Odczyt poprzedni", "Odczyt bieżący", "Zużycie", "Cena", *head],
                "rows": lines,
                "sums": ["Razem", "", "", "", "", *sums],
            },
            {
                "title": "Opłaty stałe",
                "has_meters": False,
                "head": ["Za co", "Ilość", "Cena", *head],
                "rows": fixed,
                "sums": ["Razem", "", "", *sums],
            },
        ],
        "rates_label": "Sumy według stawek VAT",
        "rates_head": ["Stawka VAT", *head],
        "rates": [["8 %", *sums]],
        "rates_sums": ["Razem", *sums],
        "chain": [],
        "pay_label": "Jak zapłacić",
        "pay": [["Odbiorca", "Wodociągi Sp. z o.o."], ["Rachunek", "61 1090 1014 0000 0712 1981 2874"]],
        "pay_words": [],
        "codes": [
            {
                "picture": images.svg(TRANSFER, error="l").decode(),
                "alt": "Kod przelewu",
                "label": "Przelew",
                "said": "",
            },
            {
                "picture": images.svg(CHECK).decode(),
                "alt": "Kod z adresem",
                "label": "Czy ta faktura jest prawdziwa?",
                "said": "73K7-VMGW",
            },
        ],
        "check_words": "Zeskanuj drugi kod.",
        "ksef_words": "",
        "notes": [],
        "footer": "FV/2026/05/000123",
        "page": "strona",
    }


def _page(sheet: dict[str, Any]) -> str:
    tables = "".join(
        f"<h2>{escape(section['title'])}</h2>{_table(section['head'], [*section['rows'], section['sums']])}"
        for section in sheet["sections"]
    )
    pictures = [base64.b64encode(code["picture"].encode()).decode() for code in sheet["codes"]]
    codes = "".join(
        f'<img alt="kod" width="120" src="data:image/svg+xml;base64,{picture}">' for picture in pictures
    )
    facts = "".join(
        f"<p>{escape(label)}: {escape(value)}</p>" for label, value in [*sheet["facts"], *sheet["pay"]]
    )
    rates = _table(sheet["rates_head"], [*sheet["rates"], sheet["rates_sums"]])
    return (
        f'<html lang="pl"><head><title>{escape(sheet["title"])}</title></head><body>'
        f"<h1>{escape(sheet['heading'])}</h1>{facts}{tables}<h2>VAT</h2>{rates}{codes}</body></html>"
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"

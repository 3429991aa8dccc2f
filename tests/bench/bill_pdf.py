"""The PDF of a bill beside WeasyPrint: `python -m tests.bench pdf`. Both tagged (PDF/UA-1), both warm.

The same bill with the same look: head with the logo, facts, the sum in its box, two tables of lines, sums,
two codes, a foot with the number of the page. WeasyPrint gets it as HTML with the sizes, widths and colours
of our sheet.
"""

from __future__ import annotations

import base64
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
STYLE = """
@page { size: A4; margin: 14mm 20mm 20mm; @bottom-left { content: "FV/2026/05/000123"; font-size: 9pt;
  color: #485d68 } @bottom-right { content: "strona " counter(page) " / " counter(pages); font-size: 9pt;
  color: #485d68 } }
body { font: 10pt/1.3 serif; margin: 0 }
h1 { font-size: 17pt; color: #073c48; margin: 0 0 2mm } h2 { font-size: 11.5pt; color: #073c48 }
header, .facts, .sum, .pay { display: flex; gap: 4mm } header { font-size: 9pt; color: #485d68 }
.facts div { flex: 1 } .facts small, .sum small, .pay small { display: block; font-size: 9pt; color: #485d68 }
.sum { background: #e2f1f1; border-radius: 3mm; padding: 4mm; justify-content: space-between }
.sum b { font-size: 18pt } .pay { break-inside: avoid } figcaption { font-size: 8.5pt; font-weight: bold }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt }
th, td { padding: 1.2mm; border-bottom: .6pt solid #d7e1e4; text-align: right; vertical-align: top }
th:first-child, td:first-child { text-align: left }
td small { display: block; font-size: 7.5pt; color: #485d68 }
tbody tr:last-child td { font-weight: bold }
"""


def measure() -> list[Figure]:
    """The ratio of the medians, and what each takes."""
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
    rates = _table(sheet["rates_head"], [*sheet["rates"], sheet["rates_sums"]])
    codes = "".join(
        f'<figure><img alt="{escape(code["alt"])}" width="113" src="{_picture(code["picture"])}">'
        f"<figcaption>{escape(code['label'])}<br>{escape(code['said'])}</figcaption></figure>"
        for code in sheet["codes"]
    )
    return (
        f'<html lang="pl"><head><title>{escape(sheet["title"])}</title><style>{STYLE}</style></head><body>'
        f'<header><img alt="{sheet["logo_alt"]}" height="49" src="{_picture(sheet["logo"])}">'
        f"<p>{'<br>'.join(map(escape, sheet['issuer']))}</p></header><h1>{escape(sheet['heading'])}</h1>"
        f'<div class="facts"><div><small>{sheet["buyer_label"]}</small><b>{escape(sheet["buyer"][0])}</b><br>'
        f"{escape(sheet['buyer'][1])}</div>{_facts(sheet['facts'])}</div>"
        f'<div class="sum"><div><small>{sheet["sum_label"]}</small>{sheet["sum_words"]}</div>'
        f"<b>{sheet['sum']}</b></div>{tables}<h2>{sheet['rates_label']}</h2>{rates}<h2>{sheet['pay_label']}</h2>"
        f'<div class="pay">{_facts(sheet["pay"])}{codes}</div><p>{sheet["check_words"]}</p></body></html>'
    )


def _picture(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _facts(pairs: list[list[str]]) -> str:
    return "".join(f"<div><small>{escape(label)}</small>{escape(value)}</div>" for label, value in pairs)


def _cell(value: str) -> str:
    first, *more = map(escape, value.split("\n"))
    return f"<td>{first}{f'<small>{more[0]}</small>' if more else ''}</td>"


def _table(head: list[str], rows: list[list[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"

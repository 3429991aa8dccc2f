"""The living catalogue: every component drawn from its own template with sample words.

The sample words are Polish in every language: they show how a page of ours reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ebok.look.charts import Point, bar_chart
from ebok.look.forms import CounterInput, DateInput


@dataclass(frozen=True)
class Sample:
    """A component: its template and variables to draw it with."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A group of components under a heading."""

    title: Any
    samples: Sequence[Sample]


class SampleForm(forms.Form):
    """One field of each kind, in sample words."""

    street = forms.CharField(label="Ulica i numer", help_text="Na przykład ul. Lipowa 2", max_length=80)
    district = forms.ChoiceField(
        label="Rejon", choices=[("", "Wybierz"), ("centrum", "Centrum"), ("zacisze", "Zacisze")]
    )
    answer = forms.ChoiceField(
        label="Jak odpowiedzieć?",
        widget=forms.RadioSelect,
        choices=[("mail", "E-mailem"), ("sms", "SMS-em")],
        initial="mail",
    )
    what = forms.MultipleChoiceField(
        label="Co się dzieje?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("dry", "Brak wody"), ("leak", "Wyciek"), ("cloudy", "Mętna woda")],
        required=False,
    )
    counter = forms.IntegerField(
        label="Stan dziś, czarne cyfry",
        help_text="Poprzednio 412 m³ · 15 kwietnia",
        widget=CounterInput(unit="m³"),
        min_value=412,
        error_messages={"min_value": "Odczyt nie może być niższy niż poprzedni (412)."},
    )
    since = forms.DateField(label="Od kiedy", widget=DateInput(), required=False)
    text = forms.CharField(label="Opis", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    photo = forms.FileField(label="Zdjęcie", required=False)
    agreed = forms.BooleanField(label="Stan jest dobry, sprawdzone")


@never_cache
@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    """Draw the catalogue in the reader's own variant."""
    return render(request, "look/style.html", {"title": _("Style"), "sections": sections()})


def sections() -> list[Section]:
    """All components in the order of the design guide."""
    return [
        Section(_("Home page"), _home_samples()),
        Section(_("Cards and lists"), _list_samples()),
        Section(_("States"), _state_samples()),
        Section(_("Forms"), _form_samples()),
        Section(_("Tables, charts, maps"), _data_samples()),
    ]


def _home_samples() -> list[Sample]:
    now = timezone.localtime()
    outage = {
        "kind": "awaria",
        "place": "ul. Lipowa 2–40 i Krótka",
        "what": "bez wody",
        "ends_at": now + timedelta(hours=3),
        "url": "#",
    }
    tiles = [
        {"title": "Zapłać rachunek", "hint": "BLIK, karta lub szybki przelew", "url": "#", "icon": "card"},
        {"title": "Podaj odczyt", "hint": "Wystarczy numer licznika", "url": "#", "icon": "meter"},
        {"title": "Zgłoś awarię", "hint": "Wyciek, brak wody", "url": "#", "icon": "wrench"},
        {"title": "Sprawdź fakturę", "hint": "Wyjaśnimy każdą pozycję", "url": "#", "icon": "invoice"},
    ]
    return [
        Sample("public/outage_banner.html", {"outages": [outage], "outages_url": "#", "more_count": 2}),
        Sample("components/hero.html", {"title": "Dzień dobry!\nCo załatwiamy?", "text": "Bez kolejki."}),
        Sample("components/quick.html", {"tiles": tiles}),
        Sample(
            "components/search.html",
            {"label": "Czego szukasz?", "action": "#", "id": "styl-szukaj", "value": "odczyt"},
        ),
    ]


def _list_samples() -> list[Sample]:
    rows = [
        {
            "title": "Reklamacja faktury",
            "meta": "wczoraj, 14:10",
            "url": "#",
            "icon": "message",
            "tag": "Nowe",
            "tag_tone": "ok",
        },
        {"title": "Wymiana wodomierza", "meta": "Monter będzie 22 maja", "url": "#", "icon": "wrench"},
        {"title": "ul. Krótka", "end": "1–12"},
    ]
    steps = [
        {
            "state": "past",
            "title": "Zgłoszenie",
            "time": "11:42",
            "text": "Dziękujemy mieszkance ul. Lipowej.",
        },
        {"state": "now", "title": "Naprawa trwa", "time": "od 13:05", "text": "Wymieniamy 4 metry rury."},
        {
            "state": "next",
            "title": "Woda w kranach",
            "time": "ok. 16:30",
            "text": "Damy znać, gdy czas się zmieni.",
        },
    ]
    day = timezone.localdate()
    return [
        Sample(
            "components/card.html",
            {
                "title": "Jakość wody",
                "id": "styl-karta",
                "text": "Wszystkie próbki w normie.",
                "link_url": "#",
                "link_text": "Wyniki",
            },
        ),
        Sample(
            "components/card.html",
            {
                "title": "Sprawdź swój adres",
                "id": "styl-karta-2",
                "text": "Wpisz ulicę i numer.",
                "tone": "strong",
            },
        ),
        Sample("components/rows.html", {"rows": rows}),
        Sample(
            "components/outage_row.html",
            {
                "day": day,
                "title": "ul. Młyńska 1–25: przerwa 8:00–13:00",
                "meta": "Wymiana zasuwy.",
                "url": "#",
            },
        ),
        Sample(
            "components/download_row.html",
            {"title": "Taryfa od 1 stycznia", "meta": "PDF, 180 KB", "url": "#"},
        ),
        Sample(
            "look/style_news.html",
            {
                "items": [
                    {
                        "day": day,
                        "title": "Odczyt podasz także SMS-em",
                        "text": "Pokazujemy, jak to zrobić.",
                        "url": "#",
                    }
                ]
                * 3
            },
        ),
        Sample("components/timeline.html", {"steps": steps}),
        Sample(
            "components/facts.html", {"pairs": [("Zużycie", "19 m³"), ("Zwykle", "6 m³")], "spread": True}
        ),
        Sample("components/opening_hours.html"),
        Sample(
            "components/breadcrumb.html",
            {"crumbs": [("Strona główna", "#"), ("Awarie", "#"), ("ul. Lipowa", "")]},
        ),
    ]


def _state_samples() -> list[Sample]:
    return [
        Sample("components/sum.html", {"value": Decimal("412.55")}),
        Sample("components/tag.html", {"text": "Zapłacona", "tone": "ok"}),
        Sample("components/tag.html", {"text": "Do zapłaty", "tone": "due"}),
        Sample("components/tag.html", {"text": "Po terminie", "tone": "bad"}),
        Sample("components/tag.html", {"text": "Rozliczona", "tone": "mute"}),
        Sample("components/note.html", {"title": "Dobrze wiedzieć.", "text": "Czerwone cyfry pomiń."}),
        Sample(
            "components/note.html",
            {"tone": "ok", "title": "Mamy Twoje zgłoszenie.", "text": "Odpowiemy do 28 maja."},
        ),
        Sample(
            "components/note.html",
            {"tone": "due", "title": "To trzy razy więcej niż zwykle.", "text": "Sprawdź cyfry."},
        ),
        Sample(
            "components/note.html",
            {"tone": "bad", "title": "Jedna faktura jest po terminie.", "text": "Zapłać dziś."},
        ),
        Sample(
            "components/empty.html",
            {
                "icon": "invoice",
                "title": "Nie masz jeszcze faktur",
                "text": "Pierwsza przyjdzie w czerwcu.",
                "url": "#",
                "action": "Jak działa e-faktura",
            },
        ),
        Sample("components/progress.html", {"percent": 35, "label": "Odczytano 12 z 34 liczników"}),
        Sample(
            "components/action_bar.html",
            {
                "label": "Wybrane faktury",
                "text": "3 faktury, w tym 1 po terminie",
                "action": "Zapłać wybrane (3)",
                "sum": Decimal("412.55"),
                "clear_url": "#",
                "clear_text": "Odznacz",
            },
        ),
    ]


def _form_samples() -> list[Sample]:
    refused = SampleForm({"counter": "139", "answer": "mail", "district": ""}, auto_id="styl_%s")
    return [
        Sample("components/error_summary.html", {"form": refused}),
        Sample("look/style_form.html", {"form": refused}),
    ]


def _data_samples() -> list[Sample]:
    page = Paginator(range(1000), 20).page(3)
    points = [
        {
            "number": 1,
            "title": "Cysterna, róg Lipowej i Parkowej",
            "meta": "dziś 12:30–20:00",
            "lat": 52.41,
            "lon": 16.93,
        },
        {
            "number": 2,
            "title": "Szkoła nr 3, ul. Krótka 12",
            "meta": "dziś 13:00–18:00",
            "lat": 52.405,
            "lon": 16.94,
        },
    ]
    return [
        Sample("components/chart.html", {"chart": _sample_chart()}),
        Sample("components/map.html", {"points": points, "id": "styl-mapa", "label": "Punkty z wodą"}),
        Sample("look/style_table.html", {"rows": _sample_rows()}),
        Sample("components/pagination.html", {"page": page}),
    ]


def _sample_chart() -> Any:
    months = ["maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru", "sty", "lut", "mar", "kwi"]
    values = [9, 10, 11, 10, 8, 7, 7, 6, 7, 6, 6, 7]
    before = [10, 11, 12, 11, 8, 8, 7, 8, 7, 6, 7, 7]
    return bar_chart(
        [Point(month, month, value, last) for month, value, last in zip(months, values, before, strict=True)],
        title="Zużycie wody w m³",
        unit="m³",
        period_label="Miesiąc",
        series="ostatnie 12 miesięcy",
        now_label="ostatni odczyt",
        reference="rok wcześniej",
    )


def _sample_rows() -> list[dict[str, Any]]:
    today = datetime(2026, 5, 14, 6, tzinfo=timezone.get_default_timezone())
    return [
        {
            "number": "FV/2026/05/00413",
            "what": "Ścieki, kwiecień",
            "term": today + timedelta(days=14),
            "gross": Decimal("141.40"),
            "tag": "Do zapłaty",
            "tone": "due",
        },
        {
            "number": "FV/2026/04/01873",
            "what": "Woda, marzec",
            "term": today - timedelta(days=14),
            "gross": Decimal("128.40"),
            "tag": "Po terminie",
            "tone": "bad",
        },
        {
            "number": "FK/2026/03/00031",
            "what": "Korekta, styczeń",
            "term": None,
            "gross": Decimal("-18.30"),
            "tag": "Rozliczona",
            "tone": "mute",
        },
    ]

"""A survey with every kind of question and enough answers to draw."""

from __future__ import annotations

from datetime import timedelta

from wagtail.models import Page

from page_types.demo.building import Pair, Planter, Words, text
from page_types.survey import QuestionKind, SurveyAnswer, SurveyPage, SurveyQuestion

ANSWERS = 47


def plant(planter: Planter, home: Pair) -> None:
    """The survey in both languages, the Polish one with answers."""
    pair = planter.plant(
        home,
        SurveyPage,
        Words(
            "Jak oceniasz nasze biuro?",
            "ankieta",
            "Pięć pytań, dwie minuty. Z odpowiedzi korzystamy, gdy zmieniamy godziny i portal.",
            [text("<p>Nie pytamy, kim jesteś. Możesz pominąć każde pytanie poza pierwszym.</p>")],
            {"thanks": "Wyniki przeczytamy w pierwszym tygodniu miesiąca."},
        ),
        Words(
            "How do you like our office?",
            "survey",
            "Five questions, two minutes.",
            [text("<p>We do not ask who you are.</p>")],
            {"thanks": "We read the results in the first week of the month."},
        ),
        is_anonymous=True,
        results_public=True,
        days_ago=45,
        finish=_ask,
    )
    survey = pair.polish
    if not SurveyAnswer.objects.filter(page_id=survey.pk).exists():
        _answer(survey, planter)


def _ask(page: Page, language: str) -> None:
    for order, (kind, required, polish, english) in enumerate(QUESTIONS):
        label, choices, low, high = polish if language == "pl" else english
        SurveyQuestion.objects.create(
            page=page,
            sort_order=order,
            kind=kind,
            required=required,
            label=label,
            choices="\n".join(choices),
            low_label=low,
            high_label=high,
        )


def _answer(survey: Page, planter: Planter) -> None:
    """Answers that follow a pattern, so that every load draws the same charts."""
    rate, channel, like, hours, words = SurveyQuestion.objects.filter(page_id=survey.pk).order_by(
        "sort_order"
    )
    said = [
        "Więcej kas w poniedziałek.",
        "Bardzo miła obsługa, dziękuję.",
        "Proszę o SMS, gdy nie ma wody.",
        "Portal działa mi na telefonie bez zarzutu.",
    ]
    rows = []
    for number in range(ANSWERS):
        answers = {
            rate.key: (5, 4, 5, 3, 4, 5, 2, 4)[number % 8],
            channel.key: channel.options[(0, 1, 0, 2, 1, 0, 3)[number % 7]],
            like.key: [option for place, option in enumerate(like.options) if (number + place) % 3],
        }
        if number % 5 == 0:
            answers[words.key] = said[(number // 5) % len(said)]
        if number % 4 == 0:
            answers[hours.key] = "poniedziałek po 15:00"
        day = (planter.world.now - timedelta(days=40 - number * 40 // ANSWERS)).date()
        rows.append(SurveyAnswer(page_id=survey.pk, sent_on=day, answers=answers))
    SurveyAnswer.objects.bulk_create(rows)


QUESTIONS = [
    (
        QuestionKind.SCALE,
        True,
        ("Jak oceniasz ostatnią wizytę lub rozmowę?", [], "bardzo źle", "bardzo dobrze"),
        ("How was your last visit or call?", [], "very bad", "very good"),
    ),
    (
        QuestionKind.ONE,
        False,
        (
            "Jak najchętniej załatwiasz sprawy?",
            ["przez portal", "telefonicznie", "w biurze", "listownie"],
            "",
            "",
        ),
        (
            "How do you like to settle things?",
            ["on the portal", "by telephone", "in the office", "by letter"],
            "",
            "",
        ),
    ),
    (
        QuestionKind.MANY,
        False,
        (
            "Co jest dla Ciebie ważne?",
            ["krótka kolejka", "jasny rachunek", "szybka naprawa awarii", "powiadomienia SMS"],
            "",
            "",
        ),
        (
            "What matters to you?",
            ["a short queue", "a clear bill", "quick repairs", "text messages"],
            "",
            "",
        ),
    ),
    (
        QuestionKind.LINE,
        False,
        ("Kiedy biuro powinno być otwarte dłużej?", [], "", ""),
        ("When should the office be open longer?", [], "", ""),
    ),
    (
        QuestionKind.TEXT,
        False,
        ("Co poprawić?", [], "", ""),
        ("What should we improve?", [], "", ""),
    ),
]

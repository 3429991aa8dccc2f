"""Surveys: the form, its traps, anonymity, results and their export."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from ebok.accounts.models import User
from page_types import survey_results
from page_types.survey import QuestionKind, SurveyAnswer, SurveyPage, SurveyQuestion
from page_types.survey_forms import FASTEST_SECONDS, OLDEST_SECONDS, SALT
from tests.page_types.conftest import Town

NOW = datetime(2026, 5, 14, 12, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def survey(town: Town) -> SurveyPage:
    """A survey with a question of every kind; the first must be answered."""
    page: SurveyPage = town.plant(SurveyPage, "ankieta", title="Ankieta")
    kinds = [
        ("Ocena?", QuestionKind.SCALE, "", True),
        ("Jak?", QuestionKind.ONE, "portal\nbiuro", False),
        ("Co ważne?", QuestionKind.MANY, "cena\nczas\nmiło", False),
        ("Kiedy?", QuestionKind.LINE, "", False),
        ("Uwagi?", QuestionKind.TEXT, "", False),
    ]
    for order, (label, kind, choices, required) in enumerate(kinds):
        SurveyQuestion.objects.create(
            page=page, sort_order=order, label=label, kind=kind, choices=choices, required=required
        )
    return page


def stamp(seconds_ago: float = 60) -> str:
    """What the form carried when it was opened so long ago."""
    with time_machine.travel(timezone.now() - timedelta(seconds=seconds_ago), tick=False):
        return signing.TimestampSigner(salt=SALT).sign("survey")


def answers(survey: SurveyPage, **changes: Any) -> dict[str, Any]:
    """A whole form as a browser sends it; values by question number (`p1=…`)."""
    questions = list(survey.questions.all())
    given: dict[str, Any] = {"p1": "4", "p2": "biuro", "p3": ["cena", "czas"], "p4": "rano", "p5": "Miło."}
    extra = {name: changes.pop(name) for name in list(changes) if not name.startswith("p")}
    given.update(changes)
    sent = {questions[int(name[1:]) - 1].key: value for name, value in given.items() if value is not None}
    return {"opened": stamp(), "website": "", **sent, **extra}


@pytest.mark.feature("G10")
def test_the_page_is_kept_and_the_form_is_not(client: Client, survey: SurveyPage) -> None:
    page = client.get("/ankieta/")
    assert page["Cache-Control"].startswith("public")
    assert "csrfmiddlewaretoken" not in page.text
    assert 'href="/ankieta/wypelnij/"' in page.text
    form = client.get("/ankieta/wypelnij/")
    assert form["Cache-Control"] == "no-store"
    assert "csrfmiddlewaretoken" in form.text
    assert form.text.count('class="govuk-form-group') == 5


@pytest.mark.feature("G10")
def test_answers_are_stored_and_thanked_for(client: Client, survey: SurveyPage) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = client.post("/ankieta/wypelnij/", answers(survey), follow=True)
    assert answer.redirect_chain == [("/ankieta/dziekujemy/", 302)]
    assert "Mamy Twoje odpowiedzi" in answer.text
    stored = SurveyAnswer.objects.get()
    assert list(stored.answers.values()) == [4, "biuro", ["cena", "czas"], "rano", "Miło."]
    assert stored.sent_on == NOW.date()


@pytest.mark.feature("G10")
@pytest.mark.parametrize("anonymous", [True, False])
def test_who_answered_is_known_only_when_the_survey_says_so(
    survey: SurveyPage, signed_in: Any, client_user: User, anonymous: bool
) -> None:
    SurveyPage.objects.filter(pk=survey.pk).update(is_anonymous=anonymous)
    signed_in(client_user).post("/ankieta/wypelnij/", answers(survey))
    stored = SurveyAnswer.objects.get()
    assert stored.user == (None if anonymous else client_user)
    columns = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert columns == {"id", "page", "sent_on", "answers", "user"}


def test_a_form_needs_its_token(survey: SurveyPage) -> None:
    assert Client(enforce_csrf_checks=True).post("/ankieta/wypelnij/", answers(survey)).status_code == 403


def test_a_robot_is_thanked_and_forgotten(client: Client, survey: SurveyPage) -> None:
    sent = client.post("/ankieta/wypelnij/", answers(survey, website="http://spam.example"))
    assert sent.status_code == 302
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize(
    ("age", "sentence"),
    [(FASTEST_SECONDS - 2, "bardzo szybko"), (OLDEST_SECONDS + 10, "czekał zbyt długo")],
)
def test_too_fast_and_too_old_forms_come_back(
    client: Client, survey: SurveyPage, age: int, sentence: str
) -> None:
    answer = client.post("/ankieta/wypelnij/", answers(survey, opened=stamp(age)))
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "<title>Błąd:" in answer.text
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"p1": None},
        {"p1": "6"},
        {"p2": "nie ma takiej"},
        {"p3": ["cena", "obca"]},
        {"p4": "x" * 251},
        {"p5": "a\x00b"},
        {"opened": "podrobione:xx:yy"},
    ],
)
def test_wrong_answers_come_back_with_what_was_typed(
    client: Client, survey: SurveyPage, wrong: dict[str, Any]
) -> None:
    answer = client.post("/ankieta/wypelnij/", answers(survey, **wrong))
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.text
    assert not SurveyAnswer.objects.exists()


def test_a_closed_survey_takes_no_answers(client: Client, survey: SurveyPage) -> None:
    SurveyPage.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    assert "Ankieta jest zamknięta" in client.get("/ankieta/").text
    assert client.get("/ankieta/wypelnij/").status_code == 404
    assert client.post("/ankieta/wypelnij/", answers(survey)).status_code == 404


# Results ----------------------------------------------------------------------------------


def fill(survey: SurveyPage, count: int, text: str = "=HYPERLINK(1)") -> None:
    keys = [question.key for question in survey.questions.all()]
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            page=survey,
            sent_on=NOW.date(),
            answers={keys[0]: 1 + number % 5, keys[1]: "portal", keys[2]: ["cena"], keys[4]: text},
        )
        for number in range(count)
    )


@pytest.mark.feature("G10")
def test_results_are_counted(survey: SurveyPage) -> None:
    fill(survey, 4)
    scale, one, many, line, text = survey_results.summary(survey, with_texts=True).questions
    assert [share.count for share in scale.shares] == [1, 1, 1, 1, 0]
    assert str(scale.average) == "2.5"
    assert [(share.label, share.percent) for share in one.shares] == [("portal", 100), ("biuro", 0)]
    assert [share.count for share in many.shares] == [4, 0, 0]
    assert (line.answered, len(text.texts)) == (0, 4)


@pytest.mark.feature("G10")
def test_results_in_the_admin_and_their_export(survey: SurveyPage, signed_in: Any, superuser: User) -> None:
    fill(survey, 3)
    browser = signed_in(superuser)
    assert survey.title in browser.get("/admin/ankiety/").text
    page = browser.get(f"/admin/ankiety/{survey.pk}/")
    assert page.status_code == 200
    assert "<svg" in page.text
    exported = browser.get(f"/admin/ankiety/{survey.pk}/?format=csv")
    rows = list(csv.reader(io.StringIO(exported.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert rows[0][2:] == ["Ocena?", "Jak?", "Co ważne?", "Kiedy?", "Uwagi?"]
    assert {row[6] for row in rows[1:]} == {"'=HYPERLINK(1)"}
    book = load_workbook(io.BytesIO(browser.get(f"/admin/ankiety/{survey.pk}/?format=xlsx").content))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert browser.get(f"/admin/ankiety/{survey.pk}/?format=exe").status_code == 404


def test_answers_are_not_for_everybody(survey: SurveyPage, signed_in: Any, client_user: User) -> None:
    for browser in (Client(), signed_in(client_user)):
        assert browser.get(f"/admin/ankiety/{survey.pk}/").status_code == 302
    assert Client().get("/ankieta/wyniki/").status_code == 404


def test_public_results_show_no_written_answers(client: Client, survey: SurveyPage) -> None:
    fill(survey, 2, text="mój sekret")
    SurveyPage.objects.filter(pk=survey.pk).update(results_public=True)
    page = client.get("/ankieta/wyniki/")
    assert "portal" in page.text
    assert "mój sekret" not in page.text


@pytest.mark.parametrize("count", [1, 30])
def test_results_cost_the_same_for_one_and_thirty(
    survey: SurveyPage, assert_queries: Any, count: int
) -> None:
    fill(survey, count)
    with assert_queries(2):
        survey_results.summary(survey, with_texts=True)


@pytest.mark.parametrize("choices", ["", "jedna", "ta sama\nta sama", "\n".join(map(str, range(31)))])
def test_a_question_to_choose_from_needs_choices(survey: SurveyPage, choices: str) -> None:
    with pytest.raises(Exception, match="odpowiedzi"):
        SurveyQuestion(page=survey, label="?", kind=QuestionKind.ONE, choices=choices).full_clean()

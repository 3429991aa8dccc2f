"""Results of a survey: counted, drawn as bars, and as rows for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ebok.ports.spreadsheets import neutralise, new_workbook

if TYPE_CHECKING:
    from page_types.survey import SurveyPage, SurveyQuestion

MOST_TEXTS = 50
"""Written answers shown on the screen; the export has them all."""
CHUNK = 2000


@dataclass(frozen=True)
class Share:
    """An answer, how many chose it, and which part of those who answered (0–100)."""

    label: str
    count: int
    percent: int


@dataclass
class QuestionSummary:
    """What came of one question."""

    label: str
    kind: str
    answered: int = 0
    shares: list[Share] = field(default_factory=list)
    average: Decimal | None = None
    texts: list[str] = field(default_factory=list)


@dataclass
class Summary:
    """What came of the survey."""

    answers: int
    questions: list[QuestionSummary]


def summary(page: SurveyPage, *, with_texts: bool) -> Summary:
    """Count all answers; reads them in pieces, so that many do not fill the memory."""
    questions = list(page.questions.all())
    counts: dict[str, Counter[str]] = {question.key: Counter() for question in questions}
    answered: Counter[str] = Counter()
    texts: dict[str, list[str]] = {question.key: [] for question in questions}
    total = 0
    for stored in page.answers.order_by("-pk").values_list("answers", flat=True).iterator(chunk_size=CHUNK):
        total += 1
        for question in questions:
            _count(question, stored.get(question.key), counts, answered, texts if with_texts else None)
    return Summary(
        total,
        [
            _summed(question, counts[question.key], answered[question.key], texts[question.key])
            for question in questions
        ],
    )


def _count(
    question: SurveyQuestion,
    value: Any,
    counts: dict[str, Counter[str]],
    answered: Counter[str],
    texts: dict[str, list[str]] | None,
) -> None:
    if value in (None, "", []):
        return
    answered[question.key] += 1
    if question.kind in {"line", "text"}:
        if texts is not None and len(texts[question.key]) < MOST_TEXTS:
            texts[question.key].append(str(value))
        return
    counts[question.key].update(str(one) for one in (value if isinstance(value, list) else [value]))


def _summed(
    question: SurveyQuestion, counts: Counter[str], answered: int, texts: list[str]
) -> QuestionSummary:
    found = QuestionSummary(question.label, question.kind, answered, texts=texts)
    if question.kind in {"line", "text"}:
        return found
    options = ["1", "2", "3", "4", "5"] if question.kind == "scale" else question.options
    # An answer that the editor has since taken out of the question was still given.
    options = [*options, *(given for given in counts if given not in options)]
    found.shares = [
        Share(option, counts[option], round(100 * counts[option] / answered) if answered else 0)
        for option in options
    ]
    if question.kind == "scale" and answered:
        points = sum(int(value) * count for value, count in counts.items() if value.isdigit())
        found.average = round(Decimal(points) / answered, 1)
    return found


# Export -------------------------------------------------------------------------------------


def table(page: SurveyPage) -> Iterator[list[Any]]:
    """Heading and one row for each answer, no cell able to act as a formula."""
    questions = list(page.questions.all())
    heading: list[Any] = [gettext("Number"), gettext("Sent on"), *(question.label for question in questions)]
    if not page.is_anonymous:
        heading.append(gettext("Who"))
    yield [neutralise(cell) for cell in heading]
    rows = page.answers.order_by("pk").values_list("sent_on", "answers", "user__email")
    for number, (day, stored, email) in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        cells = [number, day, *(_cell(stored.get(question.key)) for question in questions)]
        if not page.is_anonymous:
            cells.append(email or "")
        yield [neutralise(cell) for cell in cells]


def _cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else ("" if value is None else value)


def as_csv(page: SurveyPage) -> Iterator[bytes]:
    """The table as CSV, UTF-8 with a mark that spreadsheet programs need to see it."""
    yield "\ufeff".encode()
    for row in table(page):
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(row)
        yield line.getvalue().encode()


def as_xlsx(page: SurveyPage) -> bytes:
    """The table as a workbook; texts are stored as texts."""
    book = new_workbook()
    sheet = book.create_sheet(gettext("Answers"))
    for row in table(page):
        sheet.append([_printable(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _printable(cell: Any) -> Any:
    """XML cannot hold control characters, and openpyxl refuses them."""
    if not isinstance(cell, str):
        return cell
    return "".join(letter for letter in cell if letter.isprintable() or letter in "\n\t")

"""The PDF of an application: what was sent, as it was sent. Tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ebok.files.names import safe_file_name
from ebok.look.printing import pdf_of
from ebok_plugins.e_dokument.models import Application, QuestionKind

SHEET = Path(__file__).with_name("application.typ")


def application_pdf(application: Application) -> bytes:
    """The bytes of the PDF in the language the application was sent in.

    Answers travel as data, never as markup: no letter of them can be a typesetting command.
    """
    with translation.override(application.language):
        return pdf_of(SHEET, _sheet_data(application), moment=application.sent_at)


def pdf_name(application: Application) -> str:
    """The file name: the application's number, nothing personal."""
    return safe_file_name(application.number.replace("/", "-"), "pdf")


def answer_text(row: dict[str, Any]) -> str:
    """An answer as a person reads it, one line for each of several."""
    value = row.get("value")
    if row.get("kind") == QuestionKind.CONSENT:
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "\n".join(str(item) for item in value) or "–"
    return str(value or "–")


def _sheet_data(application: Application) -> dict[str, Any]:
    sent = timezone.localtime(application.sent_at)
    return {
        "title": application.title,
        "number_label": _("Number"),
        "number": application.number,
        "sent_label": _("Sent"),
        "sent": f"{date_format(sent, 'j E Y' if application.language == 'pl' else 'j F Y')}, {sent:%H:%M}",
        "recipient_label": _("To"),
        "recipient": application.site.site_name or application.site.hostname,
        "answers_label": _("Answers"),
        "answers": [[row["label"], answer_text(row)] for row in application.answers],
        "footer": application.number,
        "closing": _("Sent through the online office. This printout needs no signature."),
        "page": _("page"),
    }

"""The PDF of an application: what was sent, as it was sent. Tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ebok.files.names import safe_file_name
from ebok_plugins.e_dokument.models import Application, QuestionKind

SHEET = Path(__file__).with_name("application.typ")


def application_pdf(application: Application) -> bytes:
    """The bytes of the PDF in the language the application was sent in.

    Answers travel as data, never as markup: no letter of them can be a typesetting command.
    """
    with translation.override(application.language):
        data = _sheet_data(application)
    inputs = {"data": json.dumps(data)}
    moment = application.sent_at.replace(microsecond=0)
    try:
        # The same letters on every machine, whatever fonts it has.
        pdf = typst.compile(
            SHEET.read_bytes(),
            sys_inputs=inputs,
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=moment,
        )
    except typst.TypstError:
        # PDF/UA refuses letters that the font lacks, such as emoji. Then the machine's fonts help out
        # as far as they can; the file is still tagged, and nobody is left without one.
        pdf = typst.compile(SHEET.read_bytes(), sys_inputs=inputs, timestamp=moment)
    return bytes(pdf)


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
        "language": application.language,
        "title": application.title,
        "number_label": _("Number"),
        "number": application.number,
        "sent_label": _("Sent"),
        "sent": f"{date_format(sent, 'j E Y' if application.language == 'pl' else 'j F Y')}, {sent:%H:%M}",
        "recipient_label": _("To"),
        "recipient": application.site.site_name or application.site.hostname,
        "answers_label": _("Answers"),
        "answers": [[row["label"], answer_text(row)] for row in application.answers],
        "footer": _("Sent through the online office. This printout needs no signature."),
        "page": _("page"),
    }

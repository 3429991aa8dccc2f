"""The visualisation of an invoice of KSeF: a PDF of everything its bytes say, made once and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ebok.files.serving import file_response
from ebok.look.printing import HOUSE, pdf_of
from ebok_plugins.e_faktura.codes import images
from ebok_plugins.e_faktura.ksef.handing_out import Shown, shown
from ebok_plugins.e_faktura.ksef.labels import label, word
from ebok_plugins.e_faktura.ksef.view import Grid, Section
from ebok_plugins.e_faktura.ksef.view.values import money
from ebok_plugins.e_faktura.models import KsefDocument

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SHEET = Path(__file__).with_name("view.typ")
LANGUAGE = "pl"


def pdf_response(request: HttpRequest, row: KsefDocument) -> HttpResponseBase:
    """The visualisation, whole or in parts; 404 for a document that is no invoice."""
    _keep_current(row)
    try:
        return file_response(
            request,
            row.picture,
            name=f"{row.invoice_number}.pdf",
            extension="pdf",
            content_type="application/pdf",
            size=row.picture.size,
        )
    except FileNotFoundError:
        raise Http404 from None


def _keep_current(row: KsefDocument) -> None:
    """Make the PDF where there is none of today's look, number and state; two at once make one."""
    with translation.override(LANGUAGE):
        found = shown(row)
        if found.view is None:
            raise Http404
        sheet = sheet_of(found)
    digest = hashlib.sha256(HOUSE.read_bytes() + SHEET.read_bytes())
    digest.update(json.dumps(sheet, sort_keys=True, ensure_ascii=False).encode())
    wanted = digest.hexdigest()
    with transaction.atomic():
        locked = KsefDocument.objects.select_for_update().get(pk=row.pk)
        earlier = str(locked.picture.name or "")
        if locked.picture_of != wanted or not earlier or not locked.picture.storage.exists(earlier):
            content = pdf_of(SHEET, sheet, moment=timezone.now())
            locked.picture.save("wizualizacja.pdf", ContentFile(content), save=False)
            locked.picture_of = wanted
            locked.save(update_fields=["picture", "picture_of"])
            if earlier:
                storage = locked.picture.storage
                transaction.on_commit(lambda: storage.delete(earlier), robust=True)
    row.picture, row.picture_of = locked.picture, locked.picture_of


def sheet_of(found: Shown) -> dict[str, Any]:
    """The texts and the code of the PDF. What the invoice says travels as data, never as markup."""
    row, view = found.record, found.view
    if view is None or found.document is None:
        raise ValueError(row.pk)
    kind = capfirst(word("RodzajFaktury", found.document.kind))
    status = row.status
    facts = [[label("P_15"), _amount(found, "gross")], [label("DoZaplaty"), _amount(found, "to_pay")]]
    return {
        "language": LANGUAGE,
        "title": _("Invoice %(number)s") % {"number": row.invoice_number},
        "heading": f"{kind} {row.invoice_number}",
        "note": _("Visualisation of a structured invoice; the XML is the invoice."),
        "status": f"{status.text}. {status.meaning}",
        "number": row.number,
        "facts": facts,
        "parties": [_section(section) for section in view.parties],
        "lines": None if view.lines is None else _grid(view.lines),
        "sums": _grid(view.sums),
        "sections": [_section(section) for section in view.sections],
        "attachment_title": label("Zalacznik"),
        "attachment": [_section(section) for section in view.attachment],
        "absent_label": _("Does not apply"),
        "code": images.svg(row.code_i_url).decode() if row.code_i_url else "",
        "code_alt": _("Code that leads to the check of this invoice in KSeF"),
        "code_label": row.code_label,
        "code_url": row.code_i_url,
        "footer": f"{row.invoice_number} · SHA-256 {row.sha256[:16]}…",
        "page": _("page"),
    }


def _amount(found: Shown, name: str) -> str:
    document = found.document
    return "" if document is None else money(getattr(document, name), document.currency)


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "facts": [[fact.label, fact.cell.text] for fact in section.facts],
        "paragraphs": list(section.paragraphs),
        "absent": ", ".join(section.absent),
        "grids": [_grid(grid) for grid in section.grids],
        "sections": [_section(inner) for inner in section.sections],
    }


def _grid(grid: Grid) -> dict[str, Any]:
    width = max([len(grid.columns), *(len(row.cells) for row in grid.rows)], default=0)
    return {
        "title": grid.title,
        "about": [[fact.label, fact.cell.text] for fact in grid.about],
        "head": [*(column.label for column in grid.columns), *[""] * (width - len(grid.columns))],
        "right": [*(column.is_number for column in grid.columns), *[False] * (width - len(grid.columns))],
        "rows": list(_rows(grid, width)),
    }


def _rows(grid: Grid, width: int) -> Iterator[dict[str, Any]]:
    for row in grid.rows:
        texts = [cell.text for cell in row.cells]
        padded = texts if row.mark == "heading" else [*texts, *[""] * (width - len(texts))]
        yield {"mark": row.mark, "cells": padded}

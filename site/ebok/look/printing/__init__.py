"""PDF documents of the portal: one house style, tagged for screen readers (PDF/UA-1).

A sheet is a file of typst markup; the house style stands before it. Everything a person wrote travels as data
(`#data.…` in the sheet), never as markup: no letter of it can be a typesetting command.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language

HOUSE = Path(__file__).with_name("house.typ")


def pdf_of(sheet: Path, data: Mapping[str, Any], *, moment: datetime) -> bytes:
    """The bytes of the PDF of a sheet with its data; the same data and moment give the same bytes.

    The house style asks for `title`, `footer` (left at the foot of each page) and `page` (the word before
    its number); `language` is the active one unless the data say otherwise.
    """
    source = HOUSE.read_bytes() + b"\n" + sheet.read_bytes()
    inputs = {"data": json.dumps({"language": get_language() or "pl", **data})}
    moment = moment.replace(microsecond=0)
    try:
        # The same letters on every machine, whatever fonts it has.
        pdf = typst.compile(
            source,
            sys_inputs=inputs,
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=moment,
        )
    except typst.TypstError:
        # PDF/UA refuses letters that the font lacks, such as emoji. Then the machine's fonts help out
        # as far as they can; the file is still tagged, and nobody is left without one.
        pdf = typst.compile(source, sys_inputs=inputs, timestamp=moment)
    return bytes(pdf)

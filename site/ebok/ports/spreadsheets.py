"""Cells that go into a spreadsheet must stay what they are: text, never a formula.

openpyxl takes a seventh of a second to load, and most processes of the portal never write a workbook; so it
is loaded when one is.
"""

from __future__ import annotations

from typing import Any

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralise(cell: Any) -> Any:
    """The cell as a spreadsheet program will show it, never run it.

    Text that begins with a character which starts a formula (OWASP ASVS 5.0, 1.2.10) gets an
    apostrophe in front; numbers, dates and everything else that is no text is returned as it is.
    """
    if isinstance(cell, str) and cell.startswith(_STARTS):
        return f"'{cell}"
    return cell


def new_workbook() -> Any:
    """An empty workbook (openpyxl's) that is written row by row and never held as a whole."""
    from openpyxl import Workbook  # noqa: PLC0415 (see above)

    return Workbook(write_only=True)


def text_cell(sheet: Any, text: str) -> Any:
    """A cell typed as text, so that even `=1+1` is only shown; signs no workbook can hold are left out."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (see above)

    cell = WriteOnlyCell(sheet, value="".join(sign for sign in text if sign >= " " or sign in "\n\t"))
    cell.data_type = "s"
    return cell

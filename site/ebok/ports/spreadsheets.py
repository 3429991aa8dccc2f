"""Cells that go into a spreadsheet must stay what they are: text, never a formula."""

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

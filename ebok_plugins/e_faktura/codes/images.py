"""Codes as pictures."""

from __future__ import annotations

import io

import segno

BORDER = 4
"""Modules of quiet around a code, as ISO/IEC 18004 asks."""


def svg(text: str, *, error: str = "m") -> bytes:
    """A picture of its own, for the PDF."""
    out = io.BytesIO()
    segno.make(text, error=error, boost_error=False, micro=False).save(
        out, kind="svg", border=BORDER, xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue()


def inline_svg(text: str, *, error: str = "m") -> str:
    """For a page: no style, no id; the words beside it must say the same."""
    return segno.make(text, error=error, boost_error=False, micro=False).svg_inline(
        border=BORDER, omitsize=True, svgclass=None, lineclass=None, light="#fff"
    )

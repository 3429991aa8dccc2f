"""Square codes as a telephone sees them: pages rendered to pixels and read by a decoder."""

from __future__ import annotations

import pypdfium2  # type: ignore[import-untyped]  # has no types
import zxingcpp


def codes_on(content: bytes) -> list[str]:
    """What a telephone reads on the pages of a PDF, sorted."""
    found = []
    document = pypdfium2.PdfDocument(content)
    try:
        for page in document:
            picture = page.render(scale=4).to_pil().convert("L")
            found += [code.text for code in zxingcpp.read_barcodes(picture)]
    finally:
        document.close()
    return sorted(found)

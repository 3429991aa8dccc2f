"""Icons: one file each, `templates/icons/<name>.svg`, drawn inline so that they take the text's colour.

A plugin may bring its own in `templates/icons/` of its app.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

OUR_TEMPLATES: Path = cast("Any", settings.TEMPLATES)[0]["DIRS"][0]
NAME = re.compile(r"[a-z0-9-]{1,40}\Z")
OUTER = re.compile(r"<svg[^>]*>(?P<drawing>.*)</svg>", re.DOTALL)

UNKNOWN = "page"
"""Drawn in place of an icon that does not exist; a system check names such icons at start."""


@lru_cache(maxsize=512)
def drawing(name: str) -> str | None:
    """The paths inside the icon's file, or None when there is no such icon."""
    if not NAME.match(name):
        return None
    try:
        template = get_template(f"icons/{name}.svg").template  # type: ignore[attr-defined]
    except TemplateDoesNotExist:
        return None
    found = OUTER.search(template.source)
    return found["drawing"].strip() if found else None


def exists(name: str) -> bool:
    """Whether there is an icon of this name."""
    return drawing(name) is not None


def names() -> list[str]:
    """Names of our own icons, those of plugins left out."""
    return sorted(file.stem for file in (OUR_TEMPLATES / "icons").glob("*.svg"))


def svg(name: str, size: str = "") -> str:
    """The icon as markup, hidden from screen readers: the word beside it says it all.

    `size` "s" is the small one; else the stylesheet's 24 px.
    """
    classes = "eb-i eb-i--s" if size == "s" else "eb-i"
    paths = drawing(name) or drawing(UNKNOWN) or ""
    return f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{paths}</svg>'

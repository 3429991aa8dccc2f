"""Which colours may stand on which: the contrast rules of WCAG 2.2, without Django.

Ratio and relative luminance as defined by W3C, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio;
4.5 for text (1.4.3), 3 for drawings and borders (1.4.11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")

TEXT = 4.5
DRAWING = 3.0

WHITE = "#ffffff"
PAGE = "#f4f8f8"
INK = "#0f2530"
INK_2 = "#485d68"
ON_STRONG_2 = "#c9e0e3"
"""Fixed colours of the light theme; the same values stand in `styles/01-tokens.css`."""


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb": 0 for black, 1 for white. Raises ValueError for else."""
    if not HEX.match(colour):
        message = f"not a colour: {colour!r}"
        raise ValueError(message)
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two "#rrggbb" colours, 1 (same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True)
class Rule:
    """`front` must reach `least` on `back`. Both name a colour of the theme or are "#rrggbb".

    `field` is the colour to blame, that is, the one a person should change.
    """

    field: str
    front: str
    back: str
    least: float


@dataclass(frozen=True)
class Fault:
    """A rule that a set of colours breaks, with the ratio they have."""

    rule: Rule
    ratio: float


RULES = (
    Rule("brand", "brand", WHITE, TEXT),
    Rule("brand", "brand", PAGE, TEXT),
    Rule("brand_soft", "brand", "brand_soft", TEXT),
    Rule("brand_soft", "brand_strong", "brand_soft", TEXT),
    Rule("brand_soft", INK, "brand_soft", TEXT),
    Rule("brand_soft", INK_2, "brand_soft", TEXT),
    Rule("on_brand", "on_brand", "brand", TEXT),
    Rule("on_brand", "on_brand", "brand_strong", TEXT),
    Rule("brand_strong", ON_STRONG_2, "brand_strong", TEXT),
    Rule("sun", "sun", "brand_strong", DRAWING),
    Rule("sun", INK, "sun", TEXT),
)


def faults(colours: Mapping[str, str]) -> list[Fault]:
    """Every rule these five colours break. Values that are no colours are left to other checks."""
    found = []
    for rule in RULES:
        pair = colours.get(rule.front, rule.front), colours.get(rule.back, rule.back)
        if all(HEX.match(colour) for colour in pair) and ratio(*pair) < rule.least:
            found.append(Fault(rule, ratio(*pair)))
    return found

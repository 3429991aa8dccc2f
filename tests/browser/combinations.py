"""Ways of looking at a page: language, width, theme, with or without scripts."""

from __future__ import annotations

from itertools import product

from tests.browser.visiting import Combination

FULL = tuple(
    Combination(language, width, theme, scripts)
    for language, width, theme, scripts in product(
        ("pl", "en"), (1280, 320), ("light", "contrast"), (True, False)
    )
)

PAIRWISE = (
    Combination("pl", 1280, "light", True),
    Combination("pl", 320, "contrast", False),
    Combination("en", 1280, "contrast", True),
    Combination("en", 320, "light", True),
    Combination("en", 1280, "light", False),
)
"""Every pair of values of two different factors occurs at least once (a test holds this to be true)."""


def pairs(combinations: tuple[Combination, ...]) -> set[frozenset[tuple[str, object]]]:
    """All pairs of values that occur together."""
    return {
        frozenset((one, two))
        for combination in combinations
        for one in vars(combination).items()
        for two in vars(combination).items()
        if one[0] != two[0]
    }

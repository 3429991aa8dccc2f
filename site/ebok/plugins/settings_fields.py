"""Fields that settings of modules share."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


def whole_number(
    label: object, default: int, least: int, most: int, help_text: object = ""
) -> models.Field[int, int]:
    """A whole number from `least` to `most` that an administrator sets."""
    return models.PositiveIntegerField(
        label,  # type: ignore[arg-type]  # lazy text
        default=default,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
        help_text=help_text,  # type: ignore[arg-type]  # lazy text
    )

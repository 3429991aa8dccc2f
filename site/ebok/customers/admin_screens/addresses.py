"""Addresses of the registers, for links from one to another."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

CUSTOMERS = "kartoteka/klienci"
GROUPS = "kartoteka/grupy"
CONTRACTS = "kartoteka/umowy"
POINTS = "kartoteka/punkty"
METERS = "kartoteka/liczniki"


def of_row(path: str, key: Any) -> str:
    """The inspect view of the row; "" for none."""
    return reverse(_name(path, "inspect"), args=[key]) if key else ""


def of_list(path: str, **filters: str) -> str:
    """The list with these filters."""
    url = reverse(_name(path, "index"))
    return f"{url}?{urlencode(filters)}" if filters else url


def of_form(path: str, **initial: str) -> str:
    """The form that adds a row, with some fields filled in."""
    url = reverse(_name(path, "create"))
    return f"{url}?{urlencode(initial)}" if initial else url


def _name(path: str, action: str) -> str:
    return f"{path.replace('/', '_')}_modeladmin_{action}"

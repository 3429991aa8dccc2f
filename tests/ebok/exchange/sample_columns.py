"""Columns of every type, for tests of the validator."""

from __future__ import annotations

from typing import Any

from ebok.ports.datasets import Check, Column, ColumnType, Stored


def column(**given_: Any) -> Column:
    return Column(**{"name": "c", "title": "Column", **given_})


TEXT = column(max_length=20)
CODE = column(type=ColumnType.CODE, max_length=20)
AMOUNT = column(type=ColumnType.DECIMAL)
PRICE = column(type=ColumnType.DECIMAL, digits=12, places=5)
STATE = column(type=ColumnType.DECIMAL, digits=12, places=3, minimum=0, maximum=1000)
NUMBER = column(type=ColumnType.INTEGER, minimum=-10, maximum=100000)
DAY = column(type=ColumnType.DATE)
MOMENT = column(type=ColumnType.MOMENT)
FLAG = column(type=ColumnType.BOOLEAN)
KIND = column(type=ColumnType.CHOICE, choices={"open": 1, "closed": 2})
PESEL = column(check=Check.PESEL, stored=Stored.KEYED_HASH)


def checked(check: Check) -> Column:
    return column(check=check, max_length=254)

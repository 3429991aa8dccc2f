"""Where a delivery lies between its files and the mirror: tables of text, then of compared rows.

One interface (`Stage`), two engines. `shape` tells what SQL needs to know of a dataset.
"""

from __future__ import annotations

from django.db import connection

from ebok.exchange.staging.interface import MEMBER_STEP, Stage
from ebok.exchange.staging.postgresql import PostgreSQLStage
from ebok.exchange.staging.shape import Shape
from ebok.exchange.staging.sqlite import SQLiteStage

__all__ = ["MEMBER_STEP", "Shape", "Stage", "stage_of"]


def stage_of(delivery_id: int) -> Stage:
    """The staging area of a delivery on the database in use; `opened` makes it usable."""
    return (PostgreSQLStage if connection.vendor == "postgresql" else SQLiteStage)(delivery_id)

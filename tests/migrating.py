"""`python -m tests.migrating "COMMAND …" …`: management commands that migrate an empty database, quickly.

Nearly all the time of migrating an empty database goes into drawing past models: every operation makes new
classes of the models around the one it changes, thousands in all, and for each Django takes all fields apart
(`deconstruct`) and puts them together again. Here a field that belongs to no model yet is copied instead, as
Django copies the fields of abstract models. The database that comes out is the same. Nor is there any looking
for garbage, a quarter of the time: the process is short, and a gigabyte and a half is there for it.
"""

from __future__ import annotations

import copy
import gc
import shlex
import sys
from functools import cache
from typing import Any

import django
from django.core.management import call_command
from django.db.models import Field
from django.utils.functional import cached_property

_clone = Field.clone


def copied(field: Any) -> Any:
    """What `clone` returns, made by copying wherever that is known to be the same."""
    if "model" in vars(field) or not type(field).__module__.startswith("django.db.models."):
        return _clone(field)
    made = copy.deepcopy(field)
    kind: Any = type(field)
    for name in remembered(kind) & vars(made).keys():
        del made.__dict__[name]
    # Columns stand in the order in which their fields were made.
    if made.auto_created:
        made.creation_counter = Field.auto_creation_counter
        Field.auto_creation_counter -= 1
    else:
        made.creation_counter = Field.creation_counter
        Field.creation_counter += 1
    return made


@cache
def remembered(kind: Any) -> frozenset[str]:
    """Names of what a field works out once and keeps; a copy works it out for its own model."""
    return frozenset(name for name in dir(kind) if isinstance(getattr(kind, name, None), cached_property))


def main(commands: list[str]) -> None:
    """Run the commands, one after the other, on the database that `DATABASE_URL` names."""
    django.setup()
    for command in commands:
        call_command(*shlex.split(command))


if __name__ == "__main__":
    gc.disable()
    setattr(Field, "clone", copied)  # only in this process
    main(sys.argv[1:])

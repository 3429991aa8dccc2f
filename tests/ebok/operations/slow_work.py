"""Work for the test that kills workers: each task leaves exactly one group, however often it starts."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import transaction
from django_tasks import task


@task()
def leave_one(number: int) -> None:
    """Idempotent, and slow enough to be killed in the middle."""
    with Path(os.environ["EBOK_TEST_LOG"]).open("a") as log:
        log.write(f"{number}\n")
    with transaction.atomic():
        Group.objects.get_or_create(name=f"kill-{number}")
        time.sleep(0.04)


@task()
def never_returns() -> None:
    """Takes its worker down."""
    with Path(os.environ["EBOK_TEST_LOG"]).open("a") as log:
        log.write("down\n")
    os._exit(9)

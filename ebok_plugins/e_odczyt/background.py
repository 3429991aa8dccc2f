"""Work for the background worker. Each may run twice; the second time does nothing."""

from __future__ import annotations

from django_tasks import task

from ebok.accounts.models import User
from ebok_plugins.e_odczyt import reminding
from ebok_plugins.e_odczyt.models import ReadingWindow


@task()
def remind(window_pk: int, user_pk: int) -> None:
    """Write to everybody who has sent nothing in the window."""
    window = ReadingWindow.objects.select_related("site").filter(pk=window_pk).first()
    if window is not None:
        reminding.remind(window, actor=User.objects.filter(pk=user_pk).first())

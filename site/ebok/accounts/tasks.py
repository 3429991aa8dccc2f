"""Work of the minute timer."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ebok.accounts import live_sessions
from ebok.ports import PeriodicTask


def close_sessions() -> str | None:
    """End sessions past their limits whose browsers never came back."""
    count = live_sessions.close_overdue()
    return ngettext("%(count)d session ended.", "%(count)d sessions ended.", count) % {"count": count}


tasks = [
    PeriodicTask(
        key="accounts.close_sessions",
        title=_("Ending sessions past their limits"),
        run=close_sessions,
        every=timedelta(minutes=1),
    )
]

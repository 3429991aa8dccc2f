"""Periodic work."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ebok.ports import PeriodicTask
from ebok_sample_noticeboard.services import tidy

tasks = [
    PeriodicTask(
        key="noticeboard.tidy",
        title=_("Remove notices taken down a year ago"),
        run=tidy,
        every=timedelta(days=1),
        per_site=True,
    )
]

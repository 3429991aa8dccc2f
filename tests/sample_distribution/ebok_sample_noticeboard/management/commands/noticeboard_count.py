"""Prints how many notices hang on each site."""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Site

from ebok_sample_noticeboard.queries import notices_to_moderate


class Command(BaseCommand):
    """`manage.py noticeboard_count`"""

    help = "Prints how many notices hang on each site."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each site."""
        for site in Site.objects.order_by("hostname", "port"):
            self.stdout.write(f"{site.hostname}: {notices_to_moderate(site).count()}")

"""What the snippets add to the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from snippets.outages.admin import OutageGroup, admin_urls
from snippets.reusable.admin import ReusableInsetViewSet

register_snippet(OutageGroup)
register_snippet(ReusableInsetViewSet)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """The upload of streets."""
    return admin_urls

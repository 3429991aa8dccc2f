"""Hands the admin screens to Wagtail."""

from collections.abc import Sequence

from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet

from ebok_sample_noticeboard.admin_screens import screens


@hooks.register("register_admin_viewset")
def noticeboard_screens() -> Sequence[ModelViewSet]:
    """All screens of this plugin."""
    return screens

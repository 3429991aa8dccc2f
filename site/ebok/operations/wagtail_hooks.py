"""The status board's place in the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ebok.operations.views import StatusBoardView, may_see


@hooks.register("register_admin_urls")
def status_urls() -> list[URLPattern]:
    """The board's address."""
    return [path("stan-portalu/", StatusBoardView.as_view(), name="ebok_status")]


class StatusMenuItem(MenuItem):
    """Shown to whoever may look at the board."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return may_see(request.user)


@hooks.register("register_reports_menu_item")
def status_menu_item() -> MenuItem:
    """The entry under Reports."""
    return StatusMenuItem(
        _("Portal status"), reverse("ebok_status"), name="ebok-status", icon_name="circle-check", order=10
    )


@hooks.register("insert_global_admin_css")
def status_css() -> SafeString:
    """A few lines of style for the board; the rest is Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("operations/status.css"))

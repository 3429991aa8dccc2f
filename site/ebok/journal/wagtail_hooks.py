"""The journal's place in the Wagtail admin: under Reports."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, re_path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ebok.journal.admin_views import EventView, ExportView, JournalView
from ebok.journal.analysis_views import AnalysisExportView, AnalysisView
from ebok.plugins.permissions import allowed


@hooks.register("register_admin_urls")
def journal_urls() -> list[URLPattern]:
    """The list, one event, the analysis, the exports."""
    return [
        path("dziennik/", JournalView.as_view(), name="ebok_journal"),
        re_path(
            r"^dziennik/eksport\.(?P<form_of_file>csv|xlsx)$",
            ExportView.as_view(),
            name="ebok_journal_export",
        ),
        path("dziennik/analiza/", AnalysisView.as_view(), name="ebok_journal_analysis"),
        re_path(
            r"^dziennik/analiza\.(?P<form_of_file>csv|xlsx)$",
            AnalysisExportView.as_view(),
            name="ebok_journal_analysis_export",
        ),
        path("dziennik/<uuid:event_id>/", EventView.as_view(), name="ebok_journal_event"),
    ]


class JournalMenuItem(MenuItem):
    """Shown to whoever may see the journal."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return allowed(request.user, "journal.view")


@hooks.register("register_reports_menu_item")
def journal_menu_item() -> MenuItem:
    """The entry under Reports."""
    return JournalMenuItem(
        _("Event journal"), reverse("ebok_journal"), name="ebok-journal", icon_name="history", order=5
    )


@hooks.register("register_reports_menu_item")
def analysis_menu_item() -> MenuItem:
    """The analysis, below the list."""
    return JournalMenuItem(
        _("Journal analysis"),
        reverse("ebok_journal_analysis"),
        name="ebok-journal-analysis",
        icon_name="glasses",
        order=6,
    )


@hooks.register("insert_global_admin_css")
def journal_css() -> SafeString:
    """A few lines of style for the screen; the rest is Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("journal/journal.css"))

"""What the pages add to the Wagtail admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from ebok.plugins.mounting import reserved_slugs
from page_types.base import RESERVED_SLUG, is_home
from page_types.survey import SurveyPage
from page_types.survey_admin import admin_urls, visible_surveys


@hooks.register("register_admin_urls")
def survey_urls() -> list[URLPattern]:
    """Results of surveys."""
    return admin_urls


class SurveysMenuItem(MenuItem):
    """Shown to whoever may see the answers of some survey."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person sees the entry."""
        return bool(visible_surveys(request.user).exists())


@hooks.register("register_reports_menu_item")
def surveys_menu_item() -> MenuItem:
    """The entry under Reports."""
    return SurveysMenuItem(
        _("Surveys"), reverse("ebok_surveys"), name="ebok-surveys", icon_name="form", order=900
    )


@hooks.register("register_page_header_buttons")
def survey_results_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """From a survey to its results."""
    if isinstance(page, SurveyPage) and page.pk:
        yield Button(
            _("Results"), reverse("ebok_survey_results", args=[page.pk]), icon_name="form", priority=60
        )


@hooks.register("before_move_page")
def refuse_reserved_slug(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A page must not be moved where its slug hides it behind a zone or a module."""
    if is_home(destination) and page.slug in reserved_slugs():
        messages.error(request, RESERVED_SLUG)
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None

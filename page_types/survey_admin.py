"""Results of surveys in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from ebok.journal import services as journal
from ebok.pagecache.headers import make_private
from page_types import survey_results
from page_types.survey import SurveyPage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTED = "page_types.survey_exported"


def visible_surveys(user: Any) -> QuerySet[SurveyPage]:
    """Surveys whose page this person may edit or publish; only they see the answers."""
    # Wagtail's own policy knows the groups and the tree.
    from wagtail.permissions import page_permission_policy  # noqa: PLC0415 (needs loaded models)

    pages: QuerySet[Page] = page_permission_policy.instances_user_has_any_permission_for(
        user, {"change", "publish"}
    )
    return SurveyPage.objects.filter(pk__in=pages.values("pk"))


class SurveyAdminMixin(WagtailAdminTemplateMixin, View):
    """Admin pages about surveys."""

    header_icon = "form"
    page_title: Any = _("Surveys")


class SurveyListView(SurveyAdminMixin):
    """All surveys with the number of answers."""

    template_name = "page_types/admin/surveys.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        surveys = (
            visible_surveys(request.user)
            .defer("body")
            .annotate(answer_count=Count("answers"))
            .select_related("locale")
            .order_by("-latest_revision_created_at", "-pk")
        )
        return self.render_to_response(self.get_context_data(surveys=surveys))


class SurveyResultsView(SurveyAdminMixin):
    """Charts and written answers of one survey; `?format=csv` and `?format=xlsx` export it."""

    template_name = "page_types/admin/survey_results.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, surveys, then here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("ebok_surveys"), "label": _("Surveys")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, page_id: int) -> HttpResponseBase:
        """Draw the results or send the file."""
        page = get_object_or_404(SurveyPage, pk=page_id)
        if not visible_surveys(request.user).filter(pk=page.pk).exists():
            raise PermissionDenied
        wanted = request.GET.get("format", "")
        if wanted in {"csv", "xlsx"}:
            return self._export(request, page, wanted)
        if wanted:
            raise Http404
        self.page_title = page.title
        return self.render_to_response(
            self.get_context_data(survey=page, summary=survey_results.summary(page, with_texts=True))
        )

    def _export(self, request: HttpRequest, page: SurveyPage, wanted: str) -> HttpResponseBase:
        name = f"{slugify(page.title) or 'ankieta'}.{wanted}"
        response: HttpResponseBase
        if wanted == "csv":
            response = StreamingHttpResponse(
                survey_results.as_csv(page), content_type="text/csv; charset=utf-8"
            )
        else:
            response = HttpResponse(survey_results.as_xlsx(page), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        journal.record(
            EXPORTED,
            text=str(_("Answers to the survey “%(title)s” were exported.") % {"title": page.title}),
            request=request,
            obj=page,
            payload={"format": wanted},
        )
        return make_private(response)


admin_urls: list[URLPattern] = [
    path("ankiety/", SurveyListView.as_view(), name="ebok_surveys"),
    path("ankiety/<int:page_id>/", SurveyResultsView.as_view(), name="ebok_survey_results"),
]

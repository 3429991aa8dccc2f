"""Health for machines, and the status board in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from ebok.operations.board import plugin_lines, status_board, task_lines, worker_signs, worst
from ebok.operations.health import readiness
from ebok.plugins.permissions import allowed


def _json(content: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all; asks nothing else, so restarting would not help."""
    return _json({"status": "ok"})


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when requests can be served, 503 when not; which check, but nothing about the inside."""
    result = readiness()
    return _json({"status": result.word, "checks": result.checks}, 200 if result.ready else 503)


@require_safe
def overview(_request: HttpRequest) -> HttpResponse:
    """The same as `ready`, with the addresses of both."""
    result = readiness()
    return _json(
        {
            "status": result.word,
            "checks": result.checks,
            "alive": reverse("health_alive"),
            "ready": reverse("health_ready"),
        },
        200 if result.ready else 503,
    )


def may_see(user: Any) -> bool:
    """Whether this person may look at the status board."""
    return allowed(user, "operations.see_status")


class StatusBoardView(WagtailAdminTemplateMixin, View):
    """ "Stan portalu": checks, modules, periodic tasks and workers, for one site at a time."""

    template_name = "operations/status_board.html"
    page_title = _("Portal status")
    header_icon = "circle-check"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse people without the permission."""
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the board of the site named in `?site=`, or of the one that was asked."""
        sites = list(Site.objects.order_by("pk"))
        site = _chosen(sites, request)
        lines = status_board(site) if site else []
        return self.render_to_response(
            self.get_context_data(
                sites=sites,
                site=site,
                lines=lines,
                light=worst(line.light for line in lines),
                plugins=plugin_lines(),
                tasks=task_lines(),
                workers=worker_signs(),
            )
        )


def _chosen(sites: list[Site], request: HttpRequest) -> Site | None:
    wanted = request.GET.get("site", "")
    for site in sites:
        if str(site.pk) == wanted:
            return site
    return Site.find_for_request(request) or next(iter(sites), None)

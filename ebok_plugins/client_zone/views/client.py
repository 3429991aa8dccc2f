"""The notice board ("tablica informacyjna"): announcements as signed-in payers see them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView
from wagtail.models import Site

from ebok.zones.customer_pages import ClientMixin
from ebok.zones.views import LARGEST_ID, Crumb
from page_types.announcements import AnnouncementPage, board_for_payers

PER_PAGE = 10


class BoardMixin(ClientMixin):
    """Announcements of this site in the reader's language; only people who are signed in get here."""

    help_topic = "announcements"

    def get_queryset(self) -> QuerySet[AnnouncementPage]:
        """For payers and for everyone."""
        site = Site.find_for_request(self.request)
        if site is None:
            raise Http404
        return board_for_payers(site, get_language())


class AnnouncementList(BoardMixin, ListView[AnnouncementPage]):
    """The board, newest first."""

    template_name = "client_zone/announcements.html"
    context_object_name = "announcements"
    paginate_by = PER_PAGE
    page_kwarg = "strona"
    title = _("Notice board")

    def get_queryset(self) -> QuerySet[AnnouncementPage]:
        """Without the streams: the list shows titles and leads."""
        return super().get_queryset().defer("body")

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """A page that is none, or past the end, gives the nearest one: old links keep working."""
        paginator = self.get_paginator(queryset, page_size)
        typed = self.request.GET.get(self.page_kwarg, "1")
        page = paginator.get_page(typed if typed.isascii() and len(typed) < 7 else 1)
        return paginator, page, page.object_list, page.has_other_pages()


class AnnouncementDetail(BoardMixin, DetailView[AnnouncementPage]):
    """One announcement."""

    template_name = "client_zone/announcement.html"
    context_object_name = "announcement"

    def get_object(self, queryset: QuerySet[AnnouncementPage] | None = None) -> AnnouncementPage:
        """404 also for numbers no announcement can have."""
        if self.kwargs["pk"] > LARGEST_ID:
            raise Http404
        found: AnnouncementPage = super().get_object(queryset)
        return found

    def crumbs(self) -> list[Crumb]:
        """The list, then here."""
        return [(_("Notice board"), reverse("client:client_zone:announcements")), (self.object.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The title of the page is that of the announcement."""
        return super().get_context_data(title=self.object.title, **kwargs)

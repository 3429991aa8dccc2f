"""The front page of one language."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Site
from wagtail.search import index

from ebok.pagecache.kept import kept
from page_types.announcements import news
from page_types.base import BasePage, BodyPage
from snippets.outages import board

PLANNED_ON_HOME = 3
NEWS_ON_HOME = 3


class HomePage(BodyPage):
    """Greeting, four quick actions, address check, planned works, news, insets and contact."""

    is_home_page: ClassVar[bool] = True

    hero_title = models.CharField(_("greeting"), max_length=60, default="Dzień dobry!")
    hero_question = models.CharField(_("question"), max_length=60, default="Co załatwiamy?", blank=True)
    hero_text = models.CharField(_("text under the greeting"), max_length=200, blank=True)
    show_address_check = models.BooleanField(_("address check"), default=True)
    show_planned_works = models.BooleanField(_("planned works"), default=True)
    show_news = models.BooleanField(_("news"), default=True)
    show_contact = models.BooleanField(_("contact card"), default=True)

    template = "page_types/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        FieldPanel("title"),
        MultiFieldPanel(
            [FieldPanel("hero_title"), FieldPanel("hero_question"), FieldPanel("hero_text")],
            heading=_("Greeting"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("show_address_check"),
                FieldPanel("show_planned_works"),
                FieldPanel("show_news"),
                FieldPanel("show_contact"),
            ],
            heading=_("What the page shows"),
            help_text=_("Quick actions are set in Settings → Look of the site."),
        ),
        FieldPanel("body", heading=_("Insets under the news")),
    ]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, index.SearchField("hero_text")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The sections that are switched on."""
        context = super().get_context(request, *args, **kwargs)
        chrome = context["chrome"]
        context["hero_lines"] = "\n".join(filter(None, (self.hero_title, self.hero_question)))
        site = chrome.site if chrome else Site.find_for_request(request)
        if self.show_planned_works and site is not None:
            context["planned"] = board.announced(site, PLANNED_ON_HOME)
        if self.show_news and chrome is not None and (index_row := chrome.landmark_row("news")) is not None:
            # Read once after a publication, for all six looks of the page.
            context["news"] = kept(
                ("news", index_row.path), lambda: list(news(index_row.path)[:NEWS_ON_HOME])
            )
        return context

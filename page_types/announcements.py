"""Announcements ("komunikaty bieżące"): a list with paging, categories and a feed, and single pages.

An announcement is for everyone, or for payers who are signed in. The latter are found in the
client zone only: no public list, feed, search or sitemap names them, and their public address
answers 404.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import path as sub_route
from wagtail.models import Page, Site
from wagtail.search import index

from ebok.plugins.gate import EnabledPlugins
from page_types import feeds
from page_types.base import BasePage, BodyPage, Routed, content_language
from page_types.chrome import Chrome

PER_PAGE = 12
FEED_LENGTH = 30
HIGHEST_PAGE = 100_000
"""Nobody turns so many pages; keeps absurd numbers away from the database."""


class Category(models.TextChoices):
    """What an announcement is about."""

    COMPANY = "zaklad", _("The company")
    OFFICE = "biuro", _("Customer office")
    PRICES = "ceny", _("Prices and contracts")
    WATER = "woda", _("Water quality")
    WORKS = "inwestycje", _("Building and repairs")


class Audience(models.TextChoices):
    """Who may read an announcement."""

    EVERYONE = "everyone", _("everyone")
    PAYERS = "payers", _("signed-in customers")


class AnnouncementPage(BodyPage):
    """One announcement. Publishing and taking it back go by Wagtail's schedule."""

    date = models.DateField(_("date"), default=timezone.localdate)
    category = models.CharField(_("category"), max_length=12, choices=Category, default=Category.COMPANY)
    audience = models.CharField(
        _("who may read it"),
        max_length=10,
        choices=Audience,
        default=Audience.EVERYONE,
        help_text=_("Announcements for signed-in customers appear in the client zone only."),
    )

    template = "page_types/announcement_page.html"
    parent_page_types = ["page_types.AnnouncementIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("category"), FieldPanel("audience")]),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BodyPage.search_fields,
        index.FilterField("audience"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        indexes = [models.Index(fields=("audience", "-date"), name="announcement_board")]

    @property
    def is_for_everyone(self) -> bool:
        """Whether anybody may read it."""
        return self.audience == Audience.EVERYONE

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Draw the page, or deny that it exists when it is for payers only.

        Somebody who is signed in (an editor who follows "view live", a customer with a link)
        is led to the same announcement in the client zone.
        """
        if self.is_for_everyone:
            return super().serve(request, *args, **kwargs)
        if request.user.is_authenticated and "client_zone" in EnabledPlugins.of(request):
            try:
                return HttpResponseRedirect(reverse("client:client_zone:announcement", args=[self.pk]))
            except NoReverseMatch:
                # An installation without the client zone: nobody can read it, as if it were not there.
                pass
        raise Http404

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Nothing when the public may not read it."""
        urls: list[dict[str, Any]] = super().get_sitemap_urls(request) if self.is_for_everyone else []
        return urls


class AnnouncementIndexPage(Routed, BasePage):
    """The list of announcements, newest first."""

    landmark = "news"
    cache_queries = ("strona", "kategoria")

    template = "page_types/announcement_index_page.html"
    subpage_types = ["page_types.AnnouncementPage"]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields]

    class Meta:
        verbose_name = _("list of announcements")
        verbose_name_plural = _("lists of announcements")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One page of the list, of one category when the address names one that exists.

        An unknown category gives the whole list, a page number that is none the first page
        and one past the end the last: old links keep working.
        """
        context = super().get_context(request, *args, **kwargs)
        chosen = request.GET.get("kategoria", "")
        category = Category(chosen) if chosen in Category.values else None
        rows = news(self.path) if self.path else AnnouncementPage.objects.none()
        if category:
            rows = rows.filter(category=category)
        context.update(
            categories=Category,
            category=category,
            announcements=Paginator(rows, PER_PAGE).get_page(_page_number(request.GET.get("strona"))),
            own_address=self.address(request) if self.path else "",
        )
        return context

    @sub_route("atom.xml/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The newest announcements as Atom."""
        chrome = Chrome.of(request, self)
        address = request.build_absolute_uri(self.address(request))
        return feeds.atom(
            title=f"{self.title} – {_short_name(chrome)}",
            subtitle=self.lead,
            address=address,
            feed_address=f"{address}atom.xml",
            language=self.language_code,
            entries=[
                feeds.Entry(
                    title=page.title,
                    address=f"{address}{page.slug}/",
                    summary=page.lead,
                    published=page.first_published_at or page.last_published_at or timezone.now(),
                    updated=page.last_published_at or page.first_published_at or timezone.now(),
                    category=str(page.get_category_display()),
                )
                for page in news(self.path)[:FEED_LENGTH]
            ],
        )


def news(index_path: str) -> models.QuerySet[AnnouncementPage]:
    """Public announcements below the list whose tree path is given, newest first; one query.

    Only what lists and feeds show is read; the rest is when somebody asks for it.
    """
    return (
        AnnouncementPage.objects.filter(
            path__startswith=index_path, live=True, audience=Audience.EVERYONE, view_restrictions=None
        )
        .only("title", "slug", "date", "lead", "category", "first_published_at", "last_published_at")
        .order_by("-date", "-pk")
    )


def board_for_payers(site: Site, language: str | None = None) -> models.QuerySet[AnnouncementPage]:
    """What payers see on their board, newest first: announcements for them and for everyone.

    Only callers who have checked that somebody is signed in may show the result. `language` is
    a language code, by default the site's own language. One query.
    """
    homes = Page.objects.filter(
        translation_key=site.root_page.translation_key,
        locale__language_code=content_language(language),
        live=True,
    ).annotate(below=models.ExpressionWrapper(models.OuterRef("path"), models.CharField()))
    return (
        AnnouncementPage.objects.filter(models.Exists(homes.filter(below__startswith=models.F("path"))))
        .filter(live=True, view_restrictions=None)
        .order_by("-date", "-pk")
    )


def _page_number(text: str | None) -> int:
    if text and text.isascii() and text.isdigit() and len(text) < 7:
        return min(int(text), HIGHEST_PAGE)
    return 1


def _short_name(chrome: Chrome | None) -> str:
    return str(chrome.theme.short_name) if chrome else ""

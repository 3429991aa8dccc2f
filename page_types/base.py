"""What every page type has: lead, search engine fields, caching, its place among other pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from ebok.pagecache.headers import make_public
from ebok.plugins.insets import InsetStreamField
from ebok.plugins.mounting import reserved_slugs
from page_types.chrome import Chrome, ancestor_paths

RESERVED_SLUG = _("The portal itself uses this address. Choose another one.")


class BasePageForm(WagtailAdminPageForm):
    """Refuses, below a home page, slugs that belong to zones and modules."""

    def clean(self) -> dict[str, Any]:
        """Judge a new page too, which does not know its parent yet."""
        cleaned: dict[str, Any] = super().clean()
        parent = self.parent_page
        if parent is not None and is_home(parent) and cleaned.get("slug") in reserved_slugs():
            self.add_error("slug", RESERVED_SLUG)
        return cleaned


class BasePage(Page):
    """The common part of all page types; abstract.

    A type sets `landmark` when the frame of other pages links to it by what it is ("contact",
    "privacy"). `cache_seconds` is how long its pages may be kept; publishing renews them at
    once in any case. `cache_queries` names the query parameters that give other pages.
    """

    landmark: ClassVar[str] = ""
    cache_seconds: ClassVar[int] = 60
    cache_queries: ClassVar[tuple[str, ...]] = ()

    lead = models.TextField(
        _("lead"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences under the title; also shown in lists and search results."),
    )
    no_index = models.BooleanField(
        _("hide from search engines"),
        default=False,
        help_text=_("The page stays public, but is left out of the sitemap and asks not to be indexed."),
    )

    base_form_class = BasePageForm
    content_panels = [*Page.content_panels, FieldPanel("lead")]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("no_index"),
            ],
            heading=_("For search engines"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading=_("For menus")),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.AutocompleteField("lead"),
    ]

    class Meta:
        abstract = True

    # Who may see it -----------------------------------------------------------------------

    @property
    def is_for_everyone(self) -> bool:
        """Whether anybody may read the page; some types have a narrower audience."""
        return True

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Restrictions of this page and those above, in one query that is asked once."""
        if self.alias_of_id:
            restrictions: models.QuerySet[PageViewRestriction] = super().get_view_restrictions()
            return restrictions
        if "_ebok_restrictions" not in self.__dict__:
            # `page_types.serving` has asked while it looked the page up.
            restricted = self.__dict__.get("_ebok_restricted", True)
            self._ebok_restrictions = (
                PageViewRestriction.objects.filter(page__path__in=ancestor_paths(self.path))
                if restricted
                else PageViewRestriction.objects.none()
            )
        return self._ebok_restrictions

    # Serving ------------------------------------------------------------------------------

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Draw the page and, when everybody gets the same one, say that it may be kept.

        A sub-route that sets `Cache-Control` itself (a form, say) is left as it is.
        """
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return self.allow_keeping(response)

    def allow_keeping(self, response: HttpResponse) -> HttpResponse:
        """Say that the response may be kept when it is a success that everybody may see."""
        if (
            response.status_code == 200
            and "Cache-Control" not in response
            and self.is_for_everyone
            and not self.get_view_restrictions()
        ):
            make_public(response, seconds=self.cache_seconds, queries=self.cache_queries)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Title, the way here and the addresses in other languages, beside Wagtail's `page`."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        chrome = Chrome.of(request, self)
        context.update(
            title=self.seo_title or self.title,
            chrome=chrome,
            crumbs=chrome.crumbs if chrome else [],
            description=self.search_description or self.lead,
        )
        return context

    # Languages ----------------------------------------------------------------------------

    @property
    def language_code(self) -> str:
        """Code of the page's language. Pages reached by `page_types.serving` know it already."""
        known: str | None = self.__dict__.get("_ebok_language")
        return known or str(self.locale.language_code)

    def language_addresses(self, request: HttpRequest) -> dict[str, str]:
        """Language code to this page's address in that language; its own is among them."""
        chrome = Chrome.of(request, self)
        return chrome.language_addresses() if chrome else {}

    # Addresses ----------------------------------------------------------------------------

    def address(self, request: HttpRequest) -> str:
        """The page's path on the site of this request, without asking the database again."""
        return self.language_addresses(request).get(self.language_code) or self.get_url(request) or ""

    def clean(self) -> None:
        """Refuse the slug of a zone or a module below a home page."""
        super().clean()
        if self.depth and self.depth > 1 and self.slug in reserved_slugs():
            parent = self.get_parent(update=True)
            if parent is not None and is_home(parent):
                raise ValidationError({"slug": RESERVED_SLUG})


class Routed(RoutablePageMixin):
    """Sub-routes for a page type: `class News(Routed, BasePage)`.

    Wagtail's mixin calls the sub-route itself and so would leave out what `BasePage.serve` adds.
    """

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Call the sub-route, and let its response be kept unless it says otherwise."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return self.allow_keeping(response)


class BodyPage(BasePage):
    """A page whose content is a stream of insets; abstract."""

    body = InsetStreamField(blank=True, verbose_name=_("content"))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.AutocompleteField("body"),
    ]

    class Meta:
        abstract = True


def is_home(page: Page) -> bool:
    """Whether the page is a home page: the first path segment of its children is the site's own."""
    model = page.cached_content_type.model_class()
    return model is not None and bool(getattr(model, "is_home_page", False))


def content_language(code: str | None) -> str:
    """A language we have pages in: the code itself, else the default language."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

"""Finding the page an address means, in two queries however deep it lies.

Wagtail walks down the tree, two queries for each step. Here the candidates of all depths are
asked for at once by their stored address; the deepest one then takes the rest of the path as
usual (its own sub-routes). Everything else, restrictions and hooks among it, stays Wagtail's.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from wagtail import views
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from page_types.base import is_home
from page_types.visibility import is_restricted

MOST_COMPONENTS = 12
"""Deeper than any page we have; longer paths are nobody's."""


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Answer an address of the page tree."""
    site = Site.find_for_request(request)
    if site is not None and is_home(site.root_page):
        request._wagtail_route_for_request = route(request, site, path)  # type: ignore[attr-defined]
    response: HttpResponse = views.serve(request, path)
    return response


def route(request: HttpRequest, site: Site, path: str) -> RouteResult | None:
    """The page (with the arguments of its sub-route) behind `path`, or None."""
    components = [component for component in path.split("/") if component]
    if len(components) > MOST_COMPONENTS:
        return None
    language = get_language() or settings.LANGUAGE_CODE
    home = home_of(site, language)
    page = deepest(home, components) if home is not None else None
    if home is None or page is None:
        return None
    rest = components[page.depth - home.depth :]
    specific = page.specific
    specific._ebok_language = language
    specific._ebok_restricted = getattr(page, "is_restricted", True)
    try:
        result: RouteResult = specific.route(request, rest)
    except Http404:
        return None
    return result


def home_of(site: Site, language: str) -> Page | None:
    """The home page of a language on this site; None when the site has none in it.

    The site's own root is in the default language, so that one costs no query.
    """
    root: Page = site.root_page
    if language == settings.LANGUAGE_CODE:
        return root
    homes = Page.objects.filter(translation_key=root.translation_key, locale__language_code=language)
    home: Page | None = homes.annotate(is_restricted=is_restricted()).first()
    return home


def deepest(home: Page, components: list[str]) -> Page | None:
    """The page furthest down the path below `home` that exists; `home` itself when none does."""
    if not components:
        return home
    addresses = [f"{home.url_path}{'/'.join(components[:end])}/" for end in range(1, len(components) + 1)]
    # The slug is indexed, the address is not; the address alone decides.
    found: Page | None = (
        Page.objects.filter(slug__in=components, url_path__in=addresses, path__startswith=home.path)
        .annotate(is_restricted=is_restricted())
        .order_by("-depth")
        .first()
    )
    return found or home

"""Finding the page an address means, in two queries however deep it lies.

Wagtail walks down the tree, two queries for each step. Here the candidates of all depths are
asked for at once by their stored address; the deepest one then takes the rest of the path as
usual (its own sub-routes). Everything else, restrictions and hooks among it, stays Wagtail's.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
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
    page._ebok_language = language
    try:
        result: RouteResult = page.route(request, rest)
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


def deepest(home: Page, components: list[str]) -> Page:
    """The page furthest down the path below `home` that exists; `home` itself when none does.

    It is of its own type, and knows in `_ebok_restricted` whether somebody restricted it.
    """
    page = _below(home, components) if components else None
    if page is None:
        page = home.specific
        page._ebok_restricted = getattr(home, "is_restricted", True)
    return page


def _below(home: Page, components: list[str]) -> Page | None:
    addresses = [f"{home.url_path}{'/'.join(components[:end])}/" for end in range(1, len(components) + 1)]
    # The slug is indexed, the address is not; the address alone decides.
    found = (
        Page.objects.filter(slug__in=components, url_path__in=addresses, path__startswith=home.path)
        .annotate(is_restricted=is_restricted())
        .order_by("-depth")
        .values_list("pk", "content_type", "is_restricted")
        .first()
    )
    if found is None:
        return None
    pk, content_type, restricted = found
    # Straight to the page's own type, without the common columns first as `Page.specific` does.
    model: type[Page] = ContentType.objects.get_for_id(content_type).model_class() or Page
    page: Page | None = model._default_manager.filter(pk=pk).first()
    if page is not None:
        page._ebok_restricted = restricted
    return page

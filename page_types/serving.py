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

from ebok.pagecache.kept import kept
from ebok.plugins.activation import enabled_keys
from ebok.plugins.site import site_of
from page_types.base import is_home
from page_types.chrome import Frame, Row, landmark_types
from page_types.restrictions import is_restricted

MOST_COMPONENTS = 12
"""Deeper than any page we have; longer paths are nobody's."""


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Answer an address of the page tree."""
    site = site_of(request)
    if site is not None:
        # For links and insets of modules. Addresses of modules are no pages: the gate asks anew for them.
        enabled = kept(("enabled", site.pk), lambda: enabled_keys(site))
        request.ebok_enabled = enabled  # type: ignore[attr-defined]  # as `EnabledPlugins.of` leaves it
        # One query brings all content types of pages, once in the life of a process.
        landmark_types()
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
    frame = Frame.of(request, site, language)
    home = home_of(frame)
    page = deepest(frame, home, components) if home is not None else None
    if home is None or page is None:
        return None
    rest = components[page.depth - home.depth :]
    page._ebok_language = language
    try:
        result: RouteResult = page.route(request, rest)
    except Http404:
        return None
    return result


def home_of(frame: Frame) -> Row | None:
    """The home page of the frame's language; None when the site has none in it.

    The site's own root is the one of the default language.
    """
    if frame.language != settings.LANGUAGE_CODE:
        return frame.homes.get(frame.language)
    return next((row for row in frame.homes.values() if row.pk == frame.site.root_page_id), None)


def deepest(frame: Frame, home: Row, components: list[str]) -> Page | None:
    """The page furthest down the path below `home` that exists; the home page when none does.

    It is of its own type, and knows in `_ebok_restricted` whether somebody restricted it.
    """
    found: tuple[int, int, bool] | None = None
    if components:
        addresses = [f"{home.url_path}{'/'.join(components[:end])}/" for end in range(1, len(components) + 1)]
        found = _leaf(frame, addresses) or _below(home, components, addresses)
    pk, content_type, restricted = found or (home.pk, home.type_id, home.is_restricted)
    # Straight to the page's own type, without the common columns first as `Page.specific` does.
    model = _model(content_type)
    page: Page | None = model._default_manager.filter(pk=pk).first()
    if page is not None:
        page._ebok_restricted = restricted
    return page


def _leaf(frame: Frame, addresses: list[str]) -> tuple[int, int, bool] | None:
    """A page of the frame on this path that can have no pages below it: nothing deeper need be looked for."""
    for row in frame.inside:
        if row.url_path in addresses and getattr(_model(row.type_id), "subpage_types", None) == []:
            return row.pk, row.type_id, row.is_restricted
    return None


def _model(content_type: int) -> type[Page]:
    return ContentType.objects.get_for_id(content_type).model_class() or Page


def _below(home: Row, components: list[str], addresses: list[str]) -> tuple[int, int, bool] | None:
    """(id, content type, whether restricted) of the deepest page of the path below `home`."""
    # The slug is indexed, the address is not; the address alone decides.
    found: tuple[int, int, bool] | None = (
        Page.objects.filter(slug__in=components, url_path__in=addresses, path__startswith=home.path)
        .annotate(is_restricted=is_restricted())
        .order_by("-depth")
        .values_list("pk", "content_type", "is_restricted")
        .first()
    )
    return found
